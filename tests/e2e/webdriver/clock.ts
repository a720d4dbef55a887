// Playwright's clock. What a test did with it is repeated in each new document.

import type { Frame } from "./frame";
import { CLOCK } from "./playwright";
import type { Proxy } from "./proxy";

/** Milliseconds, or a time as "mm:ss". */
type Duration = number | string;
type Time = number | string | Date;

const milliseconds = (duration: Duration): number =>
  typeof duration === "number" ? duration : duration.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000;

export class Clock {
  private isInstalled = false;

  constructor(
    private readonly frame: Frame,
    private readonly proxy: Proxy,
  ) {}

  async install({ time = Date.now() }: { time?: Time } = {}): Promise<void> {
    await this.control("install", new Date(time).getTime());
  }

  fastForward(duration: Duration): Promise<void> {
    return this.control("fastForward", milliseconds(duration));
  }

  runFor(duration: Duration): Promise<void> {
    return this.control("runFor", milliseconds(duration));
  }

  pauseAt(time: Time): Promise<void> {
    return this.control("pauseAt", new Date(time).getTime());
  }

  resume(): Promise<void> {
    return this.control("resume");
  }

  setFixedTime(time: Time): Promise<void> {
    return this.control("setFixedTime", new Date(time).getTime());
  }

  setSystemTime(time: Time): Promise<void> {
    return this.control("setSystemTime", new Date(time).getTime());
  }

  private async control(name: string, ...values: number[]): Promise<void> {
    if (!this.isInstalled) this.proxy.addScript(CLOCK);
    this.isInstalled = true;
    this.proxy.addScript(`globalThis.__pwClock.controller.log(${[JSON.stringify(name), Date.now(), ...values].join()});`);
    await this.frame.run(`() => { ${CLOCK} return globalThis.__pwClock.controller.${name}(${values.join()}); }`);
  }
}
