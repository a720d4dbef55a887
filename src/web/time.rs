//! The current time, and times as machine-readable text. [`Locale`](super::Locale) formats times for people.

use std::{cell::Cell, time::Duration};

use js_sys::Date;
use leptos::prelude::window;
use wasm_bindgen::JsValue;

thread_local! {
    /// The times of [`FakeClock`]: milliseconds since 1970, milliseconds of the monotonic clock.
    static FAKE: Cell<Option<(i64, f64)>> = const { Cell::new(None) };
}

/// Milliseconds since 1970 by the machine's clock, which the operator or NTP may set at any time. For timestamps, not
/// for durations.
pub fn epoch_ms() -> i64 {
    if let Some((epoch, _)) = FAKE.get() {
        return epoch;
    }
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else must use")]
    let now = Date::now();
    now as i64
}

/// Milliseconds since some fixed time, never set back. For durations.
///
/// It may stop while the machine sleeps.
pub fn monotonic_ms() -> f64 {
    if let Some((_, monotonic)) = FAKE.get() {
        return monotonic;
    }
    window().performance().map_or_else(|| epoch_ms() as f64, |performance| performance.now())
}

/// Stops the clock for a test; dropping it restores the real one. Timers are not affected.
#[derive(Debug)]
pub struct FakeClock(());

impl FakeClock {
    /// Sets the clock to `epoch_ms` and the monotonic clock to zero.
    pub fn at(epoch_ms: i64) -> Self {
        FAKE.set(Some((epoch_ms, 0.0)));
        Self(())
    }

    /// Advances both clocks.
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

/// The time in RFC 3339 with this machine's zone at that time, as `2026-11-23T03:12:07.120+01:00`. Empty for a number
/// that is not a valid time.
pub fn rfc3339(epoch_ms: i64) -> String {
    let offset = zone_offset_minutes(epoch_ms);
    // The date's own text is in UTC, so local time is the UTC time shifted by the zone.
    let Some(local) = iso(epoch_ms.saturating_add(offset.saturating_mul(60_000))) else {
        return String::new();
    };
    let wall = local.trim_end_matches('Z');
    let sign = if offset < 0 { '-' } else { '+' };
    format!("{wall}{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60)
}

/// The time in RFC 3339 in UTC, as `2026-11-23T02:12:07.120Z`. Empty for a number that is not a valid time.
pub fn rfc3339_utc(epoch_ms: i64) -> String {
    iso(epoch_ms).unwrap_or_default()
}

/// The local date, as days since 1970-01-01.
pub fn local_day(epoch_ms: i64) -> i64 {
    epoch_ms.saturating_add(zone_offset_minutes(epoch_ms) * 60_000).div_euclid(86_400_000)
}

/// How many minutes local time is ahead of UTC at that time.
pub fn zone_offset_minutes(epoch_ms: i64) -> i64 {
    -(date(epoch_ms).get_timezone_offset() as i64)
}

/// The time as the browser's date.
pub(super) fn date(epoch_ms: i64) -> Date {
    Date::new(&JsValue::from_f64(epoch_ms as f64))
}

/// The date's own text; formatting an invalid date would throw.
fn iso(epoch_ms: i64) -> Option<String> {
    let date = date(epoch_ms);
    (!date.get_time().is_nan()).then(|| String::from(date.to_iso_string()))
}
