//! Unicode normalization, which browsers have.

use js_sys::JsString;

/// Canonical composition: one code point for a letter and its accent.
pub fn nfc(text: &str) -> String {
    normalized(text, "NFC")
}

/// Compatibility composition: as [`nfc`], and one form of letters that differ only in their look, as fullwidth ones.
pub fn nfkc(text: &str) -> String {
    normalized(text, "NFKC")
}

fn normalized(text: &str, form: &str) -> String {
    JsString::from(text).normalize(form).into()
}
