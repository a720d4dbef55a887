//! Text as the whole content of an element.

use leptos::prelude::*;
use leptos::tachys::html::property::IntoProperty;
use std::fmt;
use std::rc::Rc;
use web_sys::Element;

/// A text that replaces everything inside its element each time it changes: `<p prop:textContent=content(label)/>`.
///
/// A text as a child (`<p>{label}</p>`) is a text node. Browsers' translators replace these nodes with elements of their
/// own, Leptos then updates a node that is no longer in the document, and the page shows an old state.
#[derive(Clone, Default)]
pub struct Content(Source);

#[derive(Clone)]
enum Source {
    Fixed(String),
    /// Boxed: each distinct closure would be another copy of the code below.
    Live(Rc<dyn Fn() -> String>),
    Drawn(Rc<dyn Fn(&Element)>),
}

impl Default for Source {
    fn default() -> Self {
        Self::Fixed(String::new())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(stringify!(Content))
    }
}

/// Makes the content of an element from a text, a signal or a function.
pub fn content(text: impl Into<Content>) -> Content {
    text.into()
}

/// A content that is drawn once.
pub(super) fn drawn(draw: impl Fn(&Element) + 'static) -> Content {
    Content(Source::Drawn(Rc::new(draw)))
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self(Source::Fixed(text))
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Option<String>> for Content {
    fn from(text: Option<String>) -> Self {
        text.unwrap_or_default().into()
    }
}

impl From<Signal<String>> for Content {
    fn from(text: Signal<String>) -> Self {
        (move || text.get()).into()
    }
}

impl From<RwSignal<String>> for Content {
    fn from(text: RwSignal<String>) -> Self {
        Signal::from(text).into()
    }
}

impl<F, T> From<F> for Content
where
    F: Fn() -> T + 'static,
    T: Into<Option<String>>,
{
    fn from(text: F) -> Self {
        Self(Source::Live(Rc::new(move || text().into().unwrap_or_default())))
    }
}

/// Shows a text, unless it is shown already: a live region would read it out again.
fn show(element: &Element, text: &str) {
    // guard: same-content
    if element.text_content().as_deref() != Some(text) {
        // guard: whole-content
        element.set_text_content(Some(text));
    }
}

impl IntoProperty for Content {
    type State = (Element, Option<RenderEffect<()>>);
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn hydrate<const FROM_SERVER: bool>(self, element: &Element, key: &str) -> Self::State {
        self.build(element, key)
    }

    fn build(self, element: &Element, key: &str) -> Self::State {
        let mut state = (element.clone(), None);
        self.rebuild(&mut state, key);
        state
    }

    fn rebuild(self, (element, effect): &mut Self::State, _: &str) {
        match self.0 {
            Source::Fixed(text) => {
                *effect = None;
                show(element, &text);
            }
            Source::Drawn(draw) => draw(element),
            Source::Live(text) => {
                let element = element.clone();
                *effect = Some(RenderEffect::new(move |_| show(&element, &text())));
            }
        }
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }
}
