// The alternative without Curfew: a script that calls BIG-IQ one call after the other.

import type { Simulator } from "../../e2e/support/simulator";
import { KILL } from "../../e2e/support/simulator";

export interface Task {
  id: string;
  status: string;
  endDateTime?: string;
}

export class Script {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(simulator: Simulator, name: string): Promise<Script> {
    const answer = await fetch(`${simulator.url}mgmt/shared/authn/login`, {
      method: "POST",
      body: JSON.stringify({ username: name, password: name }),
    });
    const reply = (await answer.json()) as { token: { token: string } };
    return new Script(simulator.url, reply.token.token);
  }

  async call(path: string, body?: unknown): Promise<unknown> {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(this.url + path.replace(/^\//, ""), { ...init, headers: { "X-F5-Auth-Token": this.token } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  async tasks(): Promise<Task[]> {
    return ((await this.call(KILL)) as { items: Task[] }).items;
  }
}
