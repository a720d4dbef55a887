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

/// The label of a tab, with the number of entries.
pub fn tab(label: &str, count: Count) -> String {
    match count {
        Count::Exactly(number) => crate::tab_with_count(label, number),
        Count::AtLeast(_) | Count::Unknown => crate::labelled(label, &number(count)),
    }
}
