// The simulated BIG-IQ with its TLS listener, for tests that need a complete BIG-IQ behind a proxy.

import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { freePort, listening } from "./servers.js";

const repository = join(import.meta.dirname, "../../..");
const program = process.env.CURFEW_SIMULATOR ?? join(repository, "target/debug/bigiq-simulator");

/** Starts a simulator for the duration of the test: `{port, ca, caFile, output(), control(path)}`. */
export async function startSimulator(t, parent) {
  const port = await freePort();
  const dir = join(parent, `simulator-${port}`);
  // An earlier simulator may have had the same port.
  mkdirSync(dir, { recursive: true });
  const output = join(dir, "simulator.out");
  const fd = openSync(output, "a");
  const child = spawn(program, ["--tls", "--tls-out", dir, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", fd, fd] });
  await listening(t, child, port, () => readFileSync(output, "utf8"));
  const caFile = join(dir, "ca.pem");
  const ca = readFileSync(caFile);
  /** The JSON answer of a control path. */
  const control = (path) => new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", servername: "localhost", port, ca, path, agent: false }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(chunks))));
    }).on("error", reject).end();
  });
  return { port, ca, caFile, control, output: () => readFileSync(output, "utf8") };
}
