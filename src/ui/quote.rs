//! Words of another system within a sentence.

use super::content;
use leptos::prelude::*;

/// A sentence that quotes words in English, whatever the language of the page is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    /// The sentence before the words.
    pub before: String,
    /// The words.
    pub words: String,
    /// The rest of the sentence.
    pub after: String,
}

impl Quote {
    /// The sentence; screen readers and translators know the language of the words.
    pub fn view(self) -> AnyView {
        let Self { before, words, after } = self;
        view! {
            <span>
                <span prop:textContent=content(before)/>
                <span lang="en" prop:textContent=content(words)/>
                <span prop:textContent=content(after)/>
            </span>
        }
        .into_any()
    }
}
