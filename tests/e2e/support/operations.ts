// Every operation of the app that calls BIG-IQ, as an operator does it: the preparation, the action, where its outcome
// appears, and what the operator does once the fault is over. Independent of the fault.

import { expect, type Locator } from "@playwright/test";
import { type Console, FINISHED } from "./console";
import { type Answer, CLASSES, type FaultClass } from "./fault-classes";
import { KILL } from "./simulator";
import { either, exactly, isolated, type Key, pattern, start, text, textPattern } from "./text";

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
  await app.menu("nav_kill").click();
  await app.page.getByRole("button", { name: text("clear_form") }).click();
  await app.users(TYPED);
  await app.reason(WHY);
}

async function draftKept(app: Console): Promise<void> {
  await app.menu("nav_kill").click();
  await expect(app.page.getByLabel(text("user_names"))).toHaveValue(TYPED);
  await expect(app.page.getByLabel(text("reason")).first()).toHaveValue(WHY);
}

/** After a kill was sent, the form doesn't start the next one with its users. */
async function formEmpty(app: Console): Promise<void> {
  await app.menu("nav_kill").click();
  await expect(app.page.getByLabel(text("user_names"))).toHaveValue("");
}

const kill = async (app: Console) => {
  await app.review();
  // The gate ignores clicks right after it has appeared.
  await app.pass(600);
  await app.confirm();
};

// Without devices, the banner that says so has such a button too.
const refresh = (app: Console) => app.page.getByRole("button", { name: text("refresh"), exact: true }).last();
const banner = (app: Console) => app.page.getByRole("main").locator(".banner", { hasText: text("inventory_failed") });
const readInventory = {
  act: (app: Console) => refresh(app).click(),
  good: refresh,
  problem: banner,
  again: (app: Console) => app.page.getByRole("button", { name: text("retry") }),
  busy: (app: Console) => app.page.getByRole("button", { name: text("refreshing") }),
  mend: async (app: Console) => {
    const again = app.page.getByRole("button", { name: text("retry") });
    // Signing in again reads by itself.
    await expect(async () => {
      if (await again.isVisible()) await again.click({ timeout: 3_000 });
      await expect(banner(app)).toBeHidden({ timeout: 1_000 });
    }).toPass({ timeout: 15_000 });
    // An inventory read without devices is read again on request.
    if (await app.page.getByText(text("inventory_empty")).isVisible()) await refresh(app).click();
    await expect(refresh(app)).toBeVisible();
    await expect(app.page.getByRole("listbox").getByRole("option").first()).toBeVisible();
  },
  kept: draftKept,
};

const lists = (app: Console) => app.page.getByRole("button", { name: textPattern("live_read") });
const chooseCluster = async (app: Console) => {
  await draft(app);
  await app.page.getByRole("radio", { name: text("who_listed") }).check();
  await app.choose({ cluster: ["RedCluster"] });
};
const listsKept = async (app: Console) => {
  await expect(app.page.getByRole("group", { name: text("chosen_targets") })).toContainText("RedCluster");
  await app.page.getByRole("radio", { name: text("who_users") }).check();
  await draftKept(app);
};
const redA = (role: Key) => text("name_and_role", { name: "red-a.example.test", role: text(role) });
const complete = (app: Console) => app.page.getByRole("main").getByText(textPattern("live_complete", { device_and_role: redA("role_active") }));
/** The same without a role. */
const unlabelled = textPattern("live_complete", { device_and_role: either(isolated("red-a.example.test"), redA("role_unknown")) });
const readLists = (app: Console) =>
  // Again, if the sign-in had ended.
  expect(async () => {
    await lists(app).click();
    await expect(complete(app)).toBeVisible({ timeout: 1_500 });
  }).toPass({ timeout: 20_000 });

export const LOST = start(textPattern("headline_connection_lost"));

const ready = async (app: Console) => {
  await draft(app);
  await app.choose({ device: ["lone.example.test"] });
};
const cancels = (app: Console) => app.page.getByRole("button", { name: text("ask_cancel") });
const CANCELLED = start(text("headline_cancelled"));
/** user2 has two sessions on the lone device. */
const VERIFIED = start(text("headline_verified", { n: 2 }));
const UNREADABLE = start(text("help_unreadable", { n: 2 }));
/** The headings of a job that is over. */
const OVER = start(either(FINISHED, text("headline_incomplete"), textPattern("headline_remaining"), text("headline_failed"), text("headline_task_gone")));
/** Presses these, if present, and advances time until that is visible. */
const until = (app: Console, shows: Locator, ...buttons: Locator[]) =>
  expect(async () => {
    for (const button of buttons) if (await button.isVisible()) await button.click({ timeout: 3_000 });
    await app.pass(1_000);
    await expect(shows).toBeVisible({ timeout: 300 });
  }).toPass({ intervals: [20], timeout: 20_000 });
