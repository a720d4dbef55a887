//! Announcements for users of screen readers.
//!
//! A screen reader announces only text that is added to an existing region, and it ignores regions outside an open
//! dialog. So the app has a pair of regions from the start, each dialog has its own, and announcements go to the
//! topmost pair.

use super::content;
use leptos::prelude::*;

/// How many of the last texts stay: replacing one that is not yet spoken would suppress it.
const KEPT: usize = 4;

/// The texts of one region, each with its own number.
type Texts = RwSignal<Vec<(u32, String)>>;

/// A pair of regions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer {
    polite: Texts,
    assertive: Texts,
}

/// The open layers, topmost last. A dialog's layer is removed before its signals are disposed.
#[derive(Clone, Copy)]
struct Live(StoredValue<Vec<Layer>>);

/// Makes [`announce`] and [`alert`] work under the current owner. Put the returned view into the page once, and keep it
/// there.
pub fn provide_live() -> impl IntoView {
    let layer = Layer::new();
    provide_context(Live(StoredValue::new(vec![layer])));
    layer.view()
}

/// Announces `text` when the screen reader has finished speaking: progress, results. The same text is not announced
/// twice in a row.
pub fn announce(text: impl Into<String>) {
    speak(|layer| layer.polite, text.into(), false);
}

/// Announces `text` at once, interrupting other speech: for what the operator must not miss. A repeated error is
/// announced again.
pub fn alert(text: impl Into<String>) {
    speak(|layer| layer.assertive, text.into(), true);
}

fn speak(region: fn(Layer) -> Texts, text: String, again: bool) {
    let Some(Live(layers)) = use_context() else { return };
    let Some(layer) = layers.try_with_value(|layers| layers.last().copied()).flatten() else {
        return;
    };
    _ = region(layer).try_maybe_update(|texts| {
        let next = match texts.last() {
            Some((_, last)) if *last == text && !again => return (false, ()),
            Some((number, _)) => number.wrapping_add(1),
            None => 0,
        };
        texts.push((next, text));
        if texts.len() > KEPT {
            texts.remove(0);
        }
        (true, ())
    });
}

impl Layer {
    /// A layer without announcements.
    pub(super) fn new() -> Self {
        Self { polite: RwSignal::default(), assertive: RwSignal::default() }
    }

    /// Makes this the topmost layer.
    pub(super) fn enter(self) {
        if let Some(Live(layers)) = use_context() {
            _ = layers.try_update_value(|layers| layers.push(self));
        }
    }

    /// Removes it, with its announcements.
    pub(super) fn leave(self) {
        if let Some(Live(layers)) = use_context() {
            _ = layers.try_update_value(|layers| layers.retain(|open| *open != self));
        }
        for region in [self.polite, self.assertive] {
            _ = region.try_update(Vec::clear);
        }
    }

    /// Its regions.
    pub(super) fn view(self) -> impl IntoView {
        let lines = |texts: Texts| {
            view! {
                <For each=move || texts.get() key=|(number, _)| *number let((_, text))>
                    <p prop:textContent=content(text)/>
                </For>
            }
        };
        // With their roles alone they would read out all of their lines with each new one.
        view! {
            <div class="visually-hidden" role="status" aria-atomic="false">{lines(self.polite)}</div>
            <div class="visually-hidden" role="alert" aria-atomic="false">{lines(self.assertive)}</div>
        }
    }
}
