//! Parts of a view that change. Each distinct closure in a view is about 1 kB more code than its own; here, all are of one type.

use leptos::prelude::*;
use leptos::tachys::reactive_graph::SharedReactiveFunction;
use std::sync::{Arc, Mutex};

/// Shows what `view` returns, again each time a signal that it reads changes.
pub fn dynamic<V: IntoView + 'static>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    of_boxed(Box::new(move || view().into_any()))
}

fn of_boxed(view: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
    view.into_any()
}

/// The value of an attribute or a property, again each time a signal that `value` reads changes.
pub fn attribute<T: 'static>(
    value: impl FnMut() -> T + Send + 'static,
) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(value))
}
