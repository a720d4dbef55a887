//! Percent-encoding of URLs.

/// Decodes `%xx` and `+` in a query string. Invalid escapes stay as they are and bytes that are not
/// UTF-8 are replaced: a careless client gets an answer.
pub(crate) fn decode(text: &str) -> String {
    decode_path(&text.replace('+', " "))
}

/// Decodes `%xx` in a path segment, where `+` is a plus sign. As lenient as [`decode`].
pub(crate) fn decode_path(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            _ => out.push(first),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Encodes as Java's form encoder does, which BIG-IQ uses to repeat a filter (documented): a space
/// becomes `+`, everything except letters, digits and `.-*_` becomes `%XX`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a+b%20c", "a b c")]
    #[case("%28%27address%27+eq+%2710.255.4.124%27%29", "('address' eq '10.255.4.124')")]
    #[case("%c3%bc", "ü")]
    #[case("100%", "100%")]
    #[case("%zz%4", "%zz%4")]
    #[case("%ff", "\u{fffd}")]
    fn decodes(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(decode(text), expected);
    }

    #[test]
    fn encodes_as_in_the_documented_sample() {
        let printed = "%28%27address%27+eq+%2710.255.4.124%27%29";
        assert_eq!(encode(&decode(printed)), printed);
        assert_eq!(encode("ü*-_"), "%C3%BC*-_");
        assert_eq!(decode_path("a+b%2Bc"), "a+b+c");
    }
}
