//! What time it is, and times as text that machines read. Words for people are [`Locale`](super::Locale)'s.

use std::{cell::Cell, time::Duration};

use js_sys::Date;
use leptos::prelude::window;
use wasm_bindgen::JsValue;

thread_local! {
    /// What [`FakeClock`] says: milliseconds since 1970, milliseconds of the monotonic clock.
    static FAKE: Cell<Option<(i64, f64)>> = const { Cell::new(None) };
}

/// Milliseconds since 1970 by the machine's clock, which the operator or NTP may set at any time: for
/// telling when, not for measuring how long.
pub fn epoch_ms() -> i64 {
    if let Some((epoch, _)) = FAKE.get() {
        return epoch;
    }
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else must use")]
    let now = Date::now();
    now as i64
}

/// Milliseconds since some moment, never set back: for measuring how long.
///
/// It may stand still while the machine sleeps.
pub fn monotonic_ms() -> f64 {
    if let Some((_, monotonic)) = FAKE.get() {
        return monotonic;
    }
    window().performance().map_or_else(|| epoch_ms() as f64, |performance| performance.now())
}

/// A step that the browser's profiler, and `make bench`, see as a measure of this name, from its begin to its drop.
#[derive(Debug)]
pub struct Span(&'static str);

impl Span {
    /// Begins the step.
    pub fn begin(name: &'static str) -> Self {
        if let Some(performance) = window().performance() {
            _ = performance.mark(name);
        }
        Self(name)
    }

    /// Forgets earlier steps of this name: the browser keeps them for ever.
    pub fn forget(name: &str) {
        if let Some(performance) = window().performance() {
            performance.clear_marks_with_mark_name(name);
            performance.clear_measures_with_measure_name(name);
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some(performance) = window().performance() {
            _ = performance.measure_with_start_mark(self.0, self.0);
        }
    }
}

/// Stops the clock for a test; dropping it lets the real one go on. Timers are not affected.
#[derive(Debug)]
pub struct FakeClock(());

impl FakeClock {
    /// Sets the clock to `epoch_ms` and the monotonic clock to zero.
    pub fn at(epoch_ms: i64) -> Self {
        FAKE.set(Some((epoch_ms, 0.0)));
        Self(())
    }

    /// Moves both clocks on.
    pub fn advance(&self, by: Duration) {
        let millis = by.as_secs_f64() * 1000.0;
        FAKE.set(FAKE.get().map(|(epoch, mono)| (epoch + millis as i64, mono + millis)));
    }
}

impl Drop for FakeClock {
    fn drop(&mut self) {
        FAKE.set(None);
    }
}

/// The moment in RFC 3339 with the zone of this machine at that moment, as `2026-11-23T03:12:07.120+01:00`.
/// Empty for a number that is no time.
pub fn rfc3339(epoch_ms: i64) -> String {
    let offset = zone_offset_minutes(epoch_ms);
    // The date's own text is in UTC, so the local wall time is that of a moment shifted by the zone.
    let Some(local) = iso(epoch_ms.saturating_add(offset.saturating_mul(60_000))) else {
        return String::new();
    };
    let wall = local.trim_end_matches('Z');
    let sign = if offset < 0 { '-' } else { '+' };
    format!("{wall}{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
}

/// The moment in RFC 3339 in UTC, as `2026-11-23T02:12:07.120Z`. Empty for a number that is no time.
pub fn rfc3339_utc(epoch_ms: i64) -> String {
    iso(epoch_ms).unwrap_or_default()
}

/// The day of the moment in local time, counted from the first of 1970.
pub fn local_day(epoch_ms: i64) -> i64 {
    epoch_ms.saturating_add(zone_offset_minutes(epoch_ms) * 60_000).div_euclid(86_400_000)
}

/// By how many minutes local time is ahead of UTC at that moment.
pub fn zone_offset_minutes(epoch_ms: i64) -> i64 {
    -(date(epoch_ms).get_timezone_offset() as i64)
}

/// The moment as the browser's date.
pub(super) fn date(epoch_ms: i64) -> Date {
    Date::new(&JsValue::from_f64(epoch_ms as f64))
}

/// The date's own text; asking one that is out of range for it would throw.
fn iso(epoch_ms: i64) -> Option<String> {
    let date = date(epoch_ms);
    (!date.get_time().is_nan()).then(|| String::from(date.to_iso_string()))
}
