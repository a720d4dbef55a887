//! Effects. Leptos compiles its whole effect again for each closure, which is about 900 bytes each time; here it is compiled once.

use leptos::prelude::*;

/// Runs a function in the next microtask, and again each time a signal changes that it has read, while the current owner lives.
pub fn effect(run: impl FnMut() + 'static) {
    of_boxed(Box::new(run));
}

/// Like [`effect`]; the function gets what it returned the last time.
pub fn effect_since<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
    let mut last = None;
    effect(move || last = Some(run(last.take())));
}

#[expect(clippy::disallowed_methods, reason = "the one place that may")]
fn of_boxed(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| run());
}
