// Runs a container image with runc, as strictly as it can be run: its own user without capabilities, and a read-only root. It shares the
// network with the tests, which connect to 127.0.0.1.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

const tools = join(process.env.CURFEW_TOOLS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "curfew-tools"), "image/tests");
const RUNC = join(tools, "usr/sbin/runc");
const environment = { ...process.env, LD_LIBRARY_PATH: join(tools, "usr/lib/x86_64-linux-gnu") };

/** The folder for certificates and files of the host. */
const SETTINGS = "/etc/curfew/";

/** What the image runs as: its own process, with these changes. */
function configuration(image, { env, command, mounts, writable }) {
  const config = JSON.parse(readFileSync(join(image, "config.json"), "utf8"));
  const { user, cwd, args: entrypoint, env: own } = config.process;
  const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
  return {
    ociVersion: config.ociVersion,
    root: { path: join(image, "rootfs"), readonly: true },
    hostname: "curfew",
    process: {
      terminal: false,
      user,
      cwd,
      args: command ?? entrypoint,
      env: [...own, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      capabilities: none,
      noNewPrivileges: true,
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
      ...(!writable ? [] : [{ destination: "/run/curfew", type: "tmpfs", source: "tmpfs", options: ["nosuid", "nodev", "noexec", "mode=1777"] }]),
      ...mounts,
    ],
    linux: { namespaces: ["pid", "ipc", "uts", "mount"].map((type) => ({ type })) },
  };
}

/**
 * Runs an image for the duration of a test: `{stop(signal), ended, logs(), run(…), status()}`. `image` is an image that umoci unpacked. `files` are files
 * or folders of the tests by their places in the container; it gets copies of those in /etc/curfew, which its user may read, except
 * those in `unreadable`. `command` takes the place of the image's own. Without `writable`, nothing is mounted to write to. Waits `until` it is up.
 * `ended` resolves to the exit code.
 */
export async function runContainer(t, image, { env = {}, files = {}, unreadable = [], command, writable = true, log, until }) {
  const dir = mkdtempSync(join(tmpdir(), "curfew-container-"));
  chmodSync(dir, 0o755);
  const own = join(dir, "etc");
  mkdirSync(own);
  for (const [place, file] of Object.entries(files).filter(([place]) => place.startsWith(SETTINGS))) {
    const copy = join(own, place.slice(SETTINGS.length));
    mkdirSync(join(copy, ".."), { recursive: true });
    copyFileSync(file, copy);
    chmodSync(copy, unreadable.includes(place) ? 0o600 : 0o644);
  }
  const others = Object.entries(files).filter(([place]) => !place.startsWith(SETTINGS));
  const mounts = [[SETTINGS, own], ...others].map(([destination, source]) => ({ destination, type: "bind", source, options: ["bind", "ro"] }));
  writeFileSync(join(dir, "config.json"), JSON.stringify(configuration(image, { env, command, mounts, writable })));
  const id = dir.split("/").at(-1);
  const state = join(dir, "state");
  mkdirSync(state);
  const output = log ?? join(dir, "output");
  const fd = openSync(output, "a");
  // runc keeps its state in a folder of the test, so that nothing is left elsewhere.
  const child = spawn(RUNC, ["--root", state, "run", "--bundle", dir, id], { stdio: ["ignore", "pipe", "pipe"], env: environment });
  const logs = () => readFileSync(output, "utf8");
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => writeFileSync(fd, data));
  let code;
  const ended = new Promise((resolve) => child.on("close", resolve)).then((status) => (code = status));
  const stop = (signal) => {
    spawnSync(RUNC, ["--root", state, "kill", id, signal], { env: environment });
    return ended;
  };
  t.after(async () => {
    if (code === undefined) await stop("SIGKILL");
    spawnSync(RUNC, ["--root", state, "delete", "--force", id], { env: environment });
    rmSync(dir, { recursive: true, force: true });
  });
  for (const end = Date.now() + 15_000; until !== undefined && !(await until()); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (code !== undefined || Date.now() > end) throw new Error(`the container did not start:\n${logs()}`);
  }
  /** Runs a program in the container, and returns its exit code. */
  const run = (...program) => spawnSync(RUNC, ["--root", state, "exec", id, ...program], { env: environment }).status;
  /** What Linux says about the container's first process: `/proc/PID/status`. */
  const status = () => {
    const { pid } = JSON.parse(execFileSync(RUNC, ["--root", state, "state", id], { env: environment, encoding: "utf8" }));
    return readFileSync(`/proc/${pid}/status`, "utf8");
  };
  return { stop, ended, logs, run, status };
}

/** Unpacks an image with umoci, which also checks it: every digest, and every path in the layer. */
export function unpack(archive, folder) {
  const layout = `${folder}.layout`;
  mkdirSync(layout, { recursive: true });
  execFileSync("tar", ["-xf", archive, "-C", layout]);
  const version = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")).manifests[0].annotations["org.opencontainers.image.ref.name"];
  execFileSync(join(tools, "usr/bin/umoci"), ["unpack", "--image", `${layout}:${version}`, folder], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
}
