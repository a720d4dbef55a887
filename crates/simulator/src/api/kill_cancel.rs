//! `PATCH /mgmt/cm/access/tasks/kill-sessions/<id>`: asks a task to stop. Made up but for the refusal
//! to restart a running task, which is captured from another worker.

use serde_json::json;

use super::kill_tasks;
use crate::accounts::Account;
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::gate;
use crate::gson::{self, Unreadable};

/// Cancels a running task.
pub(super) fn patch(appliance: &mut Appliance, account: Account, call: &Call, id: &str) -> Reply {
    if !account.may_kill() {
        return Err(gate::not_permitted(appliance, account, call));
    }
    let unreadable = |Unreadable(text)| Problem::new(400, text).quoting(call.body.clone());
    let sent = gson::object(&call.body).map_err(unreadable)?;
    let wanted = gson::text(&call.body, &sent, "status").map_err(unreadable)?.unwrap_or_default();
    let stored =
        appliance.tasks.find(id, &appliance.settings).ok_or_else(|| kill_tasks::gone(id))?;
    let status = stored.get("status").and_then(|s| s.as_str()).unwrap_or_default().to_owned();
    // A refused change quotes both sides (captured).
    let refuse = |message: String| {
        let quote = json!({"clientState": sent, "storageState": stored}).to_string();
        Err(Problem::new(400, message).quoting(quote))
    };
    let now = appliance.now();
    match wanted.as_str() {
        "CANCEL_REQUESTED" => match appliance.tasks.cancel(id, now) {
            Some(task) => Ok(Answer::json(200, task.json(&appliance.settings))),
            None => refuse(format!("simulator: task {id} is not running, status: {status}.")),
        },
        "STARTED" if status == "STARTED" => {
            refuse(format!("Cannot restart running task {id}, status: {status}."))
        }
        other => refuse(format!("simulator: status {other} cannot be asked for")),
    }
}
