// The browsers that can be driven, chosen by WEBDRIVER: "webkitgtk" on Linux, or "safari" on a Mac, which has not run yet.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A driver that listens on a port, and what it needs. */
export interface Engine {
  driver: ChildProcess;
  /** The capabilities of its sessions. */
  capabilities: Record<string, unknown>;
  /** Where downloads are saved, if the driver lets us choose. */
  downloads: string | undefined;
  /** Ends everything that was started. */
  end(): void;
}

/**
 * A screen of its own. On a shared screen, the window of one worker takes the focus from that of another. It is large enough for the
 * largest window of a test: there is no window manager that would make it smaller.
 */
async function screen(): Promise<{ server: ChildProcess; display: string }> {
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "3840x2400x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const failed = once(server, "error").then(([error]) => Promise.reject(error as Error));
  const [number] = (await Promise.race([once(createInterface({ input: server.stdout! }), "line"), failed])) as [string];
  return { server, display: `:${number}` };
}

async function webkitgtk(port: number): Promise<Engine> {
  const { server, display } = await screen();
  const home = mkdtempSync(join(tmpdir(), "curfew-webkit-"));
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    DOWNLOADS: home,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    NO_AT_BRIDGE: "1", // no accessibility bus
    TZ: "UTC",
  };
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], { env, stdio: "ignore" });
  const end = () => {
    for (const started of [driver, server]) started.kill();
    try {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // A process of the browser that ends later still writes there. It is the system's folder for temporary files.
    }
  };
  const binary = fileURLToPath(new URL("window.py", import.meta.url));
  return { driver, capabilities: { "webkitgtk:browserOptions": { binary, args: [] } }, downloads: home, end };
}

async function safari(port: number): Promise<Engine> {
  const driver = spawn("safaridriver", ["--port", String(port)], { stdio: "ignore" });
  return { driver, capabilities: { browserName: "safari" }, downloads: undefined, end: () => driver.kill() };
}

export const launch = process.env.WEBDRIVER === "safari" ? safari : webkitgtk;
