// Every class of fault in the simulator's plan, and what a call gets as its answer. Independent of the call.

import { either, type Key, pattern, text, textPattern } from "./text";



/** What a call gets as its answer. */
export type Answer =
  | "good" // odd, and still readable
  | "slow" // good after a while
  | "none" // no answer, or a cut one
  | "page" // a page with a good status
  | "unreadable"
  | "busy"
  | "trouble" // a 5xx
  | "starting" // no worker is registered
  | "address" // the token is another client's
  | "gone" // no such thing
  | "dead" // the token, said in a page
  | "refused" // by a device behind BIG-IQ, which says nothing of the token
  | "renewed" // the access token is dead, the refresh token is not
  | "forgotten"; // the refresh token is dead

const messages = (what: string | RegExp, next: Key): readonly [RegExp, RegExp] => [pattern(what), textPattern(next)];

/** What the screen shows about an unusable answer, wherever it shows a reason: what is true, then what to do. */
export const MESSAGES: Partial<Record<Answer, readonly [RegExp, RegExp]>> = {
  none: messages(text("error_network"), "error_network_help"),
  page: messages(text("error_html"), "error_html_help"),
  // The operator can't do anything about it: the text says what is wrong, for a report.
  unreadable: [pattern(text("error_unreadable")), either(text("error_unreadable_short"), textPattern("error_unreadable_help"))],
  busy: messages(text("error_busy"), "error_busy_help"),
  trouble: messages(textPattern("error_server", { status: /50\d/ }), "error_server_help"),
  starting: messages(text("error_not_registered"), "error_not_registered_help"),
  refused: messages(text("error_sessions_refused", { operator: "manager" }), "error_sessions_refused_help"),
  address: messages(text("error_wrong_address"), "error_wrong_address_help"),
};

export interface FaultClass {
  name: string;
  answer: Answer;
  /** The rule's fault; `field` is one that the answer needs. */
  fault(field: string): Record<string, unknown>;
  /** Whether a write takes effect anyway. */
  done: boolean;
  /** Whether it affects tasks only. */
  ofTasks?: true;
  /** Whether one fault is enough, because its effect lasts. */
  once?: true;
}

type Made = Omit<FaultClass, "name" | "answer">;

const lost = (fault: Record<string, unknown>): Made => ({ fault: () => fault, done: false });
const late = (fault: Record<string, unknown>): Made => ({ fault: () => fault, done: true });
const named = (kind: string, more: Record<string, unknown> = {}): Made => ({
  fault: (name) => ({ kind, name, ...more }),
  done: true,
});
const status = (status: number, retryAfter?: number) => lost({ kind: "status", status, retryAfter });
const page = (status: number) => lost({ kind: "html", status });

const class_ = (name: string, answer: Answer, made: Made, ofTasks?: true): FaultClass => ({ name, answer, ...made, ofTasks });
const once = (made: Made): Made => ({ ...made, once: true });

/** How long a slow answer takes on the appliance's clock, in milliseconds. */
export const SLOW = 8_000;

/**
 * How long nothing is registered after a restart, in seconds; a test advances the appliance's clock past it. Not
 * longer: older tasks would seem to belong to another time.
 */
export const RESTART = 13;

export const CLASSES: readonly FaultClass[] = [
  class_("error 500", "trouble", status(500)),
  class_("429 with Retry-After", "busy", status(429, 1)),
  class_("503 with Retry-After", "trouble", status(503, 1)),
  class_("page, 200", "page", page(200)),
  class_("page, 401", "dead", page(401)),
  class_("page, 502", "trouble", page(502)),
  class_("page, 502, after the effect", "trouble", late({ kind: "html", status: 502, afterEffect: true })),
  class_("page, 503", "trouble", page(503)),
  class_("page, 504", "trouble", page(504)),
  class_("dropped before the effect", "none", lost({ kind: "drop-before-effect" })),
  class_("dropped after the effect", "none", late({ kind: "drop-after-effect" })),
  class_("reset before the effect", "none", lost({ kind: "reset" })),
  class_("reset after the effect", "none", late({ kind: "reset", afterEffect: true })),
  class_("slow before the effect", "slow", late({ kind: "delay", ms: SLOW })),
  class_("slow after the effect", "slow", late({ kind: "delay", ms: SLOW, afterEffect: true })),
  class_("long-tailed latency", "good", late({ kind: "delay", ms: { median: 20, p99: 200 } })),
  class_("stalled half-way", "slow", late({ kind: "stall", ms: SLOW })),
  class_("cut in half", "none", late({ kind: "truncate" })),
  class_("wrong content type", "good", late({ kind: "content-type", value: "text/plain" })),
  class_("6 MB body", "good", late({ kind: "oversized", bytes: 6_000_000 })),
  class_("invalid UTF-8", "unreadable", late({ kind: "invalid-utf8" })),
  class_("floats", "good", late({ kind: "floats" })),
  class_("unknown enum values", "good", late({ kind: "unknown-enum" })),
  class_("extra fields", "good", late({ kind: "extra-fields" })),
  class_("missing field", "unreadable", named("missing-field")),
  class_("null field", "unreadable", named("null-field")),
  class_("huge text", "unreadable", named("huge-string", { bytes: 100_000 })),
  class_("duplicate ids", "good", late({ kind: "duplicate-ids" })),
  class_("odd ids", "good", late({ kind: "odd-ids" })),
  class_("wrong total", "good", late({ kind: "wrong-total", value: 1 })),
  class_("wrong date", "good", late({ kind: "clock-skew", seconds: 7_200 })),
  class_("restart, 404", "starting", once(lost({ kind: "restart", seconds: RESTART, status: 404 }))),
  class_("restart, 401", "starting", once(lost({ kind: "restart", seconds: RESTART, status: 401 }))),
  class_("restart, page", "trouble", once(lost({ kind: "restart", seconds: RESTART, status: 503 }))),
  class_("access tokens revoked", "renewed", once(lost({ kind: "revoke-access" }))),
  class_("refresh tokens revoked", "forgotten", once(late({ kind: "revoke-refresh" }))),
  class_("another source address", "address", lost({ kind: "source-address", address: "192.0.2.254" })),
  class_("task gone", "gone", late({ kind: "task-gone" }), true),
  class_("status moves backwards", "good", late({ kind: "status-regress" }), true),
  class_("cancel never takes effect", "good", late({ kind: "cancel-requested" }), true),
  class_("finished without result", "good", late({ kind: "finished-without-result" }), true),
  class_("page, 404", "page", page(404)),
];
