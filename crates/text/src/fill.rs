//! How a text is filled in: with values for its placeholders, in the plural form for a count.

use crate::argument::Value;
use crate::language::{Key, locale, text};
use crate::locale::Plural;

/// A text without placeholders.
pub(crate) fn plain(key: Key) -> String {
    text(key)
}

/// A text with its placeholders filled in.
pub(crate) fn fill(key: Key, values: &[Value<'_>]) -> String {
    filled(&text(key), values)
}

/// A text in the plural form for `n`, which is one of the values, too.
pub(crate) fn count(key: Key, n: usize, values: &[Value<'_>]) -> String {
    let text = text(key);
    let form = match locale().map(|locale| locale.plural(n as u64)).unwrap_or_default() {
        Plural::Zero => 'z',
        Plural::One => 'o',
        Plural::Two => 't',
        Plural::Few => 'f',
        Plural::Many => 'm',
        Plural::Other => '*',
    };
    // Each form is after its letter, the last one is for all other counts.
    let forms = || text.split('\u{1f}');
    let form = forms().find_map(|one| one.strip_prefix(form));
    let form = form.or_else(|| forms().next_back()?.strip_prefix('*')).unwrap_or_default();
    filled(form, values)
}

/// The first value replaces U+0001, the second one U+0002.
fn filled(text: &str, values: &[Value<'_>]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    for char in text.chars() {
        match (char as usize).checked_sub(1).and_then(|place| values.get(place)) {
            Some(value) => value.write(&mut out),
            None => out.push(char),
        }
    }
    out
}
