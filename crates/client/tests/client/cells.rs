//! What was seen in each cell of the fault matrix, for `scripts/cells.mjs`, which compares it with what
//! `tests/e2e/matrix.spec.ts` sees in a browser. `CURFEW_CELLS` names the folder; without it nothing is written.

use crate::scene::KILL;
use crate::virtual_browser::VirtualBrowser;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::env::var;

/// What was seen in a cell.
pub(crate) struct Cell {
    /// What was shown.
    pub(crate) shown: String,
    /// The requests to BIG-IQ until then.
    pub(crate) requests: Vec<String>,
}

impl Cell {
    /// `since` is how many calls BIG-IQ had received before the cell.
    pub(crate) fn new(browser: &VirtualBrowser, since: usize, kind: &Value, shown: &str) -> Self {
        let calls = browser.control("GET", "/_sim/requests", &Value::Null);
        Self {
            shown: shown.to_owned(),
            requests: requests(&calls.as_array().unwrap()[since..], kind),
        }
    }
}

/// Each kill and cancel request that BIG-IQ received, in order, and then each other kind of call that met the fault,
/// once: how often Curfew polls is a matter of time, and a browser repeats a DELETE by itself if the connection breaks.
fn requests(calls: &[Value], kind: &Value) -> Vec<String> {
    let path = |call: &Value| call["path"].as_str().unwrap().to_owned();
    let is_write = |call: &&Value| call["method"] != "GET" && path(call).starts_with(KILL);
    let line = |call: &Value| {
        let is_id = |part: &str| part.contains(|c: char| c.is_ascii_digit());
        let path = path(call);
        let path: Vec<&str> =
            path.split('/').map(|part| if is_id(part) { "*" } else { part }).collect();
        format!("{} {} {}", call["method"].as_str().unwrap(), path.join("/"), call["status"])
    };
    let writes = calls.iter().filter(is_write).map(line);
    let others = calls.iter().filter(|call| !is_write(call) && call["fault"] == *kind).map(line);
    writes.chain(others.collect::<BTreeSet<String>>()).collect()
}

/// Writes what was seen in the cells of an operation.
pub(crate) fn write(operation: &str, cells: Vec<(&str, Cell)>) {
    let Some(folder) = var("CURFEW_CELLS").ok().filter(|_| !cells.is_empty()) else { return };
    let cells = cells.into_iter().map(|(class, Cell { shown, requests })| {
        (class.to_owned(), json!({"shown": shown, "requests": requests}))
    });
    std::fs::create_dir_all(&folder).unwrap();
    let text = Value::Object(cells.collect::<Map<String, Value>>()).to_string();
    std::fs::write(format!("{folder}/{operation}.json"), text).unwrap();
}
