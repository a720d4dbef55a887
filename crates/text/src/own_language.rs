//! A language that an operator adds: one JSON file next to config.json, in the form of languages/*.json. It is checked here,
//! because no build has seen it.

use crate::locale::{Locale, Plural};
use serde_json::{Map, Value};

/// The most bytes that the file may have.
pub const MOST_BYTES: usize = 256 * 1024;

/// The letters that mark plural forms in a table, by the endings of keys. The last one is for all other counts.
const FORMS: [(&str, char, Plural); 6] = [
    ("_zero", 'z', Plural::Zero),
    ("_one", 'o', Plural::One),
    ("_two", 't', Plural::Two),
    ("_few", 'f', Plural::Few),
    ("_many", 'm', Plural::Many),
    ("_other", '*', Plural::Other),
];

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

/// Reads a file in the language of `locale`. `catalogue` lists the keys in their order, each with its placeholders in theirs;
/// `#` marks texts with plural forms, `-` a placeholder that is not there (scripts/languages.mjs writes it). `None` if the
/// file is not a JSON object of at most [`MOST_BYTES`].
///
/// ```
/// let catalogue = "sign_in_to bigiq\n#device_count n";
/// let file = r#"{"sign_in_to": "Connexion à {bigiq}", "device_count_one": "{n} équipement", "device_count_other": "{n} équipements"}"#;
/// let own = text::own_language(catalogue, file, &text::Plain).unwrap_or_default();
/// assert!(own.in_english.is_empty());
/// assert_eq!(own.texts.len(), 2);
/// ```
pub fn own_language(catalogue: &str, file: &str, locale: &dyn Locale) -> Option<Texts> {
    if file.len() > MOST_BYTES {
        return None;
    }
    let file: Value = serde_json::from_str(file.trim_start_matches('\u{feff}')).ok()?;
    let file = file.as_object()?;
    let forms = Forms::of(locale);
    let mut own = Texts::default();
    for line in catalogue.lines() {
        let mut words = line.split(' ');
        let key = words.next().unwrap_or_default();
        let placeholders: Vec<&str> = words.collect();
        let text = match key.strip_prefix('#') {
            Some(key) => plural(file, key, &placeholders, &forms),
            None => single(file, key, &placeholders),
        };
        if text.is_none() {
            own.in_english.push(key.trim_start_matches('#').to_owned());
        }
        own.texts.push(text.unwrap_or_default());
    }
    Some(own)
}

/// The plural forms of a language.
struct Forms {
    /// Those that a plural must have.
    needed: Vec<char>,
    /// Those for one number only, which may leave it out. Russian has its form "one" for 21, too.
    single: Vec<char>,
}

impl Forms {
    fn of(locale: &dyn Locale) -> Self {
        let used: Vec<Plural> = (0..=110).map(|count| locale.plural(count)).collect();
        let times = |form: Plural| used.iter().filter(|one| **one == form).count();
        let those = |fits: fn(usize) -> bool| -> Vec<char> {
            let all = FORMS.iter().filter(|(_, _, form)| fits(times(*form)));
            all.map(|(_, letter, _)| *letter).collect()
        };
        Self { needed: those(|times| times > 0), single: those(|times| times == 1) }
    }
}

fn single(file: &Map<String, Value>, key: &str, placeholders: &[&str]) -> Option<String> {
    let text = file.get(key)?.as_str()?;
    fits(text, placeholders, false).then(|| numbered(text, placeholders))
}

