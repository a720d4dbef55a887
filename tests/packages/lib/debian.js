// A bare Debian in a chroot, and Curfew in its nginx. CURFEW_ROOT names the folder of the Debian; scripts/test-packages.sh makes it.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority, scratch } from "../../proxy/lib/pki.js";
import { freePort, listening } from "../../proxy/lib/servers.js";
import { startSimulator } from "../../proxy/lib/simulator.js";

const ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
const host = "curfew.example.test";

/** The commands of docs/install.md that a test runs: the line with the host's names, and those after it. */
function documented(what) {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/install.md"), "utf8");
  const [, block] = page.split(`<!-- tests/packages runs this block: ${what}. -->\n\`\`\`bash\n`)[1].match(/^(.*?)```/s);
  const [names, ...commands] = block.trim().split("\n");
  assert.match(names, /^name=\S+ bigiq=\S+ bigiq_name=\S+$/);
  return commands;
}

/** A copy of the Debian for some tests: `inside(program, …)` runs something in it, and `at(path)` is a path of its files. */
export function bareDebian(t) {
  const root = mkdtempSync(join(tmpdir(), "curfew-debian-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  execFileSync("cp", ["-a", "--reflink=auto", `${process.env.CURFEW_ROOT}/.`, root]);
  const inside = (...command) => execFileSync("chroot", [root, ...command], { encoding: "utf8", env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"] });
  return { root, inside, at: (path) => join(root, path) };
}

/** What must be there before the commands of docs/install.md: a simulator for BIG-IQ, and the three files in /etc/curfew. */
export async function prepared(t, { inside, at }) {
  const dir = scratch(t);
  const simulator = await startSimulator(t, dir);
  const front = new Authority(dir, "ca").issue("front", { commonName: host, names: [`DNS:${host}`] });
  inside("mkdir", "-p", "/etc/curfew");
  for (const [file, place] of [[front.file, "curfew.crt"], [front.keyFile, "curfew.key"], [simulator.caFile, "bigiq-ca.pem"]]) {
    copyFileSync(file, at(`etc/curfew/${place}`));
  }
  return simulator;
}

/** Installs Debian packages and files of the folder /packages, without what they only recommend. */
export function install({ inside }, ...packages) {
  inside("apt-get", "update", "-qq");
  inside("apt-get", "install", "-qq", "-y", "--no-install-recommends", ...packages);
}

/** Runs the commands of docs/install.md, and then nginx. Resolves to the address for browsers. */
export async function configured(t, { root, inside }, simulator, what) {
  const port = await freePort();
  inside("bash", "-euc", [
    `cd /packages; name=${host} bigiq=127.0.0.1:${simulator.port} bigiq_name=localhost`,
    ...documented(what),
    // This computer's other addresses and ports belong to others.
    `sed -i 's|listen 443 ssl|listen 127.0.0.1:${port} ssl|' "$(readlink -f /etc/nginx/conf.d/curfew.conf)"; rm /etc/nginx/sites-enabled/default`,
  ].join("\n"));
  const nginx = spawn("chroot", [root, "nginx", "-g", "daemon off; master_process off;"], { stdio: "ignore", env: ENVIRONMENT });
  await listening(t, nginx, port, () => readFileSync(join(root, "var/log/nginx/error.log"), "utf8"));
  return `https://${host}:${port}/`;
}

/** Prints how long a way took, for the table in docs/install.md. */
export const timed = (t, what, started) => t.diagnostic(`${what}: a kill verified after ${((performance.now() - started) / 1000).toFixed(1)} s`);
