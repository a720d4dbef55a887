//! A language that an operator adds: one JSON file next to config.json, in the form of languages/*.json. It is checked here,
//! because no build has seen it.

use serde_json::{Map, Value};

/// The most bytes that the file may have.
pub const MOST_BYTES: usize = 256 * 1024;

/// The letters that mark plural forms in a table, by the endings of keys. The last one is for all other counts.
const FORMS: [(&str, char); 6] =
    [("_zero", 'z'), ("_one", 'o'), ("_two", 't'), ("_few", 'f'), ("_many", 'm'), ("_other", '*')];

/// The texts of a language, for [`set_language`](crate::set_language).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// In the order of the catalogue; empty where English is used.
    pub texts: Vec<String>,
    /// The keys for which English is used: missing in the file, or without a placeholder that the text needs, or with one that
    /// it does not have.
    pub in_english: Vec<String>,
}

impl Texts {
    /// The texts of a table that scripts/languages.mjs made: one per line, in the order of the catalogue.
    pub fn of_table(table: &str) -> Self {
        Self { texts: table.lines().map(str::to_owned).collect(), in_english: Vec::new() }
    }
}

/// Reads a file. `catalogue` lists the keys in their order, each with its placeholders in theirs; `#` marks texts with plural
/// forms, `-` a placeholder that need not be there (scripts/languages.mjs writes it). `None` if the file is not a JSON object of at most [`MOST_BYTES`].
///
/// ```
/// let catalogue = "sign_in_to bigiq\n#device_count n";
/// let file = r#"{"sign_in_to": "Connexion à {bigiq}", "device_count_one": "{n} équipement", "device_count_other": "{n} équipements"}"#;
/// let own = text::own_language(catalogue, file).unwrap_or_default();
/// assert!(own.in_english.is_empty());
/// assert_eq!(own.texts.len(), 2);
/// ```
pub fn own_language(catalogue: &str, file: &str) -> Option<Texts> {
    if file.len() > MOST_BYTES {
        return None;
    }
    let file: Value = serde_json::from_str(file.trim_start_matches('\u{feff}')).ok()?;
    let file = file.as_object()?;
    let mut own = Texts::default();
    for line in catalogue.lines() {
        let mut words = line.split(' ');
        let key = words.next().unwrap_or_default();
        let placeholders: Vec<&str> = words.collect();
        let text = match key.strip_prefix('#') {
            Some(key) => plural(file, key, &placeholders),
            None => single(file, key, &placeholders),
        };
        if text.is_none() {
            own.in_english.push(key.trim_start_matches('#').to_owned());
        }
        own.texts.push(text.unwrap_or_default());
    }
    Some(own)
}

fn single(file: &Map<String, Value>, key: &str, placeholders: &[&str]) -> Option<String> {
    let text = file.get(key)?.as_str()?;
    fits(text, placeholders, false).then(|| numbered(text, placeholders))
}

/// All its forms, if each of them fits and one is for all other counts.
fn plural(file: &Map<String, Value>, key: &str, placeholders: &[&str]) -> Option<String> {
    let mut forms = Vec::new();
    for (ending, letter) in FORMS {
        let Some(text) = file.get(&[key, ending].concat()) else { continue };
        // "One device" needs no digit.
        let may_omit_n = matches!(letter, 'z' | 'o' | 't');
        let text = text.as_str().filter(|text| fits(text, placeholders, may_omit_n))?;
        let mut form = String::from(letter);
        form.push_str(&numbered(text, placeholders));
        forms.push(form);
    }
    // In Polish, "many" serves for all other counts.
    let other = forms.last()?.get(1..)?.to_owned();
    if !forms.last()?.starts_with('*') {
        forms.push(["*", &other].concat());
    }
    Some(forms.join("\u{1f}"))
}

/// A text with one character for each placeholder, as [`fill`](crate::fill) replaces them.
fn numbered(text: &str, placeholders: &[&str]) -> String {
    let names = placeholders.iter().map(|name| name.trim_start_matches('-'));
    names.zip('\u{1}'..).fold(text.to_owned(), |text, (name, mark)| {
        text.replace(&["{", name, "}"].concat(), mark.encode_utf8(&mut [0; 4]))
    })
}

/// Whether a text has exactly these placeholders: without one of them, a warning would not name its user.
fn fits(text: &str, placeholders: &[&str], may_omit_n: bool) -> bool {
    let has = |name: &str| text.contains(&["{", name, "}"].concat());
    let known = text
        .split('{')
        .skip(1)
        .all(|part| part.split_once('}').is_some_and(|(name, _)| placeholders.contains(&name)));
    let may_omit = |name: &str| name.starts_with('-') || (may_omit_n && name == "n");
    let complete = placeholders.iter().all(|name| may_omit(name) || has(name));
    known && complete && !text.trim().is_empty() && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const CATALOGUE: &str = "curfew\ngate_user devices user\n#device_count n";

    fn own(file: &str) -> Texts {
        own_language(CATALOGUE, file).unwrap()
    }

    #[test]
    fn all_texts_and_polish_forms() {
        let own = own(
            r#"{"curfew":"Curfew","gate_user":"{devices}: {user}?","device_count_one":"jedno","device_count_few":"{n} urządzenia","device_count_many":"{n} urządzeń","x":"?"}"#,
        );
        assert_eq!(own.in_english, Vec::<String>::new());
        assert_eq!(
            own.texts,
            [
                "Curfew",
                "\u{1}: \u{2}?",
                "ojedno\u{1f}f\u{1} urządzenia\u{1f}m\u{1} urządzeń\u{1f}*\u{1} urządzeń",
            ]
        );
    }

    #[rstest]
    #[case::missing("{}")]
    #[case::no_name(r#"{"gate_user":"Kill on {devices}?"}"#)]
    #[case::unknown_placeholder(r#"{"gate_user":"{devices} {user} {reason}"}"#)]
    #[case::open_placeholder(r#"{"gate_user":"{devices} {user} {"}"#)]
    #[case::empty(r#"{"gate_user":" "}"#)]
    #[case::two_lines(r#"{"gate_user":"{devices}\n{user}"}"#)]
    #[case::a_number(r#"{"gate_user":1}"#)]
    fn a_text_that_does_not_fit_is_english(#[case] file: &str) {
        let own = own(file);
        assert_eq!(own.in_english, ["curfew", "gate_user", "device_count"]);
        assert_eq!(own.texts, ["", "", ""]);
    }

    #[rstest]
    #[case::no_number(r#"{"device_count_one":"one","device_count_other":"many"}"#)]
    #[case::one_form_does_not_fit(r#"{"device_count_one":"{x}","device_count_other":"{n}"}"#)]
    fn a_plural_is_taken_whole_or_not_at_all(#[case] file: &str) {
        assert_eq!(own(file).texts, ["", "", ""]);
    }

    #[test]
    fn what_is_no_language_file() {
        assert_eq!(own_language(CATALOGUE, "[]"), None);
        assert_eq!(own_language(CATALOGUE, "<html>"), None);
        assert_eq!(own_language(CATALOGUE, &format!("{{}}{}", " ".repeat(MOST_BYTES))), None);
        assert_eq!(own_language(CATALOGUE, "\u{feff}{}").unwrap().texts.len(), 3);
    }
}
