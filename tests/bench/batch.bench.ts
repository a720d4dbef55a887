// Many users at once, compared with the minimum that the appliance's own time allows, and with a script.

import { expect, test } from "../e2e/support/fixtures";
import { KILL, Simulator } from "../e2e/support/simulator";
import { shown } from "./support/clock";
import { report } from "./support/row";
import { Script } from "./support/script";
import { pattern, text } from "../e2e/support/text";

const USERS = 500;
const LATENCY = 150;
const AT_ONCE = 4;
const WITH_LATENCY = ["--set", `latencyMs=[${LATENCY},${LATENCY}]`];

test.use({ simulatorOptions: WITH_LATENCY });

/** From the arrival of the first kill to the answer to the last one. */
async function sending(simulator: Simulator): Promise<number> {
  const posts = await simulator.calls("POST", KILL);
  expect(posts.length).toBe(USERS);
  return (posts.at(-1)?.time ?? Number.NaN) + LATENCY - (posts[0]?.time ?? Number.NaN);
}

test("batch, 500 users", async ({ app, page, simulator }) => {
  await app.begin();
  const users = Array.from({ length: USERS }, (_, i) => `user-${i}`);
  await app.users(...users);
  await app.choose({ device: ["lone.example.test"] });
  await app.review();
  await app.confirm();
  await shown(page, pattern(text("job_batch_done", { done: USERS, all: USERS })), 1_000);
  const ours = await sending(simulator);

  const other = await Simulator.start(...WITH_LATENCY);
  const script = await Script.signIn(other, "manager");
  const link = ((await simulator.kills())[0] as { deviceReferences: { link: string }[] }).deviceReferences;
  for (const userName of users) await script.call(KILL, { action: "KILL_BY_USER", userName, deviceReferences: link });
  const theirs = await sending(other);
  await other.stop();

  report({
    name: "batch.time",
    value: ours,
    unit: "ms",
    against: (USERS * LATENCY) / AT_ONCE,
    than: "requests x latency / 4",
    goal: { of: "ratio", at: "<=", limit: 1.1 },
  });
  report({
    name: "batch.time.script",
    value: ours,
    unit: "ms",
    against: theirs,
    than: "a script, one after the other",
    goal: { of: "ratio", at: "<=", limit: 0.333 },
  });
});
