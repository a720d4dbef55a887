//! Turns languages/en.json into Rust: a function for each text, with a parameter for each placeholder. The build script
//! uses it, and the tests of the crate.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a placeholder stands for. Its name decides, everywhere: `{user}` is a name in every text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// The number that selects the plural form.
    Count,
    /// A number with separators.
    Number,
    /// An HTTP status, without separators.
    Status,
    /// A name or words from elsewhere: isolated, so that its direction can't change the sentence around it.
    Name,
    /// Several names, numbers or phrases.
    List,
    /// A time or a duration.
    Time,
    /// A part of a sentence that is itself a text of the catalogue.
    Phrase,
}

const ARGUMENTS: [(Argument, &[&str]); 7] = [
    (Argument::Count, &["n"]),
    (
        Argument::Number,
        &["all", "checked", "done", "failed", "known", "least", "line", "most", "number", "users"],
    ),
    (Argument::Status, &["status"]),
    (
        Argument::Name,
        &[
            "action",
            "bigiq",
            "browser",
            "build",
            "call",
            "cluster",
            "column",
            "config",
            "device",
            "filter",
            "id",
            "message",
            "name",
            "operator",
            "path",
            "place",
            "reason",
            "result",
            "timestamp",
            "user",
            "version",
            "word",
        ],
    ),
    (
        Argument::List,
        &["counts", "ids", "keys", "lines", "names", "places", "similar", "versions", "words"],
    ),
    (Argument::Time, &["age", "ago", "span", "time"]),
    (
        Argument::Phrase,
        &[
            "amount",
            "app",
            "cluster_count",
            "comparison",
            "device_and_role",
            "device_count",
            "devices",
            "group_count",
            "help",
            "label",
            "missing",
            "next",
            "of_users",
            "other_script",
            "page",
            "problem",
            "report",
            "role",
            "script",
            "source",
            "task_state",
            "text",
            "title",
            "what",
        ],
    ),
];

fn argument(placeholder: &str) -> Option<Argument> {
    let of = |(kind, names): &(Argument, &[&str])| names.contains(&placeholder).then_some(*kind);
    ARGUMENTS.iter().find_map(of)
}

/// The endings of keys, in the style of i18next: `device_count_one`, `device_count_other`. The letters name the forms in
/// a compiled text.
const FORMS: [(&str, char); 6] =
    [("_zero", 'z'), ("_one", 'o'), ("_two", 't'), ("_few", 'f'), ("_many", 'm'), ("_other", '*')];

/// Separates the plural forms of a compiled text.
const SEPARATOR: char = '\u{1f}';

/// Words of Rust that would otherwise be good keys.
const RESERVED: [&str; 38] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while",
];

/// A text: one form, or several for counts.
struct Text {
    forms: Vec<(Option<char>, String)>,
}

impl Text {
    fn is_plural(&self) -> bool {
        self.forms.iter().all(|(form, _)| form.is_some())
    }

