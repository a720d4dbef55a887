//! Steps that the browser's profiler and `make bench` show as measures.

use curfew_client::inventory::Profiler;
use leptos::prelude::window;

/// The browser's profiler.
#[derive(Debug, Clone, Copy)]
pub struct BrowserProfiler;

impl Profiler for BrowserProfiler {
    /// The browser never deletes them itself.
    fn forget(&self, step: &'static str) {
        if let Some(performance) = window().performance() {
            performance.clear_marks_with_mark_name(step);
            performance.clear_measures_with_measure_name(step);
        }
    }

    fn start(&self, step: &'static str) {
        if let Some(performance) = window().performance() {
            _ = performance.mark(step);
        }
    }

    fn end(&self, step: &'static str) {
        if let Some(performance) = window().performance() {
            _ = performance.measure_with_start_mark(step, step);
        }
    }
}
