// Starts the real servers with the configurations of proxy/, in the test's folder and on its ports.
// Only the lines marked SET are changed.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { runContainer } from "../../image/lib/container.js";
import { bigip } from "./bigip.js";

const repository = join(import.meta.dirname, "../../..");
const tools = process.env.CURFEW_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "curfew-tools");
const unpacked = join(tools, "servers");
const libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map((d) => join(unpacked, d)).join(":");

/** A file from a Debian package: unpacked next to the tools, or installed on the system. */
function debian(path) {
  const file = [join(unpacked, path), path].find((f) => existsSync(f));
  if (file === undefined) throw new Error(`${path} is missing: run scripts/setup.sh proxy`);
  return file;
}

/** The environment in which the unpacked servers find their libraries. */
export const environment = () => ({ ...process.env, LD_LIBRARY_PATH: libraries });

/** The path of another nginx to test. It may lack the modules for compressed files, so it serves none. CURFEW_CADDY names a Caddy. */
const otherNginx = process.env.CURFEW_NGINX;

/** The container image to test in place of Debian's nginx, if any: unpacked, with settings in place of the lines marked `SET`. */
const image = process.env.CURFEW_IMAGE;

const PROGRAMS = { nginx: "/usr/sbin/nginx", caddy: "/usr/bin/caddy", haproxy: "/usr/sbin/haproxy", httpd: "/usr/sbin/apache2" };

/** The path of a server's program. */
export const programOf = (name) => ({ nginx: otherNginx, caddy: process.env.CURFEW_CADDY }[name] ?? debian(PROGRAMS[name]));