    /// Its placeholders, in the order in which they first appear.
    fn placeholders(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for (_, text) in &self.forms {
            for part in text.split('{').skip(1) {
                let name = part.split_once('}').map_or(part, |(name, _)| name);
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        found
    }

    /// The parameters of its function.
    fn arguments(&self) -> Vec<&str> {
        let mut names = self.placeholders();
        // A count may select the form without being shown.
        if self.is_plural() && !names.contains(&"n") {
            names.insert(0, "n");
        }
        names
    }

    /// As the app holds it: the text, or each form after its letter. A placeholder is one character: the first argument is
    /// U+0001.
    fn compiled(&self) -> String {
        let arguments = self.arguments();
        let numbered = |text: &String| {
            arguments.iter().zip('\u{1}'..).fold(text.clone(), |text, (name, mark)| {
                text.replace(&format!("{{{name}}}"), &mark.to_string())
            })
        };
        let forms = self.forms.iter().map(|(form, text)| match form {
            Some(letter) => format!("{letter}{}", numbered(text)),
            None => numbered(text),
        });
        forms.collect::<Vec<_>>().join(&SEPARATOR.to_string())
    }
}

/// The texts of a language by their keys, without the endings of plural forms.
fn texts(json: &str, errors: &mut Vec<String>) -> BTreeMap<String, Text> {
    let mut all: BTreeMap<String, Text> = BTreeMap::new();
    let parsed: Map<String, Value> = match serde_json::from_str(json) {
        Ok(parsed) => parsed,
        Err(error) => {
            errors.push(format!("languages/en.json: must be a JSON object: {error}"));
            return all;
        }
    };
    for (key, value) in &parsed {
        let Some(text) = value.as_str() else {
            errors.push(format!("languages/en.json: {key} must be a text"));
            continue;
        };
        let of = |(ending, letter): &(&str, char)| Some((key.strip_suffix(ending)?, *letter));
        let plural = FORMS.iter().find_map(of);
        let (name, form) = plural.map_or((key.as_str(), None), |(name, form)| (name, Some(form)));
        let entry = all.entry(name.to_owned()).or_insert_with(|| Text { forms: Vec::new() });
        entry.forms.push((form, text.to_owned()));
    }
    all
}

fn check(key: &str, text: &Text, errors: &mut Vec<String>) {
    let mut error = |what: &str| errors.push(format!("languages/en.json: {key} {what}"));
    let is_name = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !is_name || RESERVED.contains(&key) {
        error("must be a name in Rust: lower-case letters, digits and _, and not a keyword");
    }
    if text.forms.len() > 1 && !text.is_plural() {
        error("exists with and without a plural ending: keep one of them");
    }
    let letters: BTreeSet<char> = text.forms.iter().filter_map(|(form, _)| *form).collect();
    if text.is_plural() && letters != BTreeSet::from(['o', '*']) {
        error("needs exactly the English plural forms: _one and _other");
    }
    if text.forms.iter().any(|(_, one)| one.split('{').skip(1).any(|part| !part.contains('}'))) {
        return error("has a { without a }: a placeholder is a name between { and }");
    }
    let placeholders = text.placeholders();
    // Marks of arguments end before U+0009, which is a tab.
    if text.arguments().len() > 8 {
        error("has more than eight placeholders: make two texts of it");
    }
    if placeholders.contains(&"n") && !text.is_plural() {
        error("has {n}, so it needs plural forms: add the endings _one and _other to its key");
    }
    for placeholder in placeholders {
        if argument(placeholder).is_none() {
            error(&format!(
                "has the unknown placeholder {{{placeholder}}}: use one of crates/text/compiler.rs, or add it there"
            ));
        }
    }
    for (form, one) in &text.forms {
        if one.contains(['\n', '<', SEPARATOR]) {
            error("must be one line of text without markup");
        }
        for placeholder in text.placeholders() {
            let may_omit = placeholder == "n" && *form == Some('o');
            if !may_omit && !one.contains(&format!("{{{placeholder}}}")) {
                error(&format!("must have {{{placeholder}}} in each plural form"));
            }
        }
    }
}

/// The Rust code for a catalogue.
#[derive(Debug)]
pub(crate) struct Code {
    /// The English texts.
    pub(crate) texts: String,
    /// A function for each text.
    pub(crate) functions: String,
}

/// The Rust code for a catalogue. `sign_in_page` lists the keys of the texts that load with the sign-in page, one per
/// line; all others load with the console.
///
/// # Errors
/// What is wrong with the catalogue, one line for each fault, with what to do about it.
pub(crate) fn code(json: &str, sign_in_page: &str) -> Result<Code, Vec<String>> {
    let mut errors = Vec::new();
    let all = texts(json, &mut errors);
    for (key, text) in &all {
        check(key, text, &mut errors);
    }
    let first: BTreeSet<&str> = sign_in_page.lines().filter(|line| !line.is_empty()).collect();
    for key in first.iter().filter(|key| !all.contains_key(**key)) {
        errors
            .push(format!("crates/text/sign-in-page.txt: there is no text {key}; remove the line"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let (first, rest): (Vec<_>, Vec<_>) =
        all.iter().partition(|(key, _)| first.contains(key.as_str()));
    let mut code = Code { texts: String::new(), functions: String::new() };
    for (name, part) in [("FIRST", &first), ("REST", &rest)] {
        let texts = part.iter().map(|(_, text)| text.compiled()).collect::<Vec<_>>().join("\n");
        _ = writeln!(code.texts, "pub(crate) const {name}: &str = {texts:?};");
    }
    for (index, (key, text)) in first.iter().chain(&rest).enumerate() {
        function(&mut code.functions, index, key, text);
    }
    samples(&mut code.functions, all.iter());
    Ok(code)
}

/// For the snapshot of all texts: each with arguments, a plural with one and with several.
fn samples<'a>(code: &mut String, all: impl Iterator<Item = (&'a String, &'a Text)>) {
    code.push_str(
        "#[cfg(test)]\npub(crate) fn samples() -> Vec<(&'static str, String)> {\n    vec![",
    );
    for (key, text) in all {
        let counts: &[&str] = if text.is_plural() { &["1", "1200"] } else { &[""] };
        for n in counts {
            let values = text.arguments().into_iter().map(|name| match argument(name) {
                Some(Argument::Count) => (*n).to_owned(),
                Some(Argument::Number) => "1200".to_owned(),
                Some(Argument::Status) => "503".to_owned(),
                Some(Argument::Name) => format!("Name({name:?})"),
                Some(Argument::List) => format!("&List(\"[{name}]\".to_owned())"),
                Some(Argument::Time) => format!("&Time(\"[{name}]\".to_owned())"),
                Some(Argument::Phrase) | None => format!("\"[{name}]\""),
            });
            let values = values.collect::<Vec<_>>().join(", ");
            _ = writeln!(code, "({key:?}, {key}({values})),");
        }
    }
    code.push_str("]\n}\n");
}

fn function(code: &mut String, index: usize, key: &str, text: &Text) {
    let (mut parameters, mut arguments) = (Vec::new(), Vec::new());
    for name in text.arguments() {
        let (kind, value) = match argument(name) {
            Some(Argument::Count) => ("usize", "Value::Number(n)".to_owned()),
            Some(Argument::Number) => ("usize", format!("Value::Number({name})")),
            Some(Argument::Status) => ("u16", format!("Value::Number({name}.into())")),
            Some(Argument::Name) => ("Name<'_>", format!("Value::Name({name}.0)")),
            Some(Argument::List) => ("&List", format!("Value::Text(&{name}.0)")),
            Some(Argument::Time) => ("&Time", format!("Value::Text(&{name}.0)")),
            Some(Argument::Phrase) | None => ("&str", format!("Value::Text({name})")),
        };
        parameters.push(format!("{name}: {kind}"));
        arguments.push(value);
    }
    let (parameters, arguments) = (parameters.join(", "), arguments.join(", "));
    let body = match (text.is_plural(), arguments.is_empty()) {
        (true, _) => format!("count(Key({index}), n, &[{arguments}])"),
        (false, true) => format!("plain(Key({index}))"),
        (false, false) => format!("fill(Key({index}), &[{arguments}])"),
    };
    for (_, form) in &text.forms {
        _ = writeln!(code, "/// `{form}`\n///");
    }
    _ = writeln!(
        code,
        "/// Key: `{key}`.\npub fn {key}({parameters}) -> String {{\n    {body}\n}}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn a_function_for_each_text() {
        let json = r#"{
            "sign_in_to": "Sign in to {bigiq}",
            "sign_in": "Sign in",
            "device_count_one": "{n} device",
            "device_count_other": "{n} devices",
            "listed_one": "{names} is sent at {time} ({status})",
            "listed_other": "{names} are sent at {time} ({status})",
            "of_all": "{done} of {all}: {text}"
        }"#;
        let code = code(json, "sign_in\nsign_in_to\n").unwrap();
        insta::assert_snapshot!(code.texts, @r##"
        pub(crate) const FIRST: &str = "Sign in\nSign in to \u{1}";
        pub(crate) const REST: &str = "o\u{1} device\u{1f}*\u{1} devices\no\u{2} is sent at \u{3} (\u{4})\u{1f}*\u{2} are sent at \u{3} (\u{4})\n\u{1} of \u{2}: \u{3}";
        "##);
        let (functions, _samples) = code.functions.split_once("#[cfg(test)]").unwrap();
        insta::assert_snapshot!(functions, @r##"
        /// `Sign in`
        ///
        /// Key: `sign_in`.
        pub fn sign_in() -> String {
            plain(Key(0))
        }
        /// `Sign in to {bigiq}`
        ///
        /// Key: `sign_in_to`.
        pub fn sign_in_to(bigiq: Name<'_>) -> String {
            fill(Key(1), &[Value::Name(bigiq.0)])
        }
        /// `{n} device`
        ///
        /// `{n} devices`
        ///
        /// Key: `device_count`.
        pub fn device_count(n: usize) -> String {
            count(Key(2), n, &[Value::Number(n)])
        }
        /// `{names} is sent at {time} ({status})`
        ///
        /// `{names} are sent at {time} ({status})`
        ///
        /// Key: `listed`.
        pub fn listed(n: usize, names: &List, time: &Time, status: u16) -> String {
            count(Key(3), n, &[Value::Number(n), Value::Text(&names.0), Value::Text(&time.0), Value::Number(status.into())])
        }
        /// `{done} of {all}: {text}`
        ///
        /// Key: `of_all`.
        pub fn of_all(done: usize, all: usize, text: &str) -> String {
            fill(Key(4), &[Value::Number(done), Value::Number(all), Value::Text(text)])
        }
        "##);
    }

    #[rstest]
    #[case::no_json("{", "must be a JSON object: EOF while parsing an object at line 1 column 1")]
    #[case::no_object(
        "[]",
        "must be a JSON object: invalid type: sequence, expected a map at line 1 column 0"
    )]
    #[case::no_text(r#"{"a": 1}"#, "a must be a text")]
    #[case::capital(
        r#"{"signIn": ""}"#,
        "signIn must be a name in Rust: lower-case letters, digits and _, and not a keyword"
    )]
    #[case::digit_first(
        r#"{"2fa": ""}"#,
        "2fa must be a name in Rust: lower-case letters, digits and _, and not a keyword"
    )]
    #[case::keyword(
        r#"{"match": ""}"#,
        "match must be a name in Rust: lower-case letters, digits and _, and not a keyword"
    )]
    #[case::single_and_plural(
        r#"{"a": "", "a_other": ""}"#,
        "a exists with and without a plural ending: keep one of them"
    )]
    #[case::only_one(
        r#"{"a_one": ""}"#,
        "a needs exactly the English plural forms: _one and _other"
    )]
    #[case::few(
        r#"{"a_one": "", "a_few": "", "a_other": ""}"#,
        "a needs exactly the English plural forms: _one and _other"
    )]
    #[case::count_without_forms(
        r#"{"a": "{n}"}"#,
        "a has {n}, so it needs plural forms: add the endings _one and _other to its key"
    )]
    #[case::unknown_placeholder(
        r#"{"a": "{nobody}"}"#,
        "a has the unknown placeholder {nobody}: use one of crates/text/compiler.rs, or add it there"
    )]
    #[case::unclosed_placeholder(
        r#"{"a": "{user"}"#,
        "a has a { without a }: a placeholder is a name between { and }"
    )]
    #[case::nine_placeholders(
        r#"{"a": "{all}{known}{line}{most}{name}{path}{id}{user}{word}"}"#,
        "a has more than eight placeholders: make two texts of it"
    )]
    #[case::two_lines(r#"{"a": "b\nc"}"#, "a must be one line of text without markup")]
    #[case::markup(r#"{"a": "<b>c</b>"}"#, "a must be one line of text without markup")]
    #[case::forms_differ(
        r#"{"a_one": "{n} of {user}", "a_other": "{n}"}"#,
        "a must have {user} in each plural form"
    )]
    #[case::no_count(
        r#"{"a_one": "{n}", "a_other": "many"}"#,
        "a must have {n} in each plural form"
    )]
    fn a_fault_says_what_to_do(#[case] json: &str, #[case] fault: &str) {
        assert_eq!(code(json, "").unwrap_err(), [format!("languages/en.json: {fault}")]);
    }

    #[test]
    fn the_form_for_one_needs_no_number() {
        assert!(code(r#"{"a_one": "this device", "a_other": "{n} devices"}"#, "").is_ok());
    }

    #[test]
    fn a_text_of_the_sign_in_page_must_exist() {
        let fault = "crates/text/sign-in-page.txt: there is no text b; remove the line";
        assert_eq!(code(r#"{"a": ""}"#, "a\nb").unwrap_err(), [fault]);
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        assert_eq!(code(r#"{"a": "{n}", "B": "<"}"#, "c").unwrap_err().len(), 4);
    }

    #[test]
    fn no_placeholder_has_two_meanings() {
        let names: Vec<&str> = ARGUMENTS.iter().flat_map(|(_, names)| *names).copied().collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
