// Every operation of the app that asks BIG-IQ something, as an operator does it: what comes before, the act, where its
// outcome shows, and what the operator does once the fault is over. It must not know which fault there is.

import { expect, type Locator } from "@playwright/test";
import type { Console } from "./console";
import { type Answer, CLASSES, type FaultClass } from "./fault-classes";
import { KILL } from "./simulator";

const GROUPS = "/mgmt/shared/resolver/device-groups/";
const ON_DEVICE = `${GROUPS}cm-bigip-allBigIpDevices/devices/901695c8-f405-489f-9996-54f7b21da642/rest-proxy/mgmt/tm/`;
export const FINISHED = "BIG-IQ finished; it does not say how many sessions ended";

export interface Operation {
  name: string;
  method: string;
  path: string;
  /** A field that its answer needs. */
  field: string;
  /** What answers of these classes are to this operation, where it is not what they are to most. */
  reads?: Record<string, Answer>;
  /** What is told of every answer that can't be used, where it is not why. */
  tells?: RegExp;
  /** Whether it carries no token. */
  open?: true;
  /** Whether it is about tasks: a kill is confirmed, and its job's head says how it stands. */
  ofTasks?: true;
  /** What the job's head, or the gate, says of a class. */
  heads?(fault: FaultClass): RegExp;
  /** Further rules, which hold for as long as the fault does. */
  beside?: unknown[];
  prepare(app: Console): Promise<void>;
  act(app: Console): Promise<void>;
  /** What shows when it went well. */
  good(app: Console): Locator;
  /** What shows when it did not. */
  told(app: Console): Locator;
  /** What shows while it is not known yet, if that is to be waited for. */
  busy?(app: Console): Locator;
  /** What the operator does when the fault is over, until all is well. */
  mend(app: Console): Promise<void>;
  /** What was typed is still there. */
  kept?(app: Console): Promise<void>;
}

/** BIG-IP leaves `items` out where there are none, so a list without it is an empty one. */
const LIST: Record<string, Answer> = { "missing field": "good", "null field": "good" };

const TYPED = "user2";
const WHY = "INC-4711";

/** A half-filled form, which must outlive whatever happens. */
async function draft(app: Console): Promise<void> {
  await app.begin();
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
  await app.confirm();
};

