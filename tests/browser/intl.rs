//! Numbers, times, lists and plurals for people, by the browser's own `Intl`.

use curfew::web::{Locale, Numbers, Times};
use curfew_core::timestamp::Timestamp;
use std::time::Duration;
use text::{Locale as _, Plural, Times as _};
use wasm_bindgen_test::wasm_bindgen_test;

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

/// The conventions of a language.
fn times(tag: &str) -> Times {
    Times::new(&locale(tag))
}

#[wasm_bindgen_test]
fn a_tag_is_canonicalised_or_refused() {
    assert_eq!(locale("EN-gb").tag(), "en-GB");
    assert_eq!(Locale::parse("not a tag"), None);
    assert_eq!(Locale::parse(""), None);
    assert!(!Locale::asked_for().is_empty());
}

#[wasm_bindgen_test]
fn likely_scripts_regions_and_own_names() {
    assert_eq!(locale("zh-TW").maximized(), "zh-Hant-TW");
    assert_eq!(locale("pt").maximized(), "pt-Latn-BR");
    assert_eq!(locale("de").own_name(), "Deutsch");
    assert_eq!(locale("ja").own_name(), "日本語");
}

/// The plural forms of 0, 1, 2, 3, 5, 11, 21 and 100 by their first letters (`*` is "other"); a number, a list, a time ago
/// and a day.
const CONVENTIONS: [(&str, &str, &str, &str, &str, &str); 12] = [
    ("en", "*o******", "1,234,567", "a, b, and c", "3 minutes ago", "Nov 23, 2026"),
    ("de", "*o******", "1.234.567", "a, b und c", "vor 3 Minuten", "23. Nov. 2026"),
    ("fr", "oo******", "1\u{202f}234\u{202f}567", "a, b et c", "il y a 3 minutes", "23 nov. 2026"),
    ("es", "*o******", "1.234.567", "a, b y c", "hace 3 minutos", "23 nov 2026"),
    ("pt-BR", "oo******", "1.234.567", "a, b e c", "há 3 minutos", "23 de nov. de 2026"),
    ("pl", "moffmmmm", "1\u{a0}234\u{a0}567", "a, b i c", "3 minuty temu", "23 lis 2026"),
    ("ru", "moffmmom", "1\u{a0}234\u{a0}567", "a, b и c", "3 минуты назад", "23 нояб. 2026"),
    ("ar", "zotffmm*", "1,234,567", "a وb وc", "قبل 3 دقائق", "23 نوفمبر 2026"),
    ("ja", "********", "1,234,567", "a、b、c", "3 分前", "2026年11月23日"),
    ("zh-Hans", "********", "1,234,567", "a、b和c", "3分钟前", "2026年11月23日"),
    ("zh-Hant", "********", "1,234,567", "a、b和c", "3 分鐘前", "2026年11月23日"),
    ("ko", "********", "1,234,567", "a, b 및 c", "3분 전", "2026년 11월 23일"),
];

#[wasm_bindgen_test]
fn conventions_of_twelve_languages() {
    let letter = |plural| match plural {
        Plural::Zero => 'z',
        Plural::One => 'o',
        Plural::Two => 't',
        Plural::Few => 'f',
        Plural::Many => 'm',
        Plural::Other => '*',
    };
    for (tag, forms, number, list, ago, day) in CONVENTIONS {
        let (locale, times) = (Numbers::new(tag), times(tag));
        let plurals: String =
            [0, 1, 2, 3, 5, 11, 21, 100].map(|n| letter(locale.plural(n))).iter().collect();
        assert_eq!(plurals, forms, "{tag}");
        assert_eq!(locale.integer(1_234_567), number, "{tag}");
        assert_eq!(locale.list(&["a", "b", "c"].map(str::to_owned)), list, "{tag}");
        assert_eq!(times.relative(Timestamp(0), Timestamp(180_000)), ago, "{tag}");
        let exact = times.exact(Timestamp(1_795_399_927_120));
        assert!(exact.contains(day), "{tag}: {exact}");
    }
}

#[wasm_bindgen_test]
fn durations_keep_three_digits_and_change_their_unit() {
    let times = times("en");
    let of = |micros| times.duration(Duration::from_micros(micros)).replace('\u{a0}', " ");
    assert_eq!(of(0), "0 ms");
    assert_eq!(of(84_900), "84 ms");
    assert_eq!(of(999_400), "999 ms");
    assert_eq!(of(999_600), "1.0 s");
    assert_eq!(of(59_960_000), "1 min 0 s");
    assert_eq!(of(125_000_000), "2 min 5 s");
    assert_eq!(of(3_780_000_000), "1 h 3 min");
}

#[wasm_bindgen_test]
fn timestamps() {
    let at = Timestamp(1_795_399_927_120);
    let exact = times("en-GB").exact(at);
    assert!(
        exact.contains("Nov 2026") && exact.contains("GMT") && exact.contains(":07"),
        "{exact}"
    );
    let clock = times("en-GB").time_of_day(at);
    assert!(clock.ends_with(":07.120") && clock.len() == "03:12:07.120".len(), "{clock}");
    assert_eq!(times("en").exact(Timestamp(i64::MAX)), "", "no time, no text");
}

#[wasm_bindgen_test]
fn how_long_ago_and_how_soon() {
    let ago = |ms: i64| times("en").relative(Timestamp(0), Timestamp(ms));
    assert_eq!(ago(0), "now");
    assert_eq!(ago(12_900), "12 seconds ago");
    assert_eq!(ago(60_000), "1 minute ago");
    assert_eq!(ago(7_200_000), "2 hours ago");
    assert_eq!(ago(86_400_000), "yesterday");
    assert_eq!(ago(-180_000), "in 3 minutes");
}
