// The test's own simulated BIG-IQ, which also serves the bundle, and its control paths. Ended sessions are read from
// its session table, requests from its record of calls: never from the screen.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { DIST, SIMULATOR } from "./paths";

export interface Session {
  device: string;
  id: string;
  user: string;
  clientIp: string;
}

export interface Call {
  number: number;
  /** Milliseconds since 1970, by the appliance's clock. */
  time: number;
  method: string;
  path: string;
  query: string;
  body: string | null;
  status: number | null;
  operator: string | null;
  /** The kind of fault that it met. */
  fault: string | null;
  headers: Record<string, string>;
}

export interface Task {
  id: string;
  action: string;
  status: string;
  result?: string;
  username: string;
  userName?: string;
}

/** Sessions by device and id, in order. */
export const keys = (sessions: Session[]): string[] => sessions.map(({ device, id }) => `${device} ${id}`).sort();

export const KILL = "/mgmt/cm/access/tasks/kill-sessions";

export class Simulator {
  /** How many kills were requested without Curfew. */
  byHand = 0;

  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(...options: string[]): Promise<Simulator> {
    const site = options.includes("--site") ? [] : ["--site", DIST];
    const process = spawn(SIMULATOR, ["--listen", "127.0.0.1:0", ...site, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      process.once("error", reject);
      process.once("exit", (code) => reject(new Error(`the simulator ended at once: ${code}`)));
      createInterface({ input: process.stdout! }).on("line", (line) => {
        const found = /listening on (\S+)/.exec(line);
        if (found?.[1]) resolve(found[1]);
      });
    });
    process.removeAllListeners("exit");
    return new Simulator(process, url);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill();
    await ended;
  }

  /** The true sessions. */
  async sessions(): Promise<Session[]> {
    return (await this.control("sessions")) as Session[];
  }

  /** The ids of the sessions for which `who` is true. */
  async idsOf(who: (session: Session) => boolean): Promise<string[]> {
    return (await this.sessions()).filter(who).map((session) => session.id).sort();
  }

  /** Which of these sessions are gone, by device and id. */
  async gone(before: Session[]): Promise<string[]> {
    const left = new Set(keys(await this.sessions()));
    return keys(before).filter((key) => !left.has(key));
  }

  /** Requests a kill from BIG-IQ by hand, without Curfew. Returns the task's id. */
  async killByHand(body: Record<string, unknown>, name = "manager"): Promise<string> {
    const post = async (path: string, content: unknown, token?: string) => {
      const answer = await fetch(this.url.replace(/\/$/, "") + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...(token ? { "x-f5-auth-token": token } : {}) },
        body: JSON.stringify(content),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    };
    const login = await post("/mgmt/shared/authn/login", { username: name, password: name });
    const { token } = login.token as { token: string };
    this.byHand += 1;
    return String((await post(KILL, body, token)).id);
  }

  /** Every call of BIG-IQ's paths, oldest first. */
  async calls(method?: string, path?: string): Promise<Call[]> {
    const all = (await this.control("requests")) as Call[];
    return all.filter((call) => (!method || call.method === method) && (!path || call.path.startsWith(path)));
  }

  /** The bodies of the kills, as sent. */
  async kills(): Promise<unknown[]> {
    return (await this.calls("POST", KILL)).map((call) => JSON.parse(call.body ?? "null") as unknown);
  }

  /** The kill tasks that an operator has started, newest first. Faults affect this call too. */
  async tasks(operator: string): Promise<Task[]> {
    const ask = async (path: string, init: RequestInit): Promise<unknown> => (await fetch(`${this.url}${path}`, init)).json();
    const body = JSON.stringify({ username: "admin", password: "admin" });
    const login = (await ask("mgmt/shared/authn/login", { method: "POST", body })) as { token: { token: string } };
    const list = await ask(KILL.slice(1), { headers: { "X-F5-Auth-Token": login.token.token } });
    return (list as { items: Task[] }).items.filter((task) => task.username === operator);
  }

  async faults(...rules: unknown[]): Promise<void> {
    await this.control("faults", rules);
  }

  async settings(changes: Record<string, unknown>): Promise<void> {
    await this.control("settings", changes);
  }

  /** Moves the appliance's clock. */
  async advance(ms: number): Promise<void> {
    await this.control("clock", { advanceMs: ms });
  }

  async reset(start: Record<string, unknown>): Promise<void> {
    await this.control("reset", start);
  }

  private async control(path: string, body?: unknown): Promise<unknown> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}_sim/${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
