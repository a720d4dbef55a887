// Writes the lists in the proxies' configurations: the calls that each forwards, made from the table in crates/bigiq, and the response
// headers that nginx and httpd hide from browsers. Each list stands between the lines `# generated: <name>` and `# end of <name>`.
// tests/proxy/allow_list.test.js compares the files with this script's output.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The files with generated lists, by server. */
export const FILES = {
  nginx: "proxy/nginx/curfew.conf",
  caddy: "proxy/caddy/Caddyfile",
  haproxy: "proxy/haproxy/haproxy.cfg",
  httpd: "proxy/httpd/curfew.conf",
  bigip: "proxy/bigip/curfew.irule",
};

/** The calls of crates/bigiq: `{name, method, path, open, queries}`. `{}` in a path stands for one segment. */
export const readEndpoints = () => JSON.parse(
  execFileSync("cargo", ["run", "--quiet", "--package", "bigiq", "--example", "endpoints"], { cwd: ROOT }),
);

const SEGMENT = "[A-Za-z0-9][A-Za-z0-9._~-]*";
const VALUE = "[A-Za-z0-9%._~,-]*";

/** A pattern for method, path and query. A query has exactly the keys that the app sends, in its order. */
export function patternOf({ method, path, queries }) {
  const shapes = queries.filter((keys) => keys.length > 0)
    .map((keys) => keys.map((key) => `${key.replaceAll("$", "\\$")}=${VALUE}`).join("&"));
  // gloo-net, with which the app builds its requests, ends a query with "&".
  const query = shapes.length > 0 ? `(\\?(${shapes.join("|")})&?)?` : "";
  return `^${method} ${path.replace("{}", SEGMENT)}${query}`;
}

const LINES = {
  nginx: (pattern, call) => `    "~${pattern} HTTP/" ${call};`,
  caddy: (pattern, call) => `\t\t"~${pattern}$" ${call}`,
  haproxy: (pattern, call) => `    http-request set-var(txn.call) str(${call}) if { var(txn.line) -m reg '${pattern}$' }`,
  httpd: (pattern, call) => `    SetEnvIfExpr "%{THE_REQUEST} =~ m#${pattern} HTTP/#" curfew_call=${call}`,
  bigip: (pattern, call) => `    lappend static::curfew_calls {${pattern}$} ${call}`,
};

/** The call whose line the mutations break. */
const GUARDED = "OWN_FAILOVER";

function calls(server, endpoints) {
  return endpoints.flatMap((endpoint) => {
    const line = LINES[server](patternOf(endpoint), endpoint.name.toLowerCase());
    const [, indent, text] = /^(\s*)(.*)$/.exec(line);
    if (endpoint.name === "CANCEL") return [`${indent}# F5 doesn't document how to cancel a task. Uncomment to allow it.`, `${indent}# ${text}`];
    return endpoint.name === GUARDED ? [`${indent}# guard: ${server}-allow-list`, line] : [line];
  });
}

/**
 * Response headers with which a server can change something in the browser, or names itself. nginx and httpd can only remove headers
 * by name, so a header that is not on this list passes. The first one is the one that the mutations break.
 */
export const HIDDEN_HEADERS = `
  Set-Cookie Set-Cookie2 Set-Login Clear-Site-Data
  NEL Report-To Reporting-Endpoints Expect-CT Expect-Staple Public-Key-Pins Public-Key-Pins-Report-Only
  Content-Security-Policy Content-Security-Policy-Report-Only X-Content-Security-Policy X-WebKit-CSP
  Cross-Origin-Opener-Policy Cross-Origin-Opener-Policy-Report-Only
  Cross-Origin-Embedder-Policy Cross-Origin-Embedder-Policy-Report-Only Cross-Origin-Resource-Policy
  Permissions-Policy Permissions-Policy-Report-Only Feature-Policy
  Document-Policy Document-Policy-Report-Only Require-Document-Policy Document-Isolation-Policy Document-Isolation-Policy-Report-Only
  Integrity-Policy Integrity-Policy-Report-Only Connection-Allowlist Connection-Allowlist-Report-Only
  Origin-Agent-Cluster Origin-Trial Referrer-Policy Strict-Transport-Security
  X-Content-Type-Options X-Frame-Options X-XSS-Protection X-Permitted-Cross-Domain-Policies X-Download-Options
  X-DNS-Prefetch-Control X-UA-Compatible X-Robots-Tag P3P
  Access-Control-Allow-Origin Access-Control-Allow-Credentials Access-Control-Allow-Headers Access-Control-Allow-Methods
  Access-Control-Allow-Private-Network Access-Control-Expose-Headers Access-Control-Max-Age Timing-Allow-Origin
  Private-Network-Access-ID Private-Network-Access-Name
  WWW-Authenticate Proxy-Authenticate Authentication-Info Proxy-Authentication-Info Authentication-Control
  Location Content-Location Refresh Link Speculation-Rules No-Vary-Search Supports-Loading-Mode
  Alt-Svc Upgrade Trailer Accept-CH Accept-CH-Lifetime Critical-CH DPR Content-DPR Variants
  Service-Worker-Allowed SourceMap X-SourceMap Server-Timing
  Secure-Session-Registration Secure-Session-Challenge Sec-Session-Registration Sec-Session-Challenge
  Activate-Storage-Access Use-As-Dictionary Observe-Browsing-Topics Shared-Storage-Write
  Attribution-Reporting-Register-Source Attribution-Reporting-Register-Trigger
  Attribution-Reporting-Register-OS-Source Attribution-Reporting-Register-OS-Trigger
  Ad-Auction-Allowed Ad-Auction-Signals Ad-Auction-Additional-Bid Delegate-CH Save-Data
  Content-Disposition Content-Encoding Content-Language Content-Range Accept-Ranges
  Age Cache-Control Pragma Expires Vary ETag Last-Modified Warning CDN-Cache-Control Surrogate-Control
  Server Via X-Powered-By X-AspNet-Version X-AspNetMvc-Version X-Runtime X-Generator
  X-F5-Auth-Token X-F5-New-Authtok-Reqd X-F5-Login-Page
`.trim().split(/\s+/);

const HIDDEN_LINES = {
  nginx: (name) => `    proxy_hide_header ${name};`,
  httpd: (name) => `        Header onsuccess unset ${name}`,
};

function hidden(server) {
  const lines = HIDDEN_HEADERS.map(HIDDEN_LINES[server]);
  return [`${/^\s*/.exec(lines[0])[0]}# guard: ${server}-hides-cookies`, ...lines];
}

/** A text with the lines between the two markers of a list replaced. */
function filled(text, name, lines) {
  const block = new RegExp(`(\\n[ \\t]*# generated: ${name}\\n)[^]*?(\\n[ \\t]*# end of ${name}\\n)`);
  if (!block.test(text)) throw new Error(`the file has no list "${name}"`);
  return text.replace(block, (_, begin, end) => begin + lines.join("\n") + end);
}

/** A configuration with new lists. */
export function generated(server, text, endpoints) {
  const withCalls = filled(text, "calls", calls(server, endpoints));
  return server in HIDDEN_LINES ? filled(withCalls, "hidden headers", hidden(server)) : withCalls;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const endpoints = readEndpoints();
  for (const [server, file] of Object.entries(FILES)) {
    const path = join(ROOT, file);
    writeFileSync(path, generated(server, readFileSync(path, "utf8"), endpoints));
  }
}
