//! What is said aloud to those who cannot see the page change.
//!
//! A region speaks only what is put into it after it was there, and one outside an open dialog is silent.
//! So the app has a pair of regions from the start, each dialog has its own, and what is said goes to the
//! pair on top.

use leptos::prelude::*;

/// How many of the last texts stay: putting the next in the place of one not yet spoken would swallow it.
const KEPT: usize = 4;

/// The texts of one region, each with a number of its own.
type Said = RwSignal<Vec<(u32, String)>>;

/// A pair of regions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Layer {
    polite: Said,
    assertive: Said,
}

/// The layers that are open, the one on top last. A dialog's layer leaves before its signals go.
#[derive(Clone, Copy)]
struct Live(StoredValue<Vec<Layer>>);

/// Makes [`announce`] and [`alert`] work under the current owner. The view that it returns is to be put
/// into the page once, and to stay there.
pub fn provide_live() -> impl IntoView {
    let layer = Layer::new();
    provide_context(Live(StoredValue::new(vec![layer])));
    layer.view()
}

/// Has `text` spoken when the screen reader has come to an end: progress, results. The same text is not
/// spoken twice in a row.
pub fn announce(text: impl Into<String>) {
    say(|layer| layer.polite, text.into(), false);
}

/// Has `text` spoken at once, over whatever is being said: for what the operator must not miss. What goes wrong again is
/// said again.
pub fn alert(text: impl Into<String>) {
    say(|layer| layer.assertive, text.into(), true);
}

fn say(region: fn(Layer) -> Said, text: String, again: bool) {
    let Some(Live(layers)) = use_context() else { return };
    let Some(layer) = layers.try_with_value(|layers| layers.last().copied()).flatten() else {
        return;
    };
    _ = region(layer).try_maybe_update(|said| {
        let next = match said.last() {
            Some((_, last)) if *last == text && !again => return (false, ()),
            Some((number, _)) => number.wrapping_add(1),
            None => 0,
        };
        said.push((next, text));
        if said.len() > KEPT {
            said.remove(0);
        }
        (true, ())
    });
}

impl Layer {
    /// A layer with nothing said.
    pub(super) fn new() -> Self {
        Self { polite: RwSignal::default(), assertive: RwSignal::default() }
    }

    /// Puts this layer on top.
    pub(super) fn enter(self) {
        if let Some(Live(layers)) = use_context() {
            _ = layers.try_update_value(|layers| layers.push(self));
        }
    }

    /// Takes it away again. What it said is over.
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
        let lines = |said: Said| {
            view! {
                <For each=move || said.get() key=|(number, _)| *number let((_, text))>
                    <p>{text}</p>
                </For>
            }
        };
        // By their roles they would speak all of their lines anew with each.
        view! {
            <div class="visually-hidden" role="status" aria-atomic="false">
                {lines(self.polite)}
            </div>
            <div class="visually-hidden" role="alert" aria-atomic="false">
                {lines(self.assertive)}
            </div>
        }
    }
}
