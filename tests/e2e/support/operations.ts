// Every operation of the app that calls BIG-IQ, as an operator does it: the preparation, the action, where its outcome
// appears, and what the operator does once the fault is over. Independent of the fault.

import { expect, type Locator } from "@playwright/test";
import { type Console, FINISHED } from "./console";
import { type Answer, CLASSES, type FaultClass } from "./fault-classes";
import { KILL } from "./simulator";

const GROUPS = "/mgmt/shared/resolver/device-groups/";
const ON_DEVICE = `${GROUPS}cm-bigip-allBigIpDevices/devices/901695c8-f405-489f-9996-54f7b21da642/rest-proxy/mgmt/tm/`;

export interface Operation {
  name: string;
  method: string;
  path: string;
  /** Where Curfew reads instead if it can't read there: the fault is the same. */
  instead?: string;
  /** A field that its answer needs. */
  field: string;
  /** The answer of these classes to this operation, if it differs from the usual one. */
  reads?: Record<string, Answer>;
  /** What is shown for every unusable answer, if it does not show the reason. */
  messages?: readonly RegExp[];
  /** Whether it is shown briefly, next to the button that tries again. */
  brief?: true;
  /** The button that tries again; present whenever something is reported. */
  again?(app: Console): Locator;
  /** Classes that its answer can't have. */
  never?: string[];
  /** Whether it has no token. */
  open?: true;
  /** Whether each cell starts with a new page and simulator, because earlier reads would hide the fault. */
  alone?: true;
  /** Whether it concerns tasks: a kill is confirmed, and its job's heading shows the state. */
  ofTasks?: true;
  /** What the job's heading, or the gate, shows for a class. */
  heads?(fault: FaultClass): RegExp;
  /** How many calls succeed before the fault. */
  skip?: number;
  /** Further rules, active as long as the fault. */
  beside?: unknown[];
  prepare(app: Console): Promise<void>;
  act(app: Console): Promise<void>;
  /** What is visible if it succeeded. */
  good(app: Console): Locator;
  /** What is visible if it did not. */
  problem(app: Console): Locator;
  /** What is visible while the result is unknown, if the test must wait for it. */
  busy?(app: Console): Locator;
  /** What the operator does when the fault is over, until everything works. */
  mend(app: Console): Promise<void>;
  /** Typed text is still there. */
  kept?(app: Console): Promise<void>;
}

/** BIG-IP omits `items` if there are none, so a list without it is empty. */
const LIST: Record<string, Answer> = { "missing field": "good", "null field": "good" };

/** A device may refuse a token that BIG-IQ accepts. */
const OF_DEVICE: Record<string, Answer> = { "page, 401": "refused" };

const TYPED = "user2";
const WHY = "INC-4711";

/** A half-filled form, which must survive whatever happens. */
async function draft(app: Console): Promise<void> {
  await app.present();
  await app.menu("Kill sessions").click();
  await app.page.getByRole("button", { name: "Clear the form" }).click();
  await app.users(TYPED);
  await app.reason(WHY);
}

async function draftKept(app: Console): Promise<void> {
  await app.menu("Kill sessions").click();
  await expect(app.page.getByLabel("User names")).toHaveValue(TYPED);
  await expect(app.page.getByLabel("Reason or ticket").first()).toHaveValue(WHY);
}

const kill = async (app: Console) => {
  await app.review();
  // The gate ignores clicks right after it has appeared.
  await app.pass(600);
  await app.confirm();
};