const look = (app: Console) => app.page.getByRole("button", { name: text("refresh"), exact: true });
const finishes = (app: Console) => until(app, app.shown(OVER), look(app));

const REFUSED = new Set<Answer>(["busy", "starting", "address", "dead", "renewed"]);
const GOOD = new Set<Answer>(["good", "slow", "renewed", "forgotten"]);
const UNKNOWN = start(text("headline_unknown"));
const FOUND = start(FINISHED);
const DEVICE_READS = "**/rest-proxy/**";
const GONE = start(text("headline_task_gone"));
const INCOMPLETE = start(text("headline_incomplete"));
const CANCEL_LOST = start(text("event_cancel_lost"));
const CANCEL_REFUSED = start(text("event_cancel_refused"));

/**
 * What stands next to each heading of a job, or of the gate, to help the operator: text, or a button. The names are those of
 * `Shown` in crates/client/tests/client/fault_matrix.rs.
 */
export const NEXT: readonly (readonly [name: string, heading: RegExp, next: RegExp])[] = [
  ["Refused", pattern(text("rejected_heading")), pattern(text("nothing_killed"))],
  ["ConfirmAgain", pattern(text("sign_in_renewed")), pattern(text("confirm_again"))],
  ["Unknown", UNKNOWN, either(text("help_unknown"), text("help_unknown_none"))],
  ["ConnectionLost", LOST, either(text("help_still_checking"), text("error_wrong_address_help"), text("error_not_permitted_help"))],
  ["Running", start(text("headline_watched")), pattern(text("refresh"))],
  ["Cancelling", start(text("headline_cancelling")), pattern(text("refresh"))],
  ["Gone", GONE, pattern(text("two_sentences", { text: text("help_gone"), next: text("help_check_devices") }))],
  ["Incomplete", INCOMPLETE, either(text("help_incomplete_bare"), textPattern("help_incomplete"))],
  ["Finished", FOUND, either(text("help_success"), textPattern("help_no_session"), textPattern("help_verified"))],
  ["CancelLost", CANCEL_LOST, pattern(text("ask_cancel"))],
  ["CancelRefused", CANCEL_REFUSED, pattern(text("refresh"))],
  ["Cancelled", CANCELLED, pattern(text("help_check_devices"))],
  ["NotVerifiable", UNREADABLE, pattern(text("compare_again"))],
  ["Verified", VERIFIED, pattern(text("save_record_json"))],
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
    messages: [pattern(text("providers_not_read_help"))],
    prepare: async () => {},
    act: (app) => app.open(),
    good: (app) => app.page.getByRole("combobox", { name: text("provider") }),
    problem: (app) => app.page.getByRole("note").filter({ hasText: text("providers_not_read") }),
    again: (app) => app.page.getByRole("button", { name: text("retry") }),
    mend: async (app) => {
      const again = app.page.getByRole("button", { name: text("retry") });
      if (await again.isVisible()) await again.click();
      await expect(app.page.getByRole("combobox", { name: text("provider") })).toBeVisible();
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
      await expect(app.page.getByRole("combobox", { name: text("provider") })).toBeVisible();
    },
    act: (app) => app.signIn(),
    good: (app) => app.page.getByRole("heading", { name: text("kill_title"), level: 1 }),
    problem: (app) => app.page.getByRole("main").locator(".banner:not([hidden])"),
    // If the sign-in itself succeeded, reading continues.
    again: (app) => app.page.getByRole("button", { name: exactly(either(text("sign_in"), text("retry"))) }),
    busy: (app) => app.page.getByRole("button", { name: text("signing_in") }),
    mend: async (app) => {
      // The text says to sign out and in again, which is the solution.
      const password = app.page.getByLabel(text("password"));
      if (await banner(app).isVisible()) await app.signOut();
      else if (await password.isVisible()) {
        await expect(app.page.getByLabel(text("user_name"))).toHaveValue("manager");
        // The password is typed again only if BIG-IQ refused it.
        const refused = await app.page.getByText(text("bad_credentials")).isVisible();
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
    act: (app) => app.page.getByRole("button", { name: text("sign_out") }).click(),
    good: (app) => app.page.getByRole("button", { name: text("sign_in") }),
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
      const box = app.page.getByRole("textbox", { name: text("paste_targets_label") });
      if (!(await box.isVisible())) await app.page.getByText(text("paste_targets")).click();
      // A different one each time, because the result for the last one is still shown.
      strange = `192.0.2.${100 + ((Number(strange.split(".")[3]) - 99) % 100)}`;
      await box.fill(strange);
    },
    act: (app) => app.page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click(),
    good: (app) => app.page.getByText(text("missing_reason_trust", { names: [strange] })),
    problem: (app) => app.page.getByText(textPattern("missing_reason_unknown", { names: [strange] })),
    again: (app) => app.page.getByRole("button", { name: text("paste_targets_add"), exact: true }),
    mend: (app) =>
      // Again, if the sign-in had ended.
      expect(async () => {
        await app.page.getByRole("button", { name: text("paste_targets_add"), exact: true }).click();
        await expect(app.page.getByText(text("missing_reason_trust", { names: [strange] }))).toBeVisible({ timeout: 3_000 });
      }).toPass({ timeout: 20_000 }),
    kept: async (app) => {
      await expect(app.page.getByRole("textbox", { name: text("paste_targets_label") })).toHaveValue(strange);
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
    messages: [either(text("role_unknown"), textPattern("live_unanswered"))],
    prepare: chooseCluster,
    act: (app) => lists(app).click(),
    good: complete,
    // Without a role, the list stands alone; if the sign-in ended meanwhile, there is no list either.
    problem: (app) => app.page.getByRole("main").getByText(either(unlabelled, textPattern("live_unanswered", { names: /.*red-a.*/ }))),
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
    problem: (app) => app.page.getByRole("main").getByText(textPattern("live_unanswered", { names: /.*red-a\.example\.test.*/ })),
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
      if (name === "odd ids") return GONE;
      if (name === "huge text") return LOST;
      if (answer === "renewed") return pattern(text("sign_in_renewed"));
      if (REFUSED.has(answer)) return pattern(text("rejected_heading"));
      // The task of a lost answer is found in BIG-IQ's list, if there is one.
      return GOOD.has(answer) || done ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.gate,
    mend: async (app) => {
      const back = app.gate.getByRole("button", { name: text("back_to_form") });
      const again = app.gate.getByRole("button", { name: text("confirm_again") });
      // Once for the refusal, and again if the sign-in had ended.
      for (let n = 0; n < 2 && (await back.or(again).isVisible()); n++) {
        if (await again.isVisible()) {
          await app.pass(600);
          app.confirmed += 1;
          await app.act(text("confirm_again"));
        } else {
          await back.click();
          await kill(app);
        }
        await expect(back.or(again).or(app.shown(FINISHED))).toBeVisible();
      }
    },
    kept: formEmpty,
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
      if (["unknown enum values", "status moves backwards", "missing field", "null field", "huge text"].includes(name)) return start(text("headline_watched"));
      if (name === "cancel never takes effect") return start(text("headline_cancelling"));
      if (name === "finished without result") return INCOMPLETE;
      if (answer === "gone") return GONE;
      return GOOD.has(answer) ? FOUND : LOST;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.shown(/./),
    mend: finishes,
    kept: formEmpty,
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
      if (name === "odd ids") return either(GONE, FOUND);
      // By this clock, no task belongs to this kill.
      if (name === "wrong date") return UNKNOWN;
      return GOOD.has(answer) ? FOUND : UNKNOWN;
    },
    good: (app) => app.shown(FINISHED),
    problem: (app) => app.shown(/./),
    mend: finishes,
    kept: formEmpty,
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
      await expect(app.shown(text("now_kill"))).toBeVisible();
    },
    act: (app) => cancels(app).click(),
    heads: ({ name, done }) => {
      // A proxy that does not know the call will not know it next time either.
      if (name === "task gone" || name === "page, 404") return CANCEL_REFUSED;
      // The next poll of the task makes up for a lost answer.
      return done ? CANCELLED : CANCEL_LOST;
    },
    good: (app) => app.shown(CANCELLED),
    problem: (app) => app.shown(/./),
    mend: async (app) => {
      // If BIG-IQ refuses, there is no second attempt, and the task takes its time.
      if (await app.shown(CANCEL_REFUSED).isVisible()) await app.simulator.advance(75_000);
      await until(app, app.shown(start(either(text("headline_cancelled"), text("headline_failed")))), cancels(app), look(app));
      await expect(cancels(app)).toHaveCount(0);
    },
    kept: formEmpty,
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
    act: async (app) => {
      // No device is read before the task has ended: of a BIG-IQ that restarts, even the end would not be seen.
      let go = () => {};
      const ended = new Promise<void>((resolve) => (go = resolve));
      await app.page.route(DEVICE_READS, async (route) => {
        await ended;
        await route.continue();
      });
      await kill(app);
      await until(app, app.shown(FOUND));
      go();
    },
    heads: ({ answer }) => (GOOD.has(answer) ? VERIFIED : UNREADABLE),
    good: (app) => app.shown(VERIFIED),
    problem: (app) => app.shown(/./),
    mend: (app) => until(app, app.shown(VERIFIED), app.page.getByRole("button", { name: text("compare_again") })),
    kept: formEmpty,
  },
];