/// All its forms, if each of them fits and none is missing.
fn plural(
    file: &Map<String, Value>,
    key: &str,
    placeholders: &[&str],
    of_language: &Forms,
) -> Option<String> {
    let mut forms = Vec::new();
    for (ending, letter, _) in FORMS {
        let Some(text) = file.get(&[key, ending].concat()) else { continue };
        // "One device" needs no digit.
        let may_omit_n = of_language.single.contains(&letter);
        let text = text.as_str().filter(|text| fits(text, placeholders, may_omit_n))?;
        let mut form = String::from(letter);
        form.push_str(&numbered(text, placeholders));
        forms.push(form);
    }
    if !of_language.needed.iter().all(|letter| forms.iter().any(|form| form.starts_with(*letter))) {
        return None;
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

/// Whether a text has exactly these placeholders: without one of them, a warning would not name its user. Nor may it have
/// controls, which could end the isolate of a name.
fn fits(text: &str, placeholders: &[&str], may_omit_n: bool) -> bool {
    let has = |name: &str| text.contains(&["{", name, "}"].concat());
    let known = text
        .split('{')
        .skip(1)
        .all(|part| part.split_once('}').is_some_and(|(name, _)| placeholders.contains(&name)));
    let may_omit = |name: &str| name.starts_with('-') || (may_omit_n && name == "n");
    // guard: own-language-complete
    let complete = placeholders.iter().all(|name| may_omit(name) || has(name));
    known && complete && !text.trim().is_empty() && !text.contains(is_forbidden)
}

fn is_forbidden(char: char) -> bool {
    char.is_control() || matches!(char, '<' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Plain;
    use rstest::rstest;

    const CATALOGUE: &str = "curfew\ngate_user devices user\n#device_count n";

    fn own(file: &str) -> Texts {
        own_language(CATALOGUE, file, &Plain).unwrap()
    }

    /// A language with these plural forms.
    #[derive(Debug)]
    struct Other(fn(u64) -> Plural);

    const FRENCH: Other = Other(|count| if count < 2 { Plural::One } else { Plural::Other });
    const POLISH: Other = Other(|count| match count {
        1 => Plural::One,
        2..=4 | 22..=24 => Plural::Few,
        _ => Plural::Many,
    });

    impl Locale for Other {
        fn integer(&self, value: u64) -> String {
            value.to_string()
        }

        fn plural(&self, count: u64) -> Plural {
            (self.0)(count)
        }

        fn list(&self, items: &[String]) -> String {
            items.join(", ")
        }
    }

    #[test]
    fn only_a_form_for_one_number_may_leave_it_out() {
        let file = r#"{"device_count_one":"un","device_count_other":"{n}"}"#;
        assert_eq!(own(file).texts, ["", "", "oun\u{1f}*\u{1}"]);
        assert_eq!(own_language(CATALOGUE, file, &FRENCH).unwrap().texts, ["", "", ""]);
    }

    #[test]
    fn all_texts_and_polish_forms() {
        let own = own_language(
            CATALOGUE,
            r#"{"curfew":"Curfew","gate_user":"{devices}: {user}?","device_count_one":"jedno","device_count_few":"{n} urządzenia","device_count_many":"{n} urządzeń","x":"?"}"#,
            &POLISH,
        )
        .unwrap();
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
    #[case::markup(r#"{"gate_user":"{devices} <b>{user}"}"#)]
    #[case::right_to_left_override("{\"gate_user\":\"{devices} \u{202e}{user}\"}")]
    #[case::a_number(r#"{"gate_user":1}"#)]
    fn a_text_that_does_not_fit_is_english(#[case] file: &str) {
        let own = own(file);
        assert_eq!(own.in_english, ["curfew", "gate_user", "device_count"]);
        assert_eq!(own.texts, ["", "", ""]);
    }

    #[rstest]
    #[case::no_number(r#"{"device_count_one":"one","device_count_other":"many"}"#)]
    #[case::no_form_for_several(r#"{"device_count_one":"one"}"#)]
    #[case::no_form_for_one(r#"{"device_count_other":"{n}"}"#)]
    #[case::one_form_does_not_fit(r#"{"device_count_one":"{x}","device_count_other":"{n}"}"#)]
    fn a_plural_is_taken_whole_or_not_at_all(#[case] file: &str) {
        assert_eq!(own(file).texts, ["", "", ""]);
    }

    #[test]
    fn what_is_no_language_file() {
        let read = |file: &str| own_language(CATALOGUE, file, &Plain);
        assert_eq!(read("[]"), None);
        assert_eq!(read("<html>"), None);
        assert_eq!(read(&format!("{{}}{}", " ".repeat(MOST_BYTES))), None);
        assert_eq!(read("\u{feff}{}").unwrap().texts.len(), 3);
    }
}
