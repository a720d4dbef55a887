//! The report of the self-check as JSON: which kinds of answers a BIG-IQ gives, and nothing of what is in them. The simulator
//! reads it as a profile; `docs/self-check.md` describes the format.

use crate::job::Refusal;
use serde::Serialize;
use serde_json::Value;

/// Name and number of the format.
const FORMAT: &str = "curfew-self-check/1";

/// The words in the status of a task that may be reported.
const STATUSES: [&str; 7] =
    ["CREATED", "STARTED", "FINISHED", "FAILED", "CANCELED", "CANCELLED", "CANCEL_REQUESTED"];

/// What is asked: the endpoint, and what is special about the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// Devices, with their number.
    DevicesCounted,
    /// Devices, with one property each.
    DevicesSelected,
    /// The schema of a kill task.
    TaskSchema,
    /// A task that does not exist.
    MissingTask,
    /// All devices of the resolver, without a filter.
    NoFilter,
    /// What BIG-IQ reports before the sign-in.
    BeforeSignIn,
    /// What the operator's role may do.
    Permissions,
    /// The first device.
    FirstDevice,
    /// Devices beyond the last one.
    PastTheEnd,
    /// What the answer to [`Self::PastTheEnd`] shows about paging.
    Paging,
    /// Groups by their flag for access.
    AccessGroups,
    /// Groups by their flag for configuration.
    ConfigGroups,
    /// Whether devices are reachable.
    Reachability,
    /// The HA role of this BIG-IQ.
    OwnRole,
    /// The newest kill tasks.
    NewestTasks,
    /// A filter that no device matches.
    NoMatch,
    /// This BIG-IQ as a device.
    #[serde(rename = "this-bigiq")]
    ThisBigIq,
    /// One trusted device.
    TrustedDevice,
    /// The HA role of a device.
    DeviceRole,
    /// The live sessions of a device.
    DeviceSessions,
}

/// A question and the kind of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// What was asked.
    pub question: Question,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// What a refusal means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<&'static str>,
    /// The shape of the answer.
    pub shape: String,
}

/// A collection that is read page by page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// The Access list.
    Access,
    /// The machineid-resolver.
    Resolver,
    /// The kill tasks.
    Tasks,
}

/// The bodies that show how a collection is paged; empty where no answer came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// The answer to the first items.
    pub first: String,
    /// The answer to the one item after those of the first answer.
    pub next: String,
    /// The answer to one item far beyond the end.
    pub beyond: String,
}

impl Collection {
    /// How many items are asked for. A task is larger than the fields of a device that are read.
    pub fn top(self) -> usize {
        match self {
            Self::Access | Self::Resolver => 500,
            Self::Tasks => 50,
        }
    }
}

/// How a collection is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(skip_serializing_if = "Option::is_none")]
    page_limit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<&'static str>,
    ignored: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_bytes: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
struct Lists {
    access: Listed,
    resolver: Listed,
    tasks: Listed,
    groups: Listed,
}

/// The report.
///
/// ```
/// use curfew_core::self_check::{Collection, Pages, Report};
///
/// let mut report = Report::new("0.1.0");
/// let first = r#"{"items": [{"machineId": "m1"}], "totalItems": 3}"#.to_owned();
/// report.note_pages(Collection::Access, &Pages { first, ..Pages::default() });
/// assert!(report.to_json().contains(r#""access":{"totals":"wrong","#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    format: &'static str,
    app: &'static str,
    /// The questions, in the order in which they were asked.
    pub findings: Vec<Answered>,
    lists: Lists,
    statuses: Vec<&'static str>,
}

impl Report {
    /// A report of this version of Curfew, without answers.
    pub fn new(app: &'static str) -> Self {
        let lists = Lists::default();
        Self { format: FORMAT, app, findings: Vec::new(), lists, statuses: Vec::new() }
    }

    /// Notes what the whole answer to a question shows besides its shape.
    pub fn note_answer(&mut self, question: Question, body: &str) {
        match question {
            Question::AccessGroups | Question::ConfigGroups => {
                let items = Items::of(&read(body));
                if items.count > 0 {
                    self.lists.groups.totals = Some(items.totals());
                }
            }
            Question::TrustedDevice => {
                self.lists.resolver.item_bytes = Some(body.len());
            }
            _ => {}
        }
    }

