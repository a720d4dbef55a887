//! The functions that the build script makes from languages/en.json.

use crate::argument::{List, Name, Time, Value};
use crate::fill::{count, fill, plain};
use crate::language::Key;

include!(concat!(env!("OUT_DIR"), "/functions.rs"));

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_with_arguments() {
        crate::learn_rest();
        // Names are between ‹ and ›, so that they can be seen here.
        let visible = |text: String| text.replace('\u{2068}', "‹").replace('\u{2069}', "›");
        let lines =
            super::samples().into_iter().map(|(key, text)| format!("{key}: {}", visible(text)));
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }
}
