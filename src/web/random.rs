//! Chance, for ids that must differ from tab to tab and for waits that must not fall together. Not for secrets.

/// A number from 0 to less than 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}