    /// Notes how a collection is paged.
    pub fn note_pages(&mut self, collection: Collection, pages: &Pages) {
        let first = read(&pages.first);
        let on_first = Items::of(&first);
        let list = match collection {
            Collection::Access => &mut self.lists.access,
            Collection::Resolver => &mut self.lists.resolver,
            Collection::Tasks => {
                self.statuses = statuses(&first);
                &mut self.lists.tasks
            }
        };
        list.properties = items(&first).into_iter().flatten().find_map(properties);
        let there = |body: &str| Items::of(&read(body)).count > 0;
        let (ignores_skip, more) = (there(&pages.beyond), there(&pages.next));
        if ignores_skip {
            list.ignored.push("$skip");
        }
        let top = collection.top();
        if on_first.count > top {
            list.ignored.push("$top");
        }
        let is_short = (1..top).contains(&on_first.count) && !ignores_skip;
        list.page_limit = Some(on_first.count).filter(|_| is_short && more);
        // The total can be judged only if all items are known.
        if on_first.count > 0 && (on_first.total.is_none() || is_short && !more) {
            list.totals = Some(on_first.totals());
        }
    }

    /// The report as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What a refusal means, in the words of the report.
pub fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NotPermitted => "not-permitted",
        Refusal::NotFound => "not-found",
        Refusal::NotRegistered => "not-registered",
        _ => "other",
    }
}

/// The number of items in an answer, and the number that it reports.
struct Items {
    count: usize,
    total: Option<f64>,
}

impl Items {
    fn of(answer: &Value) -> Self {
        let total = answer.get("totalItems").and_then(Value::as_f64);
        Self { count: items(answer).map_or(0, Vec::len), total }
    }

    /// Of an answer with all items.
    fn totals(&self) -> &'static str {
        match self.total {
            None => "absent",
            Some(total) if total as usize == self.count => "right",
            Some(_) => "wrong",
        }
    }
}

/// The known words in the status of the tasks, each once.
fn statuses(answer: &Value) -> Vec<&'static str> {
    let tasks = items(answer).into_iter().flatten();
    let said: Vec<_> = tasks.filter_map(|task| task.get("status")?.as_str()).collect();
    STATUSES.into_iter().filter(|status| said.contains(status)).collect()
}

fn items(answer: &Value) -> Option<&Vec<Value>> {
    answer.get("items")?.as_array()
}

/// Where the fields of a device's `properties` are.
fn properties(device: &Value) -> Option<&'static str> {
    let properties = device.get("properties")?;
    let has = |name: &str| properties.get(name).is_some();
    if has("cm-access-allBigIpDevices") {
        Some("nested")
    } else {
        ["discovered", "imported", "clusterName"].into_iter().any(has).then_some("flat")
    }
}