/** Replaces the values of lines marked `SET`. A missing value means that configuration and test no longer match. */
function set(text, values) {
  for (const [from, to] of values) {
    if (!text.includes(from)) throw new Error(`the config has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Allows a portal to show Curfew, as docs/embedding.md describes. */
const frames = (s) => (s.ancestors ? [["frame-ancestors 'none'", `frame-ancestors ${s.ancestors}`]] : []);

const shipped = (path) => readFileSync(join(repository, "proxy", path), "utf8");

/** A free port. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether a server listens on a port. */
export function listens(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => { socket.destroy(); resolve(true); });
    socket.on("error", () => resolve(false));
  });
}

/** Waits until a program listens on a port, and ends it after the test. `output` gives what it printed, for the error. */
export async function listening(t, child, port, output) {
  let ended = false;
  const gone = new Promise((resolve) => child.on("exit", resolve)).then(() => { ended = true; });
  t.after(async () => {
    child.kill("SIGTERM");
    await gone;
  });
  while (!(await listens(port))) {
    if (ended) throw new Error(`${child.spawnfile} did not start:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Starts a program for the duration of the test, and waits until it listens. */
async function run(t, { program, args, dir, port, env = {} }) {
  const output = join(dir, "output.log");
  const fd = openSync(output, "a");
  const child = spawn(program, args, {
    stdio: ["ignore", fd, fd],
    env: { ...environment(), HOME: dir, ...env },
  });
  await listening(t, child, port, () => readFileSync(output, "utf8"));
}

/** All logs of a folder in one string. */
function logsIn(dir) {
  return readdirSync(dir).filter((f) => f.endsWith(".log")).map((f) => readFileSync(join(dir, f), "utf8")).join("\n");
}

const common = (s) => [
  ...frames(s),
  ["192.0.2.10:443", `127.0.0.1:${s.upstreamPort}`],
  ["bigiq.example.test", s.bigiqName],
  ["/etc/curfew/bigiq-ca.pem", s.bigiqCa],
];

/** nginx in the container image. */
async function container(t, s) {
  const cannot = ["twoAddresses", "keepalive", "plain", "clients", "source", "http2"].filter((setting) => s[setting]);
  if (cannot.length > 0) throw new Error(`the image has no setting for ${cannot}`);
  const env = {
    CURFEW_NAME: s.host,
    CURFEW_LISTEN: `127.0.0.1:${s.port}`,
    CURFEW_PATH: s.subPath,
    CURFEW_BIGIQ: `127.0.0.1:${s.upstreamPort}`,
    CURFEW_BIGIQ_NAME: s.bigiqName,
    ...(s.ancestors ? { CURFEW_FRAME_ANCESTORS: s.ancestors } : {}),
    ...(s.fresh ? { CURFEW_SIGN_IN: "proxy" } : {}),
    ...(s.cancel ? { CURFEW_CANCEL: "true" } : {}),
    ...(s.east ? { CURFEW_BIGIQ_2: `127.0.0.1:${s.east.port}`, CURFEW_BIGIQ_2_NAME: s.east.name, CURFEW_BIGIQ_2_PREFIX: "/east" } : {}),
  };
  const files = {
    "/etc/curfew/curfew.crt": s.front.file,
    "/etc/curfew/curfew.key": s.front.keyFile,
    "/etc/curfew/bigiq-ca.pem": s.bigiqCa,
    "/usr/share/curfew/bundle": s.site,
  };
  await runContainer(t, image, { env, files, log: join(s.dir, "access.log"), until: () => listens(s.port) });
}

async function nginx(t, s) {
  if (image !== undefined) return container(t, s);
  const conf = set(shipped("nginx/curfew.conf"), [
    ...common(s),
    ...(s.twoAddresses ? [[`    server 127.0.0.1:${s.upstreamPort};`, `    server 127.0.0.1:${s.upstreamPort}; server localhost:${s.upstreamPort};`]] : []),
    ...(s.keepalive ? [[`    server 127.0.0.1:${s.upstreamPort};`, `    server 127.0.0.1:${s.upstreamPort}; keepalive 32;`]] : []),
    ["listen 443 ssl", `listen 127.0.0.1:${s.port}${s.plain ? "" : ` ssl${s.clients ? " proxy_protocol" : ""}`}`],
    ...(s.clients && !s.plain ? [["    root /nonexistent;", "    root /nonexistent;\n    set_real_ip_from 127.0.0.1;\n    real_ip_header proxy_protocol;"]] : []),
    ["server_name curfew.example.test", `server_name ${s.host}`],
    ["/etc/curfew/curfew.crt", s.front.file],
    ["/etc/curfew/curfew.key", s.front.keyFile],
    ["/var/log/nginx/curfew.log", join(s.dir, "access.log")],
    ["location / {", `location ${s.subPath} {`],
    ["alias /srv/curfew/", `alias ${s.site}/`],
    ...(otherNginx ? [["brotli_static on;", ""], ["gzip_static on;", ""]] : []),
    ...(s.fresh ? [["# keepalive_timeout 0;", "keepalive_timeout 0;"]] : []),
    ...(s.source ? [["# proxy_bind 192.0.2.20", `proxy_bind ${s.source}`]] : []),
    ...(s.cancel ? [["# \"~^PATCH", "\"~^PATCH"]] : []),
    ...(s.east ? [
      ["# upstream curfew_east { server 192.0.2.11:443;", `upstream curfew_east { server 127.0.0.1:${s.east.port};`],
      ["# /east east.example.test;", `/east ${s.east.name};`],
      ["# /east curfew_east;", "/east curfew_east;"],
      ["# \"~^[A-Z]+ /east/", "\"~^[A-Z]+ /east/"],
    ] : []),
  ]);
  writeFileSync(join(s.dir, "curfew.conf"), conf);
  const temp = (name) => `${name}_temp_path ${join(s.dir, name)};`;
  // The parts of Debian's nginx.conf that matter here, with the paths of this folder.
  writeFileSync(join(s.dir, "nginx.conf"), `
${otherNginx ? "" : `load_module ${debian("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")};`}
daemon off;
master_process off;
pid ${join(s.dir, "nginx.pid")};
error_log ${join(s.dir, "error.log")};
events { worker_connections 256; }
http {
    ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(temp).join(" ")}
    include ${debian("/etc/nginx/mime.types")};
    default_type application/octet-stream;
    gzip on;
    ${s.http2 ? `server { listen 127.0.0.1:${s.port} ssl http2; server_name other.example.test; access_log off; ssl_certificate ${s.front.file}; ssl_certificate_key ${s.front.keyFile}; }` : ""}
    include ${join(s.dir, "curfew.conf")};
}
`);
  await run(t, { ...s, program: programOf("nginx"), args: ["-c", join(s.dir, "nginx.conf"), "-e", join(s.dir, "error.log")] });
}

async function caddy(t, s) {
  const conf = set(shipped("caddy/Caddyfile"), [
    ...common(s),
    ["\n:443 {", `\n:${s.port} {\n\tbind 127.0.0.1`],
    ["/etc/curfew/curfew.crt", s.front.file],
    ["/etc/curfew/curfew.key", s.front.keyFile],
    ["/var/log/caddy/curfew.log", join(s.dir, "access.log")],
    ["handle_path /* {", `handle_path ${s.subPath}* {`],
    ["host curfew.example.test", `host ${s.host}`],
    ...(s.fresh ? [["# header Connection close", "header Connection close"]] : []),
    ["/srv/curfew", s.site],
    ...(s.cancel ? [["# \"~^PATCH", "\"~^PATCH"]] : []),
  ]);
  writeFileSync(join(s.dir, "Caddyfile"), conf);
  await run(t, {
    ...s,
    program: programOf("caddy"),
    args: ["run", "--adapter", "caddyfile", "--config", join(s.dir, "Caddyfile")],
    env: { XDG_DATA_HOME: s.dir, XDG_CONFIG_HOME: s.dir },
  });
}

async function haproxy(t, s) {
  // HAProxy serves no files, so nginx runs behind it, as docs/hosting.md describes.
  const siteDir = join(s.dir, "site");
  mkdirSync(siteDir);
  const sitePort = await freePort();
  await nginx(t, { ...s, dir: siteDir, port: sitePort, plain: true, source: undefined, http2: false });
  const pem = join(s.dir, "curfew.pem");
  writeFileSync(pem, Buffer.concat([s.front.cert, s.front.key]));
  const conf = set(shipped("haproxy/haproxy.cfg"), [
    ...common(s),
    ["*:443", `127.0.0.1:${s.port}${s.clients ? " accept-proxy" : ""}`],
    ["/etc/curfew/curfew.pem", pem],
    ["127.0.0.1:8081", `127.0.0.1:${sitePort}`],
    ["-m str curfew.example.test", `-m str ${s.host}`],
    ...(s.fresh ? [["# option httpclose", "option httpclose"]] : []),
    ...(s.source ? [["# source 192.0.2.20", `source ${s.source}`]] : []),
    ...(s.cancel ? [["# http-request set-var(txn.call) str(cancel)", "http-request set-var(txn.call) str(cancel)"]] : []),
  ]);
  writeFileSync(join(s.dir, "haproxy.cfg"), conf);
  await run(t, { ...s, program: programOf("haproxy"), args: ["-db", "-f", join(s.dir, "haproxy.cfg")] });
}

async function httpd(t, s) {
  const conf = set(shipped("httpd/curfew.conf"), [
    ...frames(s),
    ["bigiq.example.test:443", `localhost:${s.upstreamPort}`],
    ["/etc/curfew/bigiq-ca.pem", s.bigiqCa],
    ["*:443", `127.0.0.1:${s.port}`],
    ["curfew.example.test", s.host],
    ["/etc/curfew/curfew.crt", s.front.file],
    ["/etc/curfew/curfew.key", s.front.keyFile],
    ["/var/log/apache2/curfew.log", join(s.dir, "access.log")],
    ["Define CURFEW_PATH /", `Define CURFEW_PATH ${s.subPath}`],
    ["/srv/curfew", s.site],
    ["/etc/curfew/headers.lua", s.noLua ? join(s.dir, "missing.lua") : join(repository, "proxy/httpd/headers.lua")],
    ...(s.fresh ? [["# KeepAlive Off", "KeepAlive Off"]] : []),
    ...(s.source ? [["# ProxySourceAddress 192.0.2.20", `ProxySourceAddress ${s.source}`]] : []),
    ...(s.cancel ? [["# SetEnvIfExpr", "SetEnvIfExpr"]] : []),
  ]);
  writeFileSync(join(s.dir, "curfew.conf"), conf);
  // The parts of Debian's apache2.conf that matter here, and the modules named in the configuration's first lines.
  const modules = [
    ...(s.clients ? ["remoteip"] : []),
    "mpm_event", "authz_core", "alias", "mime", "dir", "socache_shmcb",
    "ssl", "proxy", "proxy_http", "headers", "rewrite", "setenvif", "allowmethods", "qos", "lua", "reqtimeout",
    ...(s.http2 ? ["http2"] : []),
  ].map((m) => `LoadModule ${m}_module ${debian(`/usr/lib/apache2/modules/mod_${m}.so`)}`);
  writeFileSync(join(s.dir, "apache2.conf"), `
ServerRoot ${s.dir}
DefaultRuntimeDir ${s.dir}
PidFile ${join(s.dir, "apache2.pid")}
ServerName ${s.host}
User nobody
Group nogroup
Listen 127.0.0.1:${s.port}
LoadFile ${debian("/lib/x86_64-linux-gnu/libpcre.so.3")}
${modules.join("\n")}
${s.http2 ? "Protocols h2 h2c http/1.1" : ""}
${s.clients ? "RemoteIPProxyProtocol On" : ""}
TypesConfig /dev/null
ErrorLog ${join(s.dir, "error.log")}
LogLevel warn
<Directory />
    Require all denied
</Directory>
StartServers 1
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
ThreadLimit 16
MinSpareThreads 8
MaxSpareThreads 32
Include ${join(s.dir, "curfew.conf")}
`);
  await run(t, {
    ...s,
    program: programOf("httpd"),
    args: ["-DFOREGROUND", "-f", join(s.dir, "apache2.conf")],
  });
}

const servers = { nginx, caddy, haproxy, httpd };
/** Also the stand-in for a BIG-IP, which only bigip.test.js tests. */
const starters = { ...servers, bigip };

const selected = (name) => !process.env.PROXY || process.env.PROXY === name;

/** The names of the servers to test, in the order of docs/hosting.md. `PROXY=nginx` selects one. */
export const names = Object.keys(servers).filter(selected);

/** Whether to test the stand-in for a BIG-IP. */
export const testsBigip = selected("bigip");

/** Each server's configuration as it ships. */
export const configs = {
  nginx: shipped("nginx/curfew.conf"),
  caddy: shipped("caddy/Caddyfile"),
  haproxy: shipped("haproxy/haproxy.cfg"),
  httpd: shipped("httpd/curfew.conf"),
};

/**
 * Starts one server. Settings: `dir`, `site`, `subPath` ("/" or "/x/"), `host`, `front` (its certificate), `upstreamPort`,
 * `bigiqName`, `bigiqCa`, and `ancestors` (the portal that may show Curfew). To test commented lines: `source`, `cancel` and
 * `fresh` (every connection closes after one answer). `clients`: the test names each client's address, by the PROXY protocol. `http2`: other sites of the same nginx or httpd have HTTP/2 on.
 * Only for httpd: `noLua`, without its script. Only for nginx: `east`, a second BIG-IQ (`port`, `name`); `keepalive`, which keeps connections to BIG-IQ as nginx does by
 * default from 1.29.7 on; and `twoAddresses` for BIG-IQ, which the configuration advises against.
 */
export async function start(t, name, settings) {
  const port = await freePort();
  mkdirSync(settings.dir, { recursive: true });
  await starters[name](t, { ...settings, port });
  // A server may write its log line after the browser has the answer.
  const logs = () => dirs.map(logsIn).join("\n");
  const logged = async (pattern) => {
    for (const end = Date.now() + 5000; !pattern.test(logs()); await new Promise((resolve) => setTimeout(resolve, 10))) {
      if (Date.now() > end) throw new Error(`the logs lack ${pattern}:\n${logs()}`);
    }
  };
  const dirs = [settings.dir, join(settings.dir, "site")].filter((d) => existsSync(d));
  return { port, host: settings.host, logs, logged };
}
