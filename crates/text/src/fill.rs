//! How a text is filled in: with values for its placeholders, in the plural form for a count.

use crate::argument::Value;
use crate::language::{Key, text, with_locale};
use crate::locale::Plural;

/// A text without placeholders.
pub(crate) fn plain(key: Key) -> String {
    text(key)
}

/// A text with its placeholders filled in.
pub(crate) fn fill(key: Key, values: &[(&str, Value<'_>)]) -> String {
    filled(&text(key), values)
}

/// A text in the plural form for `n`, which is also its placeholder `{n}`.
pub(crate) fn count(key: Key, n: usize, values: &[(&str, Value<'_>)]) -> String {
    let text = text(key);
    let form = match with_locale(|locale| locale.plural(n as u64)) {
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
    let mut all = vec![("n", Value::Number(n))];
    all.extend_from_slice(values);
    filled(form, &all)
}

fn filled(text: &str, values: &[(&str, Value<'_>)]) -> String {
    let mut out = String::with_capacity(text.len() + 24);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(placeholder, _)| *placeholder == name) {
            value.write(&mut out);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}