const refresh = (app: Console) => app.page.getByRole("button", { name: "Refresh", exact: true });
const banner = (app: Console) => app.page.getByRole("main").locator(".banner", { hasText: "The inventory could not be read" });
const readInventory = {
  act: (app: Console) => refresh(app).click(),
  good: refresh,
  told: banner,
  busy: (app: Console) => app.page.getByRole("button", { name: "Refreshing" }),
  mend: async (app: Console) => {
    const again = app.page.getByRole("button", { name: "Try again" });
    // Signing in again reads by itself.
    await expect(async () => {
      if (await again.isVisible()) await again.click({ timeout: 500 });
      await expect(banner(app)).toBeHidden({ timeout: 1_000 });
    }).toPass();
    await expect(refresh(app)).toBeVisible();
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
const complete = (app: Console) => app.page.getByText(/^red-a\.example\.test \(active\): \d+ sessions?, complete, read/);
const readLists = async (app: Console) => {
  await lists(app).click();
  await expect(complete(app)).toBeVisible();
};

const ready = async (app: Console) => {
  await draft(app);
  await app.choose({ device: ["lone.example.test"] });
};
/** The words of a job that is over. */
const OVER = /^(BIG-IQ finished|Failed on BIG-IQ|BIG-IQ no longer knows the task)/;
const finishes = async (app: Console) => {
  const look = app.page.getByRole("button", { name: "Refresh", exact: true });
  await expect(async () => {
    if (await look.isVisible()) await look.click({ timeout: 500 });
    await expect(app.shown(OVER)).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
};

const REFUSED = new Set<Answer>(["busy", "starting", "address", "dead", "renewed"]);
const GOOD = new Set<Answer>(["good", "slow", "renewed", "forgotten"]);
const UNKNOWN = /^Unknown whether BIG-IQ started it/;
const FOUND = new RegExp(`^${FINISHED}`);

export const OPERATIONS: readonly Operation[] = [
  {
    name: "providers",
    method: "GET",
    path: "/info/system",
    field: "providers",
    open: true,
    reads: { "missing field": "good", "null field": "good" },
    tells: /only BIG-IQ’s own users can sign in/,
    prepare: async () => {},
    act: (app) => app.open(),
    good: (app) => app.page.getByLabel("Sign-in provider"),
    told: (app) => app.page.getByText("The list of sign-in providers could not be read"),
    mend: async (app) => {
      // BIG-IQ's own users can sign in all the same, and the list is there the next time.
      await app.begin();
      await app.page.getByRole("button", { name: "Sign out" }).click();
      await expect(app.page.getByLabel("Sign-in provider")).toBeVisible();
    },
  },
  {
    name: "sign in",
    method: "POST",
    path: "/mgmt/shared/authn/login",
    field: "token",
    open: true,
    prepare: async (app) => expect(app.page.getByLabel("Sign-in provider")).toBeVisible(),
    act: (app) => app.signIn(),
    good: (app) => app.page.getByRole("heading", { name: "Kill sessions", level: 1 }),
    told: (app) => app.page.getByRole("main").locator(".banner"),
    busy: (app) => app.page.getByRole("button", { name: "Signing in" }),
    mend: async (app) => {
      if (await app.page.getByLabel("Password").isVisible()) {
        await expect(app.page.getByLabel("User name")).toHaveValue("manager");
        await app.signIn();
      }
      await expect(app.page.getByRole("heading", { name: "Kill sessions", level: 1 })).toBeVisible();
    },
  },
  {
    name: "refresh",
    method: "POST",
    path: "/mgmt/shared/authn/exchange",
    field: "token",
    prepare: async (app) => {
      // So short a life that each call needs a new token first.
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
    // Whatever BIG-IQ says, the tokens are forgotten here.
    reads: Object.fromEntries(CLASSES.map(({ name }) => [name, "good"])),
    prepare: (app) => app.begin(),
    act: (app) => app.page.getByRole("button", { name: "Sign out" }).click(),
    good: (app) => app.page.getByRole("button", { name: "Sign in" }),
    told: (app) => app.page.getByRole("main").locator(".banner"),
    mend: (app) => app.begin(),
  },
  {
    name: "inventory",
    method: "GET",
    path: `${GROUPS}*`,
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
    prepare: async (app) => {
      await draft(app);
      await app.page.getByText("Paste host names, addresses or ids").click();
      await app.page.getByRole("textbox", { name: "Targets" }).fill("192.0.2.99");
    },
    act: (app) => app.page.getByRole("button", { name: "Add to the choice" }).click(),
    good: (app) => app.page.getByText("BIG-IQ does not know 192.0.2.99: establish trust first."),
    told: (app) => app.page.getByText(/^Not in the inventory: 192\.0\.2\.99\. Why could not be asked:/),
    mend: async (app) => {
      await app.page.getByRole("button", { name: "Add to the choice" }).click();
      await expect(app.page.getByText("BIG-IQ does not know 192.0.2.99: establish trust first.")).toBeVisible();
    },
    kept: async (app) => {
      await expect(app.page.getByRole("textbox", { name: "Targets" })).toHaveValue("192.0.2.99");
      await draftKept(app);
    },
  },
  {
    name: "HA role",
    method: "GET",
    path: `${ON_DEVICE}sys/failover`,
    field: "apiAnonymous",
    tells: /./,
    prepare: chooseCluster,
    act: (app) => lists(app).click(),
    good: complete,
    // Without a role the list stands alone; where the sign-in ended meanwhile there is no list either.
    told: (app) => app.page.getByText(/^(red-a\.example\.test: \d+ sessions?, complete, read|No list of sessions from .*red-a)/),
    mend: readLists,
    kept: listsKept,
  },
  {
    name: "live sessions",
    method: "GET",
    path: `${ON_DEVICE}apm/access-info`,
    field: "entries",
    tells: /./,
    prepare: chooseCluster,
    act: (app) => lists(app).click(),
    good: complete,
    told: (app) => app.page.getByText(/^No list of sessions from .*red-a\.example\.test/),
    mend: readLists,
    kept: listsKept,
  },
  {
    name: "POST",
    method: "POST",
    path: KILL,
    field: "id",
    ofTasks: true,
    prepare: ready,
    act: kill,
    heads: ({ name, answer, done }) => {
      // An id that is not the task's own leads nowhere.
      if (name === "odd ids") return /^BIG-IQ no longer knows the task/;
      if (name === "huge text") return /^Contact lost since/;
      if (REFUSED.has(answer)) return /BIG-IQ did not start the kill/;
      // A lost answer's task is found in BIG-IQ's list, if there is one.
      return GOOD.has(answer) || done ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    told: (app) => app.gate,
    mend: async (app) => {
      const back = app.gate.getByRole("button", { name: "Back to the form" });
      // Once for the refusal, and once more where the sign-in had ended, too.
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
      if (["unknown words", "status back", "missing field", "null field", "huge text"].includes(name)) return /^Running on BIG-IQ/;
      if (name === "cancel asked for ever") return /^Asked to cancel, still running/;
      if (name === "finished without result") return /^BIG-IQ finished, but not completely/;
      if (answer === "gone") return /^BIG-IQ no longer knows the task/;
      return GOOD.has(answer) ? FOUND : /^Contact lost since/;
    },
    good: (app) => app.shown(FINISHED),
    told: (app) => app.shown(/./),
    mend: finishes,
    kept: draftKept,
  },
  {
    name: "collection",
    method: "GET",
    path: KILL,
    field: "items",
    ofTasks: true,
    beside: [{ method: "POST", path: KILL, count: 1, fault: { kind: "drop-after-effect" } }],
    prepare: ready,
    act: kill,
    heads: ({ name, answer }) => {
      if (name === "odd ids") return /^BIG-IQ no longer knows the task/;
      if (name === "finished without result") return /^BIG-IQ finished, but not completely/;
      return GOOD.has(answer) ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    told: (app) => app.shown(/./),
    mend: finishes,
    kept: draftKept,
  },
];
