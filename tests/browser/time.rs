//! Times for machines, and the clock that tests can stop.

use std::time::Duration;

use curfew::web::time::{
    FakeClock, epoch_ms, local_day, monotonic_ms, rfc3339, rfc3339_utc, zone_offset_minutes,
};
use js_sys::Date;
use wasm_bindgen_test::wasm_bindgen_test;

/// 2026-11-23T02:12:07.120Z
const MOMENT: i64 = 1_795_399_927_120;

#[wasm_bindgen_test]
fn a_time_in_utc_and_with_its_zone() {
    assert_eq!(rfc3339_utc(MOMENT), "2026-11-23T02:12:07.120Z");
    let local = rfc3339(MOMENT);
    assert_eq!(Date::parse(&local) as i64, MOMENT, "{local} is the same moment");
    let (hours, minutes) = (zone_offset_minutes(MOMENT) / 60, zone_offset_minutes(MOMENT) % 60);
    assert!(local.ends_with(&format!("{hours:+03}:{:02}", minutes.abs())), "{local}");
}

#[wasm_bindgen_test]
fn a_day_starts_at_local_midnight() {
    let midnight = MOMENT - MOMENT.rem_euclid(86_400_000) - zone_offset_minutes(MOMENT) * 60_000;
    assert_eq!(local_day(midnight), local_day(midnight + 86_399_999));
    assert_eq!(local_day(midnight - 1) + 1, local_day(midnight));
}

#[wasm_bindgen_test]
fn an_invalid_time_has_no_text() {
    assert_eq!(rfc3339_utc(i64::MAX), "");
    assert_eq!(rfc3339(i64::MAX), "");
}

#[wasm_bindgen_test]
fn a_stopped_clock_moves_only_when_advanced() {
    let clock = FakeClock::at(MOMENT);
    assert_eq!((epoch_ms(), monotonic_ms()), (MOMENT, 0.0));
    clock.advance(Duration::from_millis(1500));
    assert_eq!((epoch_ms(), monotonic_ms()), (MOMENT + 1500, 1500.0));
    drop(clock);
    assert!(monotonic_ms() > 0.0 && epoch_ms() != MOMENT + 1500);
}
