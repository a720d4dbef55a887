//! Every class of fault in the simulator's plan, and what a call gets as its answer: the same classes as in
//! `tests/e2e/support/fault-classes.ts`. Independent of the call.

use crate::cells::{Cell, write};
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a call gets as its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Odd, and still readable.
    Good,
    /// Good after a while.
    Slow,
    /// No answer, or a cut one.
    None,
    /// A page with a good status, or one that says nothing about the task.
    Page,
    Unreadable,
    Busy,
    /// A 5xx.
    Trouble,
    /// No worker is registered.
    Starting,
    /// The token is another client's.
    Address,
    /// No such thing.
    Gone,
    /// The token, said in a page.
    Dead,
    /// The access token is dead, the refresh token is not.
    Renewed,
    /// The refresh token is dead.
    Forgotten,
}

/// Whether a write takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Done,
    NotDone,
}

pub(crate) struct FaultClass {
    pub(crate) name: &'static str,
    pub(crate) answer: Answer,
    pub(crate) effect: Effect,
    /// Whether one fault is enough, because its effect lasts.
    pub(crate) once: bool,
    fault: Value,
}

impl FaultClass {
    /// The rule's fault, for an answer that needs this field.
    pub(crate) fn fault(&self, field: &str) -> Value {
        let mut fault = self.fault.clone();
        if fault.get("name").is_some() {
            fault["name"] = field.into();
        }
        fault
    }

    /// Whether it affects tasks only.
    pub(crate) fn is_of_tasks(&self) -> bool {
        let kinds = ["task-gone", "status-regress", "cancel-requested", "finished-without-result"];
        kinds.iter().any(|kind| self.fault["kind"] == *kind)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.effect == Effect::Done
    }
}

/// How long a slow answer takes, in milliseconds.
const SLOW: u32 = 8_000;

/// How long nothing is registered after a restart, in seconds.
pub(crate) const RESTART: u64 = 13;

pub(crate) fn classes() -> Vec<FaultClass> {
    use Answer::{
        Address, Busy, Dead, Forgotten, Gone, Good, None, Page, Renewed, Slow, Starting, Trouble,
        Unreadable,
    };
    use Effect::{Done, NotDone};
    let lasting =
        |name, answer, effect, fault| FaultClass { name, answer, effect, once: false, fault };
    let once = |name, answer, effect, fault| FaultClass {
        once: true,
        ..lasting(name, answer, effect, fault)
    };
    let restart = |status: u16| json!({"kind": "restart", "seconds": RESTART, "status": status});
    let page = |status: u16| json!({"kind": "html", "status": status});
    let status = |status: u16| json!({"kind": "status", "status": status, "retryAfter": 1});
    vec![
        lasting("error 500", Trouble, NotDone, json!({"kind": "status", "status": 500})),
        lasting("429 with Retry-After", Busy, NotDone, status(429)),
        lasting("503 with Retry-After", Trouble, NotDone, status(503)),
        lasting("page, 200", Page, NotDone, page(200)),
        lasting("page, 401", Dead, NotDone, page(401)),
        lasting("page, 502", Trouble, NotDone, page(502)),
        lasting(
            "page, 502, after the effect",
            Trouble,
            Done,
            json!({"kind": "html", "status": 502, "afterEffect": true}),
        ),
        lasting("page, 503", Trouble, NotDone, page(503)),
        lasting("page, 504", Trouble, NotDone, page(504)),
        lasting("dropped before the effect", None, NotDone, json!({"kind": "drop-before-effect"})),
        lasting("dropped after the effect", None, Done, json!({"kind": "drop-after-effect"})),
        lasting("reset before the effect", None, NotDone, json!({"kind": "reset"})),
        lasting(
            "reset after the effect",
            None,
            Done,
            json!({"kind": "reset", "afterEffect": true}),
        ),
        lasting("slow before the effect", Slow, Done, json!({"kind": "delay", "ms": SLOW})),
        lasting(
            "slow after the effect",
            Slow,
            Done,
            json!({"kind": "delay", "ms": SLOW, "afterEffect": true}),
        ),
        lasting(
            "long-tailed latency",
            Good,
            Done,
            json!({"kind": "delay", "ms": {"median": 20, "p99": 200}}),
        ),
        lasting("stalled half-way", Slow, Done, json!({"kind": "stall", "ms": SLOW})),
        lasting("cut in half", None, Done, json!({"kind": "truncate"})),
        lasting(
            "wrong content type",
            Good,
            Done,
            json!({"kind": "content-type", "value": "text/plain"}),
        ),
        lasting("6 MB body", Good, Done, json!({"kind": "oversized", "bytes": 6_000_000})),
        lasting("invalid UTF-8", Unreadable, Done, json!({"kind": "invalid-utf8"})),
        lasting("floats", Good, Done, json!({"kind": "floats"})),
        lasting("unknown enum values", Good, Done, json!({"kind": "unknown-enum"})),
        lasting("extra fields", Good, Done, json!({"kind": "extra-fields"})),
        lasting("missing field", Unreadable, Done, json!({"kind": "missing-field", "name": ""})),
        lasting("null field", Unreadable, Done, json!({"kind": "null-field", "name": ""})),
        lasting(
            "huge text",
            Unreadable,
            Done,
            json!({"kind": "huge-string", "name": "", "bytes": 100_000}),
        ),
        lasting("duplicate ids", Good, Done, json!({"kind": "duplicate-ids"})),
        lasting("odd ids", Good, Done, json!({"kind": "odd-ids"})),
        lasting("wrong total", Good, Done, json!({"kind": "wrong-total", "value": 1})),
        lasting("wrong date", Good, Done, json!({"kind": "clock-skew", "seconds": 7_200})),
        once("restart, 404", Starting, NotDone, restart(404)),
        once("restart, 401", Starting, NotDone, restart(401)),
        once("restart, page", Trouble, NotDone, restart(503)),
        once("access tokens revoked", Renewed, NotDone, json!({"kind": "revoke-access"})),
        once("refresh tokens revoked", Forgotten, Done, json!({"kind": "revoke-refresh"})),
        lasting(
            "another source address",
            Address,
            NotDone,
            json!({"kind": "source-address", "address": "192.0.2.254"}),
        ),
        lasting("task gone", Gone, Done, json!({"kind": "task-gone"})),
        lasting("status moves backwards", Good, Done, json!({"kind": "status-regress"})),
        lasting("cancel never takes effect", Good, Done, json!({"kind": "cancel-requested"})),
        lasting("finished without result", Good, Done, json!({"kind": "finished-without-result"})),
        lasting("page, 404", Page, NotDone, page(404)),
    ]
}

/// Runs all cells of an operation, and then reports those that failed. A cell that has no counterpart in the browser
/// returns nothing.
pub(crate) fn run_all(
    name: &str,
    cells: usize,
    classes: &[FaultClass],
    run: &dyn Fn(&FaultClass) -> Option<Cell>,
) {
    let ran = classes.iter().map(|class| {
        println!("{name}, {}", class.name);
        (class.name, catch_unwind(AssertUnwindSafe(|| run(class))).ok())
    });
    let ran: Vec<(&str, Option<Option<Cell>>)> = ran.collect();
    println!("{name}: {} cells", ran.len());
    assert_eq!(ran.len(), cells);
    let failed = ran.iter().filter(|(_, cell)| cell.is_none());
    let failed: Vec<&str> = failed.map(|(class, _)| *class).collect();
    assert!(failed.is_empty(), "{name}: {}", failed.join("; "));
    write(name, ran.into_iter().filter_map(|(class, cell)| Some((class, cell??))).collect());
}
