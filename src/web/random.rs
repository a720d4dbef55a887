//! Random numbers, for ids that must differ between tabs and for waits that must not coincide. Not for secrets.

/// A number from 0 to less than 1.
pub fn random() -> f64 {
    js_sys::Math::random()
}
