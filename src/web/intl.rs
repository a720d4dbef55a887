//! Numbers, times and plurals in the user's conventions, by the browser's own `Intl`.
//!
//! It holds no texts of ours: the sentence around a number belongs to the catalogue.

use std::{sync::Arc, time::Duration};

use curfew_core::timestamp::Timestamp;
use js_sys::{Array, Function, Intl, Object, Reflect};
use leptos::prelude::window;
use text::Plural;
use wasm_bindgen::JsValue;

use super::time;

/// A language with its conventions for numbers and times, such as `en-GB`. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale(Arc<str>);

impl Locale {
    /// The locale of a BCP 47 tag, or `None` if it is not valid.
    pub fn parse(tag: &str) -> Option<Self> {
        let locale = Intl::Locale::new(tag).ok()?;
        Some(Self(String::from(locale.to_string()).into()))
    }

    /// The browser's preferred languages, in order.
    pub fn asked_for() -> Vec<Self> {
        let asked = window().navigator().languages();
        asked.iter().filter_map(|tag| Self::parse(&tag.as_string()?)).collect()
    }

    /// The tag with its likely script and region: `zh-Hant-TW` for `zh-TW`.
    pub fn maximized(&self) -> String {
        let locale = Intl::Locale::new(&self.0).map(|locale| locale.maximize().to_string());
        locale.map(String::from).unwrap_or_default()
    }

    /// The name of the language, in that language; the tag if the browser does not know it.
    pub fn own_name(&self) -> String {
        let tag = JsValue::from_str(&self.0);
        let options = options(&[("type", &"language".into())]);
        let names = Intl::DisplayNames::new(&Array::of1(&tag), &options);
        names.of(&self.0).map_or_else(|| self.0.to_string(), String::from)
    }

    /// The canonical tag.
    pub fn tag(&self) -> &str {
        &self.0
    }
}

/// Numbers, plurals and lists in the conventions of a language. Expensive to create.
#[derive(Debug)]
pub struct Numbers {
    whole: Function,
    plural: Intl::PluralRules,
    list: Intl::ListFormat,
}

fn tags(tag: &str) -> Array {
    Array::of1(&JsValue::from_str(tag))
}

/// Formats numbers with exactly this many decimals.
fn decimals(tags: &Array, digits: u8) -> Function {
    let digits = JsValue::from(digits);
    let options =
        options(&[("minimumFractionDigits", &digits), ("maximumFractionDigits", &digits)]);
    Intl::NumberFormat::new(tags, &options).format()
}

impl Numbers {
    /// The conventions of a valid tag.
    pub fn new(tag: &str) -> Self {
        let tags = tags(tag);
        Self {
            whole: Intl::NumberFormat::new(&tags, &Object::new()).format(),
            plural: Intl::PluralRules::new(&tags, &Object::new()),
            list: Intl::ListFormat::new(&tags, &Object::new()),
        }
    }
}

impl text::Locale for Numbers {
    fn integer(&self, value: u64) -> String {
        call(&self.whole, &(value as f64).into())
    }

    fn plural(&self, count: u64) -> Plural {
        match String::from(self.plural.select(count as f64)).as_str() {
            "zero" => Plural::Zero,
            "one" => Plural::One,
            "two" => Plural::Two,
            "few" => Plural::Few,
            "many" => Plural::Many,
            _ => Plural::Other,
        }
    }

    fn list(&self, items: &[String]) -> String {
        let items: Array = items.iter().map(JsValue::from).collect();
        String::from(self.list.format(&items))
    }
}

/// Times and durations in the conventions of a language. Expensive to create.
#[derive(Debug)]
pub struct Times {
    whole: Function,
    tenths: Function,
    exact: Function,
    clock: Function,
    relative: Intl::RelativeTimeFormat,
    is_rtl: bool,
}

impl Times {
    /// The conventions of a language.
    pub fn new(locale: &Locale) -> Self {
        let tags = tags(locale.tag());
        let [numeric, two, short] = ["numeric", "2-digit", "short"].map(JsValue::from);
        let time = [("hour", &two), ("minute", &two), ("second", &two)];
        let (cycle, zone, three) = ("h23".into(), "longOffset".into(), 3.into());
        let mut exact = vec![("day", &numeric), ("month", &short), ("year", &numeric)];
        exact.extend([("hourCycle", &cycle), ("timeZoneName", &zone)]);
        exact.extend(time);
        let mut clock = vec![("hourCycle", &cycle), ("fractionalSecondDigits", &three)];
        clock.extend(time);
        let auto = options(&[("numeric", &"auto".into())]);
        Self {
            whole: decimals(&tags, 0),
            tenths: decimals(&tags, 1),
            exact: Intl::DateTimeFormat::new(&tags, &options(&exact)).format(),
            clock: Intl::DateTimeFormat::new(&tags, &options(&clock)).format(),
            relative: Intl::RelativeTimeFormat::new(&tags, &auto),
            is_rtl: text::direction(&locale.maximized()) == "rtl",
        }
    }
}

impl text::Times for Times {
    fn is_rtl(&self) -> bool {
        self.is_rtl
    }

    fn duration(&self, duration: Duration) -> String {
        let millis = duration.as_secs_f64() * 1000.0;
        let whole = |value: f64| call(&self.whole, &value.into());
        if millis < 999.5 {
            let millis = if millis < 100.0 { millis.floor() } else { millis };
            return format!("{}\u{a0}ms", whole(millis));
        }
        if millis < 59_950.0 {
            return format!("{}\u{a0}s", call(&self.tenths, &(millis / 1000.0).into()));
        }
        let seconds = (millis / 1000.0).round() as u64;
        let (large, large_unit, small, small_unit) = if seconds < 3600 {
            (seconds / 60, "min", seconds % 60, "s")
        } else {
            (seconds / 3600, "h", seconds % 3600 / 60, "min")
        };
        format!("{}\u{a0}{large_unit} {small}\u{a0}{small_unit}", whole(large as f64))
    }

    fn exact(&self, at: Timestamp) -> String {
        call(&self.exact, &time::date(at.0))
    }

    fn time_of_day(&self, at: Timestamp) -> String {
        call(&self.clock, &time::date(at.0))
    }

    fn is_today(&self, at: Timestamp) -> bool {
        time::local_day(at.0) == time::local_day(time::epoch_ms())
    }

    fn relative(&self, at: Timestamp, now: Timestamp) -> String {
        let seconds = at.0.saturating_sub(now.0) as f64 / 1000.0;
        let (size, unit) = match seconds.abs() {
            under if under < 60.0 => (1.0, "second"),
            under if under < 3600.0 => (60.0, "minute"),
            under if under < 86_400.0 => (3600.0, "hour"),
            _ => (86_400.0, "day"),
        };
        // Rounded towards zero: something is a minute old when a whole minute has passed.
        String::from(self.relative.format((seconds / size).trunc() + 0.0, unit))
    }
}

/// A JavaScript object with these fields.
fn options(fields: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a plain object can't fail.
        _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// The formatter's text for `value`; empty for an invalid date.
fn call(format: &Function, value: &JsValue) -> String {
    format
        .call1(&JsValue::UNDEFINED, value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
