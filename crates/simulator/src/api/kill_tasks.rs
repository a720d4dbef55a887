//! `GET /mgmt/cm/access/tasks/kill-sessions[/<id>]`: kill tasks of everybody (documented,
//! specification section 3).

use serde_json::{Map, Value};

use super::query;
use crate::answer::{Answer, Problem, Reply};
use crate::appliance::Appliance;
use crate::call::Call;
use crate::odata::at_path;

/// The collection.
pub(super) fn list(appliance: &Appliance, call: &Call) -> Reply {
    let query = query(call)?;
    let field = |task: &Map<String, Value>, path: &str| at_path(task, path).cloned();
    let (found, page) = query.find(appliance.tasks.all(&appliance.settings), field);
    let items = found.into_iter().map(|task| query.project(task).into()).collect();
    let mut collection = appliance.tasks.collection(items);
    if let Some(page) = page {
        page.write(&mut collection);
    }
    Ok(Answer::json(200, collection))
}

/// One task.
pub(super) fn item(appliance: &Appliance, call: &Call, id: &str) -> Reply {
    let query = query(call)?;
    let task = appliance.tasks.find(id, &appliance.settings).ok_or_else(|| gone(id))?;
    Ok(Answer::json(200, query.project(task)))
}

/// The answer about a task that is not there: the message is the bare path (documented for another
/// task worker).
pub(super) fn gone(id: &str) -> Problem {
    Problem::new(404, format!("cm/access/tasks/kill-sessions/{id}"))
}
