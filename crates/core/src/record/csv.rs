//! The record as CSV (RFC 4180, with a byte order mark, by which spreadsheets recognize UTF-8). It must not let a spreadsheet
//! read a cell as a formula, whichever separator it uses.

use super::event::EventRecord;
use super::failure::FailureRecord;
use super::{DeviceFailureRecord, JobRecord, Record, SessionRecord};
use crate::ids::{MachineId, TaskId, UserName};
use std::fmt::Write as _;

pub(super) const COLUMNS: [&str; 20] = [
    "row", "batch", "job", "time", "until", "source", "operator", "bigiq", "reason", "action",
    "user", "task", "device", "name", "cluster", "session", "outcome", "detail", "app", "reached",
];

/// The most characters of a cell: spreadsheets read about 32,767. The JSON form has the rest.
const LONGEST_CELL: usize = 32_000;

/// The cells of a row, besides those that all rows of a job have in common.
#[derive(Default)]
struct Row<'a> {
    row: &'static str,
    time: &'a str,
    until: &'a str,
    source: &'a str,
    user: &'a str,
    device: &'a str,
    name: &'a str,
    cluster: &'a str,
    session: &'a str,
    outcome: &'a str,
    detail: &'a str,
    reached: &'a str,
}

impl Record {
    /// The record as CSV, with a row for each job, device, session, comparison and event. A `'` is inserted before anything that
    /// could start a formula, so use the JSON form to compare texts exactly.
    pub fn to_csv(&self) -> String {
        let mut out = String::from("\u{feff}");
        line(&mut out, &COLUMNS);
        for job in &self.jobs {
            Rows { record: self, job, out: &mut out }.all();
        }
        out
    }
}

struct Rows<'a> {
    record: &'a Record,
    job: &'a JobRecord,
    out: &'a mut String,
}

impl Rows<'_> {
    fn all(&mut self) {
        let job = self.job;
        self.row(&Row {
            row: "job",
            time: &self.record.confirmed_at.text,
            until: job.ended_at.as_ref().map_or("", |at| &at.text),
            outcome: job.stands.end.unwrap_or(job.stands.phase),
            detail: &job.request.to_json(),
            reached: &self.record.devices_reached.to_text(),
            ..Row::default()
        });
        for device in &job.devices {
            let place = Row {
                device: device.id.as_str(),
                name: &device.name,
                cluster: device.cluster.as_deref().unwrap_or_default(),
                ..Row::default()
            };
            let detail = failures(&device.failures);
            let outcome = device.outcome;
            self.row(&Row { row: "device", outcome, detail: &detail, ..place });
            for session in &device.sessions {
                let outcome = session.outcome;
                self.row(&Row { row: "session", session: session.id.as_str(), outcome, ..place });
            }
        }
        if !job.elsewhere.is_empty() {
            let detail = failures(&job.elsewhere);
            self.row(&Row {
                row: "elsewhere",
                outcome: "failed",
                detail: &detail,
                ..Row::default()
            });
        }
        for session in &job.checked {
            self.checked(session);
        }
        for event in &job.timeline {
            self.event(event);
        }
    }

    fn checked(&mut self, session: &SessionRecord) {
        self.row(&Row {
            row: "checked",
            source: "sessions",
            user: session.user.as_ref().map_or("", UserName::as_str),
            device: &in_a_row(&session.devices),
            session: session.id.as_str(),
            outcome: session.outcome,
            ..Row::default()
        });
    }

    fn event(&mut self, event: &EventRecord) {
        let place = event.returned.as_ref().map(|one| Row {
            user: one.user.as_str(),
            device: one.device.as_str(),
            name: &one.name,
            session: one.session.as_str(),
            ..Row::default()
        });
        self.row(&Row {
            row: "event",
            time: &event.at.text,
            until: event.until.as_ref().map_or("", |at| &at.text),
            source: event.source,
            outcome: event.what,
            detail: &detail(event),
            ..place.unwrap_or_default()
        });
    }

    fn row(&mut self, row: &Row<'_>) {
        let (record, job) = (self.record, self.job);
        let user = if row.user.is_empty() { job.request.user_name() } else { Some(row.user) };
        line(
            self.out,
            &[
                row.row,
                record.batch.as_str(),
                job.id.as_str(),
                row.time,
                row.until,
                row.source,
                &record.operator,
                &record.bigiq,
                &record.reason,
                job.request.action(),
                user.unwrap_or_default(),
                job.task.as_ref().map_or("", TaskId::as_str),
                row.device,
                row.name,
                row.cluster,
                row.session,
                row.outcome,
                row.detail,
                &record.app,
                row.reached,
            ],
        );
    }
}