fn read(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn page(count: usize, total: Option<u64>) -> String {
        let mut page = json!({"items": vec![json!({"machineId": "m1"}); count]});
        if let Some(total) = total {
            page["totalItems"] = total.into();
        }
        page.to_string()
    }

    fn lists(report: &Report) -> Value {
        serde_json::from_str::<Value>(&report.to_json()).unwrap()["lists"].clone()
    }

    #[rstest]
    #[case::whole(3, Some(3), 0, 0, json!({"totals": "right", "ignored": []}))]
    #[case::another_total(3, Some(9), 0, 0, json!({"totals": "wrong", "ignored": []}))]
    #[case::no_total(3, None, 0, 0, json!({"totals": "absent", "ignored": []}))]
    #[case::short_pages(7, Some(9), 1, 0, json!({"pageLimit": 7, "ignored": []}))]
    #[case::short_pages_without_totals(7, None, 1, 0, json!({"pageLimit": 7, "totals": "absent", "ignored": []}))]
    #[case::no_skip(3, Some(3), 1, 1, json!({"ignored": ["$skip"]}))]
    #[case::no_top(501, Some(501), 0, 0, json!({"ignored": ["$top"]}))]
    #[case::nothing(0, None, 0, 0, json!({"ignored": []}))]
    fn how_a_collection_is_paged(
        #[case] first: usize,
        #[case] total: Option<u64>,
        #[case] next: usize,
        #[case] beyond: usize,
        #[case] expected: Value,
    ) {
        for (collection, name) in [
            (Collection::Access, "access"),
            (Collection::Resolver, "resolver"),
            (Collection::Tasks, "tasks"),
        ] {
            let mut report = Report::new("0.1.0");
            let pages = Pages {
                first: page(first, total),
                next: page(next, None),
                beyond: page(beyond, None),
            };
            report.note_pages(collection, &pages);
            assert_eq!(lists(&report)[name], expected, "{name}");
        }
    }

    #[rstest]
    #[case(json!({"cm-access-allBigIpDevices": {"imported": true}}), json!("nested"))]
    #[case(json!({"imported": "true"}), json!("flat"))]
    #[case(json!({}), Value::Null)]
    #[case(json!("text"), Value::Null)]
    fn where_the_fields_of_a_device_are(#[case] properties: Value, #[case] expected: Value) {
        let mut report = Report::new("0.1.0");
        let first = json!({"items": [{"machineId": "m1"}, {"properties": properties}]});
        let pages = Pages { first: first.to_string(), ..Pages::default() };
        report.note_pages(Collection::Resolver, &pages);
        assert_eq!(lists(&report)["resolver"]["properties"], expected);
    }

    #[test]
    fn the_size_of_a_whole_device() {
        let mut report = Report::new("0.1.0");
        report.note_answer(Question::TrustedDevice, "{\"a\": 1}");
        assert_eq!(lists(&report)["resolver"]["itemBytes"], 8);
    }

    #[test]
    fn a_full_page_has_no_limit() {
        for collection in [Collection::Access, Collection::Tasks] {
            let first = page(collection.top(), Some(900));
            let mut report = Report::new("0.1.0");
            report
                .note_pages(collection, &Pages { first, next: page(1, None), ..Pages::default() });
            let silent = Report::new("0.1.0");
            assert_eq!(lists(&report), lists(&silent));
        }
    }

    #[test]
    fn the_flag_that_finds_groups_shows_their_total() {
        let mut report = Report::new("0.1.0");
        report.note_answer(Question::AccessGroups, &page(0, Some(0)));
        assert_eq!(lists(&report)["groups"], json!({"ignored": []}));
        report.note_answer(Question::ConfigGroups, &page(2, Some(1)));
        assert_eq!(lists(&report)["groups"]["totals"], "wrong");
    }

    #[test]
    fn the_whole_report() {
        let mut report = Report::new("0.1.0");
        let answered = |question, status, refusal, shape: &str| Answered {
            question,
            status,
            refusal,
            shape: shape.to_owned(),
        };
        report.findings = vec![
            answered(Question::ThisBigIq, Some(200), None, "{items: 1 [{version: 8.1.0}]}"),
            answered(Question::OwnRole, Some(403), Some(refusal(Refusal::NotPermitted)), "page"),
            answered(Question::NoMatch, None, None, ""),
        ];
        let first = json!({"items": [{"status": "CANCELED"}, {"status": "of user2"}, {"status": "STARTED"}]});
        report
            .note_pages(Collection::Tasks, &Pages { first: first.to_string(), ..Pages::default() });
        let expected = r#"{"format":"curfew-self-check/1","app":"0.1.0","findings":[{"question":"this-bigiq","status":200,"shape":"{items: 1 [{version: 8.1.0}]}"},{"question":"own-role","status":403,"refusal":"not-permitted","shape":"page"},{"question":"no-match","status":null,"shape":""}],"lists":{"access":{"ignored":[]},"resolver":{"ignored":[]},"tasks":{"totals":"absent","ignored":[]},"groups":{"ignored":[]}},"statuses":["STARTED","CANCELED"]}"#;
        assert_eq!(report.to_json(), expected);
    }

    proptest! {
        #[test]
        fn no_value_of_an_answer_is_reported(
            value in "[A-Za-z0-9.-]{6,20}",
            question in prop::sample::select(vec![
                Question::AccessGroups, Question::ConfigGroups, Question::TrustedDevice, Question::NewestTasks,
            ]),
            collection in prop::sample::select(vec![
                Collection::Access, Collection::Resolver, Collection::Tasks,
            ]),
        ) {
            let quiet = Report::new("0.1.0").to_json();
            prop_assume!(!quiet.contains(&value) && !STATUSES.iter().any(|status| status.contains(&value)));
            let item = json!({"machineId": value, "status": value, &value: value, "properties": {&value: {&value: value}}});
            let body = json!({"items": [item.clone(), item], "totalItems": value, &value: value}).to_string();
            let mut report = Report::new("0.1.0");
            report.note_answer(question, &body);
            report.note_pages(collection, &Pages { first: body.clone(), next: body.clone(), beyond: body });
            prop_assert!(!report.to_json().contains(&value), "{}", report.to_json());
        }
    }
}
