//! The report as the diagnostics page shows it in English: a line for each question, `devices, first: {items: 1 [{…}], …}`, or
//! `role of this BIG-IQ: Not found on BIG-IQ: 404 {code: whole, …}` if the question was refused.

use regex_lite::Regex;

use super::report::{Finding, Report};

/// The name of each question in JSON, and in the English report.
pub(super) const QUESTIONS: [(&str, &str); 20] = [
    ("devices-counted", "devices, counted"),
    ("devices-selected", "devices, one property selected"),
    ("task-schema", "schema of a kill task"),
    ("missing-task", "a task that does not exist"),
    ("no-filter", "resolver, no filter at all"),
    ("before-sign-in", "before sign-in"),
    ("permissions", "what this role may do"),
    ("first-device", "devices, first"),
    ("past-the-end", "devices, past the end"),
    ("paging", "paging"),
    ("access-groups", "groups by access_group"),
    ("config-groups", "groups by config_group"),
    ("reachability", "reachability of devices"),
    ("own-role", "role of this BIG-IQ"),
    ("newest-tasks", "newest kill tasks"),
    ("no-match", "resolver, filter without match"),
    ("this-bigiq", "this BIG-IQ"),
    ("trusted-device", "one trusted device"),
    ("device-role", "role of a device"),
    ("device-sessions", "live sessions of a device"),
];

/// Reads the lines that hold an answer; the others are not about BIG-IQ.
pub(super) fn read(text: &str) -> Result<Report, String> {
    let refused = Regex::new(r"^(?:[^{]*: )?(\d{3}) (\{.*|page|nothing|no JSON)$")
        .map_err(|error| error.to_string())?;
    let mut report = Report::default();
    for line in text.lines().map(str::trim) {
        let asked = QUESTIONS
            .iter()
            .find_map(|(name, label)| Some((*name, line.strip_prefix(label)?.strip_prefix(": ")?)));
        let Some((question, answer)) = asked else { continue };
        let mut finding = Finding { question: question.to_owned(), ..Finding::default() };
        if let Some(parts) = refused.captures(answer) {
            finding.status = parts.get(1).and_then(|status| status.as_str().parse().ok());
            finding.shape = parts.get(2).map(|shape| shape.as_str()).unwrap_or_default().to_owned();
        } else if answer.starts_with('{') || matches!(answer, "kept" | "ignored" | "page") {
            finding.status = Some(200);
            answer.clone_into(&mut finding.shape);
        }
        report.findings.push(finding);
    }
    if report.findings.is_empty() {
        return Err("neither JSON nor a report with the lines of a check in English".to_owned());
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_questions_have_the_names_that_the_report_shows() {
        let texts: Value =
            serde_json::from_str(include_str!("../../../../languages/en.json")).unwrap();
        for (name, label) in QUESTIONS {
            assert_eq!(texts[format!("question_{}", name.replace('-', "_"))], label, "{name}");
        }
        let questions =
            texts.as_object().unwrap().keys().filter(|key| key.starts_with("question_"));
        assert_eq!(questions.count(), QUESTIONS.len(), "QUESTIONS and docs/self-check.md list all");
    }

    #[test]
    fn reads_each_kind_of_line() {
        let report = read(
            "Curfew 0.1.0, abc\r\n\
             devices, first: {items: 1 [{hostname: text}]}\n\
             paging: ignored\n\
             role of this BIG-IQ: Not found on BIG-IQ: 404 {code: whole, message: text}\n\
             this BIG-IQ: No answer from BIG-IQ\n\
             before sign-in: Got a web page instead of an answer from BIG-IQ: 502 page",
        );
        let found = report.unwrap().findings;
        let found: Vec<_> =
            found.iter().map(|f| (f.question.as_str(), f.status, f.shape.as_str())).collect();
        let expected = [
            ("first-device", Some(200), "{items: 1 [{hostname: text}]}"),
            ("paging", Some(200), "ignored"),
            ("own-role", Some(404), "{code: whole, message: text}"),
            ("this-bigiq", None, ""),
            ("before-sign-in", Some(502), "page"),
        ];
        assert_eq!(found, expected);
        assert!(read("Bericht").is_err());
    }
}
