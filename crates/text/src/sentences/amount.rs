//! Numbers with their certainty: "5", "at least 5", "unknown".

use crate::argument::Value;
use curfew_core::count::Count;

/// A number alone: "5", "at least 5", "unknown".
pub fn number(count: Count) -> String {
    let mut number = String::new();
    match count {
        Count::Exactly(exact) => Value::Number(exact).write(&mut number),
        Count::AtLeast(known) => number = crate::number_at_least(known),
        Count::Unknown => number = crate::number_unknown(),
    }
    number
}

/// "5 devices".
pub fn devices(count: Count) -> String {
    match count {
        Count::Exactly(number) => crate::device_count(number),
        Count::AtLeast(number) => crate::device_count_at_least(number),
        Count::Unknown => crate::plan_devices_unknown(),
    }
}

/// "5 devices", on a button: no number if it isn't exact.
pub fn devices_on_button(count: Count) -> String {
    on_button(count, crate::device_count, crate::these_devices)
}

/// The label of a button or of a line that opens, with its number only if that is exact.
pub fn on_button(count: Count, exact: fn(usize) -> String, other: fn() -> String) -> String {
    match count {
        Count::Exactly(number) => exact(number),
        // guard: button-number-exact
        Count::AtLeast(_) | Count::Unknown => other(),
    }
}

/// The label of a tab, with the number of entries.
pub fn tab(label: &str, count: Count) -> String {
    match count {
        Count::Exactly(number) => crate::tab_with_count(label, number),
        Count::AtLeast(_) | Count::Unknown => crate::labelled(label, &number(count)),
    }
}
