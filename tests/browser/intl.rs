//! Numbers, times and plurals for people.

use curfew::web::{Locale, Plural};
use wasm_bindgen_test::wasm_bindgen_test;

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

#[wasm_bindgen_test]
fn a_tag_is_canonicalised_or_refused() {
    assert_eq!(locale("EN-gb").tag(), "en-GB");
    assert_eq!(Locale::parse("not a tag"), None);
    assert_eq!(Locale::parse(""), None);
    assert_eq!(locale("de-AT").language(), "de");
    // Another language's plurals would not fit the texts.
    assert_eq!(Locale::of_browser("cy").tag(), "cy");
    let asked = Locale::asked_for();
    let own = asked.first().unwrap();
    assert_eq!(&Locale::of_browser(own.language()), own);
}

#[wasm_bindgen_test]
fn numbers() {
    assert_eq!(locale("en").integer(10_000), "10,000");
    assert_eq!(locale("de").integer(10_000), "10.000");
    assert_eq!(locale("de").decimal(0.4269, 2), "0,43");
}

#[wasm_bindgen_test]
fn durations_keep_three_digits_and_change_their_unit() {
    let of = |millis| locale("en").duration(millis).replace('\u{a0}', " ");
    assert_eq!(of(0.0), "0 ms");
    assert_eq!(of(-5.0), "0 ms");
    assert_eq!(of(84.9), "84 ms");
    assert_eq!(of(999.4), "999 ms");
    assert_eq!(of(999.6), "1.0 s");
    assert_eq!(of(59_960.0), "1 min 0 s");
    assert_eq!(of(125_000.0), "2 min 5 s");
    assert_eq!(of(3_780_000.0), "1 h 3 min");
}

#[wasm_bindgen_test]
fn timestamps() {
    let exact = locale("en-GB").exact(1_795_399_927_120);
    assert!(
        exact.contains("Nov 2026") && exact.contains("GMT") && exact.contains(":07"),
        "{exact}"
    );
    let clock = locale("en-GB").clock(1_795_399_927_120);
    assert!(clock.ends_with(":07.120") && clock.len() == "03:12:07.120".len(), "{clock}");
    assert_eq!(locale("en").exact(i64::MAX), "", "no time, no text");
}

#[wasm_bindgen_test]
fn how_long_ago_and_how_soon() {
    let ago = |ms: i64| locale("en").relative(0, ms);
    assert_eq!(ago(0), "now");
    assert_eq!(ago(12_900), "12 seconds ago");
    assert_eq!(ago(60_000), "1 minute ago");
    assert_eq!(ago(7_200_000), "2 hours ago");
    assert_eq!(ago(86_400_000), "yesterday");
    assert_eq!(ago(-180_000), "in 3 minutes");
    assert_eq!(locale("de").relative(0, 12_000), "vor 12 Sekunden");
}

#[wasm_bindgen_test]
fn plurals() {
    assert_eq!(locale("en").plural(1), Plural::One);
    assert_eq!(locale("en").plural(0), Plural::Other);
    assert_eq!(locale("pl").plural(3), Plural::Few);
    assert_eq!(locale("pl").plural(5), Plural::Many);
    assert_eq!(locale("cy").plural(2), Plural::Two);
}