/// `key=value` parts separated by spaces, with texts last.
fn detail(event: &EventRecord) -> String {
    let mut out = Parts::default();
    out.part("times", (event.times > 1).then_some(event.times));
    out.part("odd", event.odd.then_some(true));
    out.part("why", event.why);
    out.part("task", event.task.as_ref());
    out.part("status", event.status.as_deref());
    out.part("step", event.step.as_deref());
    out.part("result", event.result.as_deref());
    out.part("ids", (!event.ids.is_empty()).then(|| event.ids.join(" ")));
    if let Some(verdict) = &event.verdict {
        let numbers = verdict.numbers;
        out.part("finding", Some(verdict.finding));
        out.part("gone", Some(numbers.gone));
        out.part("remaining", Some(numbers.remaining));
        out.part("unreadable", Some(numbers.unreadable));
        out.part("cameBack", Some(numbers.came_back));
        out.part("blind", Some(numbers.blind));
    }
    out.part("minutes", event.minutes);
    if let Some(one) = &event.returned {
        out.part("client", one.client.as_deref());
        out.part("startedAt", one.started_at.as_ref().map(|at| at.text.as_str()));
    }
    if let Some(FailureRecord { kind, status, message }) = &event.failure {
        out.part("failure", Some(kind));
        out.part("http", *status);
        out.part("message", message.as_deref());
    }
    out.part("message", event.message.as_deref());
    out.0
}

fn in_a_row(ids: &[MachineId]) -> String {
    ids.iter().map(MachineId::as_str).collect::<Vec<_>>().join(" ")
}

fn failures(failures: &[DeviceFailureRecord]) -> String {
    let mut out = Parts::default();
    for failure in failures {
        out.part("device", failure.device.as_deref());
        out.part("host", failure.host.as_deref());
        out.part(
            "failedIds",
            (!failure.failed_ids.is_empty()).then(|| failure.failed_ids.join(" ")),
        );
        out.part("code", failure.code.as_deref());
        out.part("message", failure.message.as_deref());
    }
    out.0
}

#[derive(Default)]
struct Parts(String);

impl Parts {
    fn part(&mut self, key: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            let blank = if self.0.is_empty() { "" } else { " " };
            // Writing to a `String` can't fail.
            _ = write!(self.0, "{blank}{key}={value}");
        }
    }
}

/// Writes a row.
pub(crate) fn line(out: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push('"');
        harmless(cell, out);
        out.push('"');
    }
    out.push_str("\r\n");
}

/// Inserts a `'` before anything that could start a formula: at the start of the cell, and after each character that is a
/// cell separator in some spreadsheet's locale.
fn harmless(cell: &str, out: &mut String) {
    let mut starts = true;
    for (place, c) in cell.chars().enumerate() {
        if place == LONGEST_CELL {
            out.push('…');
            return;
        }
        if starts && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            out.push('\'');
        }
        out.push(c);
        if c == '"' {
            out.push(c);
        }
        let splits = matches!(c, ',' | ';' | '\t' | '|' | '\n' | '\r');
        // guard: csv-formula
        starts = splits || starts && (c.is_whitespace() || c == '"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", "plain")]
    #[case("a \"b\"", "a \"\"b\"\"")]
    #[case("=1+1", "'=1+1")]
    #[case("  @SUM(A1)", "  '@SUM(A1)")]
    #[case("\t-1", "\t'-1")]
    #[case("x;=cmd|'/c calc'!A1", "x;'=cmd|'/c calc'!A1")]
    #[case("\"=1\"", "\"\"'=1\"\"")]
    #[case("a-b=c", "a-b=c")]
    #[case("＝1", "'＝1")]
    fn no_formula(#[case] cell: &str, #[case] expected: &str) {
        let mut out = String::new();
        harmless(cell, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn a_cell_is_no_longer_than_spreadsheets_read() {
        let mut out = String::new();
        harmless(&"é".repeat(LONGEST_CELL), &mut out);
        assert_eq!(out.chars().count(), LONGEST_CELL);
        out.clear();
        harmless(&"é".repeat(LONGEST_CELL + 1), &mut out);
        assert!(out.ends_with("é…"));
        assert_eq!(out.chars().count(), LONGEST_CELL + 1);
    }

    /// Reads one line by the rules of RFC 4180.
    fn read(line: &str) -> Vec<String> {
        let inner = line.strip_prefix('"').unwrap().strip_suffix("\"\r\n").unwrap();
        inner.split("\",\"").map(|cell| cell.replace("\"\"", "\"")).collect()
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_stays_in_it(cells in prop::collection::vec("[a-z ]{1,3}[=+@;\t\n'a-z\\-]{0,8}|[=+@;\t\n|'a-z \\-]{0,9}", 1..5)) {
            let refs: Vec<&str> = cells.iter().map(String::as_str).collect();
            let mut out = String::new();
            line(&mut out, &refs);
            let back = read(&out);
            prop_assert_eq!(back.len(), cells.len());
            for (cell, written) in cells.iter().zip(&back) {
                for piece in written.split([',', ';', '\t', '|', '\n', '\r']) {
                    prop_assert!(!piece.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", piece);
                }
                // Only `'` characters were added.
                let mut left = written.chars();
                prop_assert!(cell.chars().all(|c| left.any(|l| l == c)));
                prop_assert_eq!(written.replace('\'', ""), cell.replace('\'', ""));
            }
        }
    }
}