// Without devices, the banner that says so has such a button too.
const refresh = (app: Console) => app.page.getByRole("button", { name: "Refresh", exact: true }).last();
const banner = (app: Console) => app.page.getByRole("main").locator(".banner", { hasText: "The inventory couldn’t be read" });
const readInventory = {
  act: (app: Console) => refresh(app).click(),
  good: refresh,
  problem: banner,
  again: (app: Console) => app.page.getByRole("button", { name: "Try again" }),
  busy: (app: Console) => app.page.getByRole("button", { name: "Refreshing" }),
  mend: async (app: Console) => {
    const again = app.page.getByRole("button", { name: "Try again" });
    // Signing in again reads by itself.
    await expect(async () => {
      if (await again.isVisible()) await again.click({ timeout: 3_000 });
      await expect(banner(app)).toBeHidden({ timeout: 1_000 });
    }).toPass({ timeout: 15_000 });
    // An inventory read without devices is read again on request.
    if (await app.page.getByText("BIG-IQ lists no devices managed by Access").isVisible()) await refresh(app).click();
    await expect(refresh(app)).toBeVisible();
    await expect(app.page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  },
  kept: draftKept,
};

const lists = (app: Console) => app.page.getByRole("button", { name: /^Read the live sessions of/ });
const chooseCluster = async (app: Console) => {
  await draft(app);
  await app.page.getByRole("radio", { name: "Listed sessions" }).check();
  await app.choose({ cluster: ["RedCluster"] });
};
const listsKept = async (app: Console) => {
  await expect(app.page.getByRole("group", { name: "Chosen targets" })).toContainText("RedCluster");
  await app.page.getByRole("radio", { name: "Users" }).check();
  await draftKept(app);
};
const complete = (app: Console) => app.page.getByRole("main").getByText(/^red-a\.example\.test \(active\): \d+ sessions?, complete, read/);
const readLists = (app: Console) =>
  // Again, if the sign-in had ended.
  expect(async () => {
    await lists(app).click();
    await expect(complete(app)).toBeVisible({ timeout: 1_500 });
  }).toPass({ timeout: 20_000 });

const ready = async (app: Console) => {
  await draft(app);
  await app.choose({ device: ["lone.example.test"] });
};
const cancels = (app: Console) => app.page.getByRole("button", { name: "Ask BIG-IQ to cancel" });
const CANCELLED = /^Cancelled on BIG-IQ/;
/** user2 has two sessions on the lone device. */
const VERIFIED = /^Verified: all 2 sessions are gone/;
const UNREADABLE = /^2 sessions seen before can’t be checked/;
const UNSEEN = /^(2 sessions seen before can’t be checked|Connection lost at)/;
/** The headings of a job that is over. */
const OVER = /^(Finished\.|BIG-IQ finished|Failed on BIG-IQ|BIG-IQ no longer knows the task)/;
/** Presses these, if present, and advances time until that is visible. */
const until = (app: Console, shows: Locator, ...buttons: Locator[]) =>
  expect(async () => {
    for (const button of buttons) if (await button.isVisible()) await button.click({ timeout: 3_000 });
    await app.pass(1_000);
    await expect(shows).toBeVisible({ timeout: 300 });
  }).toPass({ intervals: [20], timeout: 20_000 });
const look = (app: Console) => app.page.getByRole("button", { name: "Refresh", exact: true });
const finishes = (app: Console) => until(app, app.shown(OVER), look(app));

const REFUSED = new Set<Answer>(["busy", "starting", "address", "dead", "renewed"]);
const GOOD = new Set<Answer>(["good", "slow", "renewed", "forgotten"]);
const UNKNOWN = /^Unknown whether BIG-IQ started it/;
const FOUND = new RegExp(`^${FINISHED}`);

export const LOST = /^Connection lost at/;
/** What stands next to each heading of a job, or of the gate, to help the operator: text, or a button. */
export const NEXT: readonly (readonly [RegExp, RegExp])[] = [
  [/didn’t start the kill/, /Nothing was killed/],
  [UNKNOWN, /Curfew is looking for the task in BIG-IQ’s list; it won’t send again|To send it again, make a new plan/],
  [LOST, /Curfew keeps checking\. Refresh to check now|Ask the proxy’s administrator to fix this, then sign in again|Ask your BIG-IQ administrator/],
  [/^(Running on BIG-IQ|Cancel requested)/, /Refresh/],
  [/^BIG-IQ no longer knows the task/, /It’s unknown whether sessions ended\. Check the devices/],
  [/^BIG-IQ finished without a complete result/, /check the devices/],
  [FOUND, /for a misspelt user or a standby device|None of the sessions seen before/],
  [/^Unknown whether BIG-IQ is cancelling; you can ask again/, /Ask BIG-IQ to cancel/],
  [/^BIG-IQ refused to cancel/, /Refresh/],
  [CANCELLED, /Check the devices before you plan another kill/],
  [UNREADABLE, /Compare again/],
  [VERIFIED, /Save record/],
];

/** An address that no device has. */
let strange = "192.0.2.99";

export const OPERATIONS: readonly Operation[] = [
  {
    name: "providers",
    method: "GET",
    path: "/info/system",
    field: "providers",
    open: true,
    messages: [/For now, only local BIG-IQ users can sign in/],
    prepare: async () => {},
    act: (app) => app.open(),
    good: (app) => app.page.getByLabel("Sign-in provider"),
    problem: (app) => app.page.getByRole("note").filter({ hasText: "The sign-in providers couldn’t be read" }),
    again: (app) => app.page.getByRole("button", { name: "Try again" }),
    mend: async (app) => {
      const again = app.page.getByRole("button", { name: "Try again" });
      if (await again.isVisible()) await again.click();
      await expect(app.page.getByLabel("Sign-in provider")).toBeVisible();
      await app.begin();
      await app.signOut();
    },
  },
  {
    name: "sign in",
    method: "POST",
    path: "/mgmt/shared/authn/login",
    field: "token",
    open: true,
    // The tokens belong to the other address, so the first call that uses them is refused.
    reads: { "another source address": "address" },
    prepare: async (app) => {
      await app.open();
      await expect(app.page.getByLabel("Sign-in provider")).toBeVisible();
    },
    act: (app) => app.signIn(),
    good: (app) => app.page.getByRole("heading", { name: "Kill sessions", level: 1 }),
    problem: (app) => app.page.getByRole("main").locator(".banner:not([hidden])"),
    // If the sign-in itself succeeded, reading continues.
    again: (app) => app.page.getByRole("button", { name: /^(Sign in|Try again)$/ }),
    busy: (app) => app.page.getByRole("button", { name: "Signing in" }),
    mend: async (app) => {
      // The text says to sign out and in again, which is the solution.
      const password = app.page.getByLabel("Password");
      if (await banner(app).isVisible()) await app.signOut();
      else if (await password.isVisible()) {
        await expect(app.page.getByLabel("User name")).toHaveValue("manager");
        // The password is typed again only if BIG-IQ refused it.
        const refused = await app.page.getByText("BIG-IQ didn’t accept this user name and password").isVisible();
        await expect(password).toHaveValue(refused ? "" : "manager");
      }
      if (await password.isVisible()) await app.signIn();
      await expect(app.page.getByRole("listbox").getByRole("option").first()).toBeVisible();
    },
  },
  {
    name: "refresh",
    method: "POST",
    path: "/mgmt/shared/authn/exchange",
    field: "token",
    prepare: async (app) => {
      // Such a short life that each call needs a new token first.
      await app.simulator.settings({ accessSeconds: 60 });
      await draft(app);
    },
    ...readInventory,
  },
  {
    name: "sign out",
    method: "DELETE",
    path: "/mgmt/shared/authz/tokens/*",
    field: "token",
    // Whatever BIG-IQ answers, the tokens are forgotten here.
    reads: Object.fromEntries(CLASSES.map(({ name }) => [name, "good"])),
    prepare: (app) => app.present(),
    act: (app) => app.page.getByRole("button", { name: "Sign out" }).click(),
    good: (app) => app.page.getByRole("button", { name: "Sign in" }),
    problem: (app) => app.page.getByRole("main").locator(".banner"),
    mend: (app) => app.begin(),
  },
  {
    name: "inventory",
    method: "GET",
    path: `${GROUPS}*`,
    instead: "/mgmt/cm/system/machineid-resolver",
    field: "items",
    reads: LIST,
    prepare: draft,
    ...readInventory,
  },
  {
    name: "address look-up",
    method: "GET",
    path: "/mgmt/cm/system/machineid-resolver",
    field: "items",
    reads: LIST,
    brief: true,
    prepare: async (app) => {
      await draft(app);
      const box = app.page.getByRole("textbox", { name: "Targets" });
      if (!(await box.isVisible())) await app.page.getByText("Paste host names, addresses or ids").click();
      // A different one each time, because the result for the last one is still shown.
      strange = `192.0.2.${100 + ((Number(strange.split(".")[3]) - 99) % 100)}`;
      await box.fill(strange);
    },
    act: (app) => app.page.getByRole("button", { name: "Add", exact: true }).click(),
    good: (app) => app.page.getByText(`BIG-IQ doesn’t know ${strange}. Check the spelling, or establish trust first.`),
    problem: (app) => app.page.getByText(`Not in the inventory: ${strange}. The reason couldn’t be checked:`),
    again: (app) => app.page.getByRole("button", { name: "Add", exact: true }),
    mend: (app) =>
      // Again, if the sign-in had ended.
      expect(async () => {
        await app.page.getByRole("button", { name: "Add", exact: true }).click();
        await expect(app.page.getByText(`BIG-IQ doesn’t know ${strange}. Check the spelling, or establish trust first.`)).toBeVisible({ timeout: 3_000 });
      }).toPass({ timeout: 20_000 }),
    kept: async (app) => {
      await expect(app.page.getByRole("textbox", { name: "Targets" })).toHaveValue(strange);
      await draftKept(app);
    },
  },
  {
    name: "HA role",
    method: "GET",
    path: `${ON_DEVICE}sys/failover`,
    field: "apiAnonymous",
    reads: OF_DEVICE,
    alone: true,
    messages: [/role unknown|No session list/],
    prepare: chooseCluster,
    act: (app) => lists(app).click(),
    good: complete,
    // Without a role, the list stands alone; if the sign-in ended meanwhile, there is no list either.
    problem: (app) => app.page.getByRole("main").getByText(/^(red-a\.example\.test( \(role unknown\))?: \d+ sessions?, complete, read|No session list from .*red-a)/),
    again: lists,
    mend: readLists,
    kept: listsKept,
  },
  {
    name: "live sessions",
    method: "GET",
    path: `${ON_DEVICE}apm/access-info`,
    field: "entries",
    reads: OF_DEVICE,
    alone: true,
    prepare: chooseCluster,
    act: (app) => lists(app).click(),
    good: complete,
    problem: (app) => app.page.getByRole("main").getByText(/^No session list from .*red-a\.example\.test/),
    again: lists,
    mend: readLists,
    kept: listsKept,
  },
  {
    name: "POST",
    method: "POST",
    path: KILL,
    field: "id",
    // It names no task that could be gone.
    never: ["task gone"],
    ofTasks: true,
    prepare: ready,
    act: kill,
    heads: ({ name, answer, done }) => {
      // An id other than the task's own leads nowhere.
      if (name === "odd ids") return /^BIG-IQ no longer knows the task/;
      if (name === "huge text") return /^Connection lost at/;
      if (REFUSED.has(answer)) return /BIG-IQ didn’t start the kill/;
      // The task of a lost answer is found in BIG-IQ's list, if there is one.
      return GOOD.has(answer) || done ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.gate,
    mend: async (app) => {
      const back = app.gate.getByRole("button", { name: "Back to the form" });
      // Once for the refusal, and again if the sign-in had ended.
      for (let n = 0; n < 2 && (await back.isVisible()); n++) {
        await back.click();
        await kill(app);
        await expect(back.or(app.shown(FINISHED))).toBeVisible();
      }
    },
    kept: draftKept,
  },
  {
    name: "poll",
    method: "GET",
    path: `${KILL}/*`,
    field: "status",
    ofTasks: true,
    prepare: ready,
    act: kill,
    heads: ({ name, answer }) => {
      if (["unknown enum values", "status moves backwards", "missing field", "null field", "huge text"].includes(name)) return /^Running on BIG-IQ/;
      if (name === "cancel never takes effect") return /^Cancel requested, still running/;
      if (name === "finished without result") return /^BIG-IQ finished without a complete result/;
      if (answer === "gone") return /^BIG-IQ no longer knows the task/;
      return GOOD.has(answer) ? FOUND : /^Connection lost at/;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.shown(/./),
    mend: finishes,
    kept: draftKept,
  },
  {
    name: "collection",
    method: "GET",
    path: KILL,
    field: "items",
    ofTasks: true,
    // The kills of other cells would be candidates, too.
    alone: true,
    // The first list is read before the kill.
    skip: 1,
    beside: [{ method: "POST", path: KILL, count: 1, fault: { kind: "drop-after-effect" } }],
    prepare: ready,
    act: kill,
    heads: ({ name, answer }) => {
      // Such an id leads nowhere, unless the list already shows that the task is over.
      if (name === "odd ids") return new RegExp(`^(BIG-IQ no longer knows the task|${FINISHED})`);
      // By this clock, no task belongs to this kill.
      if (name === "wrong date") return UNKNOWN;
      return GOOD.has(answer) ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.shown(/./),
    mend: finishes,
    kept: draftKept,
  },
  {
    name: "cancel",
    method: "PATCH",
    path: `${KILL}/*`,
    field: "status",
    alone: true,
    ofTasks: true,
    prepare: async (app) => {
      await app.page.route("**/config.json", (route) => route.fulfill({ json: { cancel: true } }));
      await app.open();
      await draft(app);
      // Its task runs for 75 s unless cancelled.
      await app.choose({ device: ["silent.example.test"] });
      await kill(app);
      await expect(app.shown("BIG-IQ is ending the sessions, device by device.")).toBeVisible();
    },
    act: (app) => cancels(app).click(),
    heads: ({ name, done }) => {
      // A proxy that does not know the call will not know it next time either.
      if (name === "task gone" || name === "page, 404") return /^BIG-IQ refused to cancel/;
      // The next poll of the task makes up for a lost answer.
      return done ? CANCELLED : /^Unknown whether BIG-IQ is cancelling; you can ask again/;
    },
    good: (app) => app.shown(CANCELLED),
    problem: (app) => app.shown(/./),
    mend: async (app) => {
      // If BIG-IQ refuses, there is no second attempt, and the task takes its time.
      if (await app.shown(/^BIG-IQ refused to cancel/).isVisible()) await app.simulator.advance(75_000);
      await until(app, app.shown(/^(Cancelled on BIG-IQ|Failed on BIG-IQ)/), cancels(app), look(app));
      await expect(cancels(app)).toHaveCount(0);
    },
    kept: draftKept,
  },
  {
    name: "verify",
    method: "GET",
    path: `${GROUPS}cm-bigip-allBigIpDevices/devices/*`,
    field: "entries",
    reads: OF_DEVICE,
    alone: true,
    ofTasks: true,
    prepare: async (app) => {
      await ready(app);
      await app.knowsSessions();
    },
    act: kill,
    // A restart happens when the gate opens and reads the sessions again, so that even the end of the task is not seen.
    heads: ({ answer, once }) => (GOOD.has(answer) ? VERIFIED : once ? UNSEEN : UNREADABLE),
    good: (app) => app.shown(VERIFIED),
    problem: (app) => app.shown(/./),
    mend: (app) => until(app, app.shown(VERIFIED), app.page.getByRole("button", { name: "Compare again" })),
    kept: draftKept,
  },
];
