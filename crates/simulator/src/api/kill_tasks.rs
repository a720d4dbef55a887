//! `GET /mgmt/cm/access/tasks/kill-sessions[/<id>]`: the kill tasks of all users (documented,
//! specification section 3).

use crate::http::answer::Answer;
use crate::http::call::Call;
use crate::http::rest_error::{EndpointResult, RestError};
use crate::odata::query::Query;
use crate::world::appliance::Appliance;
use crate::world::settings::Settings;

/// All tasks.
pub(super) fn list(appliance: &Appliance, call: &Call) -> EndpointResult {
    let Settings { task_pages, item_fields, .. } = &appliance.settings;
    let query = Query::under(call, task_pages)?;
    let found = query.find(appliance.tasks.all(&appliance.settings));
    let shown = |task| query.project(item_fields.tasks.keep(task)).into();
    let items = found.items.into_iter().map(shown).collect();
    let mut collection = appliance.tasks.collection(items);
    if let Some(page) = found.page {
        page.write(&mut collection);
    }
    Ok(Answer::json(200, collection))
}

/// One task.
pub(super) fn item(appliance: &Appliance, call: &Call, id: &str) -> EndpointResult {
    let query = Query::of(call)?;
    let task = appliance.tasks.find(id, &appliance.settings).ok_or_else(|| not_found(id))?;
    Ok(Answer::json(200, query.project(appliance.settings.item_fields.tasks.keep(task))))
}

/// The error for a task that does not exist: its message is the path alone (documented for another
/// task worker).
pub(super) fn not_found(id: &str) -> RestError {
    RestError::new(404, format!("cm/access/tasks/kill-sessions/{id}"))
}

#[cfg(test)]
mod tests {
    use crate::test_server::{KILL, TestServer, reference};
    use serde_json::json;

    const LONE: &str = "3f320100-2177-42e0-8a46-2e33cd3366d";

    #[tokio::test]
    async fn tasks_can_be_sorted_paged_and_filtered() {
        let server = TestServer::new().await;
        let body = json!({"action": "KILL_ALL_SESSIONS", "deviceReferences": [reference(LONE)]});
        server.advance(60 * 86_400_000);
        let token = server.sign_in("admin").await;
        let id = server.send_as(&token, "POST", KILL, &body.to_string()).await.json()["id"].clone();
        server.advance(10_000);
        let query = "$orderby=lastUpdateMicros+desc&$top=1&$skip=0";
        let list = server.send_as(&token, "GET", &format!("{KILL}?{query}"), "").await.json();
        assert_eq!((&list["items"][0]["id"], &list["totalItems"]), (&id, &json!(4)));
        let query = "$filter=status+eq+FINISHED+and+username+eq+'admin'&$select=id,status";
        let list = server.send_as(&token, "GET", &format!("{KILL}?{query}"), "").await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        assert!(list.get("totalItems").is_none());
    }

    #[tokio::test]
    async fn a_missing_task_is_a_404_with_its_path() {
        let got = TestServer::new().await.get(&format!("{KILL}/none")).await;
        assert_eq!(
            (got.status, got.message().as_str()),
            (404, "cm/access/tasks/kill-sessions/none")
        );
        assert_eq!(got.keys(), ["code", "message", "referer", "restOperationId", "kind"]);
    }
}
