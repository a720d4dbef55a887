//! Which language an operator reads, by BCP 47 tags. Tags come maximized from the browser (`Intl.Locale`): `zh-TW` is
//! `zh-Hant-TW`, `pt` is `pt-Latn-BR`.

/// A maximized tag without its region.
fn script(tag: &str) -> &str {
    tag.rsplit_once('-').map_or(tag, |(script, _)| script)
}

/// The place of the offered language that fits best. The operator's order counts first. For each language asked for, the same
/// region is best; another region will do, another script won't.
///
/// ```
/// let offered = ["en-Latn-US", "zh-Hans-CN", "zh-Hant-TW", "pt-Latn-BR"].map(String::from);
/// let best = |asked: &str| text::best_language(&[asked.to_owned()], &offered);
/// assert_eq!(best("zh-Hant-HK"), Some(2));
/// assert_eq!(best("pt-Latn-PT"), Some(3));
/// assert_eq!(best("pt-Cyrl-PT"), None);
/// ```
pub fn best_language(asked: &[String], offered: &[String]) -> Option<usize> {
    asked.iter().find_map(|asked| {
        let place = |fits: &dyn Fn(&str) -> bool| offered.iter().position(|tag| fits(tag));
        place(&|tag| tag == asked).or_else(|| place(&|tag| script(tag) == script(asked)))
    })
}

/// The place of the tag whose conventions for numbers and dates to use with texts in the language `tag`: the first that is
/// asked for in the same language and script, as `en-Latn-GB` for `en-Latn-US`. Another language's plurals and times would
/// not fit the text.
pub fn conventions(tag: &str, asked: &[String]) -> Option<usize> {
    asked.iter().position(|asked| script(tag) == script(asked))
}

/// The reading direction of a maximized tag: `rtl` or `ltr`.
pub fn direction(tag: &str) -> &'static str {
    match script(tag).rsplit('-').next().unwrap_or_default() {
        "Adlm" | "Arab" | "Hebr" | "Nkoo" | "Syrc" | "Thaa" => "rtl",
        _ => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const OFFERED: [&str; 6] =
        ["en-Latn-US", "de-Latn-DE", "pt-Latn-BR", "zh-Hans-CN", "zh-Hant-TW", "ar-Arab-EG"];

    fn tags(all: &[&str]) -> Vec<String> {
        all.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[rstest]
    #[case::the_operators_order_counts(&["de-Latn-AT", "en-Latn-GB"], Some(1))]
    #[case::an_unknown_language_is_skipped(&["fr-Latn-FR", "de-Latn-CH"], Some(1))]
    #[case::simplified(&["zh-Hans-SG"], Some(3))]
    #[case::traditional(&["zh-Hant-HK"], Some(4))]
    #[case::another_region_will_do(&["pt-Latn-PT"], Some(2))]
    #[case::another_script_will_not(&["de-Cyrl-DE"], None)]
    #[case::nothing_asked(&[], None)]
    fn the_best_language(#[case] asked: &[&str], #[case] place: Option<usize>) {
        assert_eq!(best_language(&tags(asked), &tags(&OFFERED)), place);
    }

    #[test]
    fn the_same_region_is_better_than_an_earlier_offer() {
        assert_eq!(
            best_language(&tags(&["pt-Latn-PT"]), &tags(&["pt-Latn-BR", "pt-Latn-PT"])),
            Some(1)
        );
    }

    #[test]
    fn conventions_are_of_the_same_language_and_script() {
        assert_eq!(conventions("en-Latn-US", &tags(&["de-Latn-DE", "en-Latn-GB"])), Some(1));
        assert_eq!(conventions("zh-Hans-CN", &tags(&["zh-Hant-TW"])), None);
    }

    #[test]
    fn directions() {
        assert_eq!(direction("ar-Arab-EG"), "rtl");
        assert_eq!(direction("az-Latn-AZ"), "ltr");
        assert_eq!(direction("az-Arab-IR"), "rtl");
    }
}
