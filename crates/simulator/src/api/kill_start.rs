//! `POST /mgmt/cm/access/tasks/kill-sessions`: starts a kill (documented, specification section 2).

use serde_json::Value;

use crate::accounts::Account;
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::gate;
use crate::tasks::{Invalid, KillRequest, Stamp};

/// Starts a task, if the caller may and the request is whole. Sent twice, it starts two.
pub(super) fn post(appliance: &mut Appliance, account: Account, call: &Call) -> Reply {
    if !account.may_kill() {
        return Err(gate::not_permitted(appliance, account, call));
    }
    let stamp = Stamp { id: appliance.rng.uuid(), at: appliance.now() };
    let request = KillRequest::read(&call.body).map_err(|invalid| match invalid {
        Invalid::Unreadable(message) => Problem::new(400, message).quoting(call.body.clone()),
        Invalid::Incomplete { message, sent } => {
            Problem::new(400, message).quoting(stamp.quote(&sent))
        }
    })?;
    let settings = &appliance.settings;
    let task = appliance.tasks.start(request, account, stamp, &mut appliance.rng);
    Ok(Answer::json(settings.accepted_status, Value::from(task.first_reply(settings))))
}
