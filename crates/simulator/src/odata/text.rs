//! Percent-decoding of a query string's parts.

/// Decodes `%xx` and `+`. A `%` that starts no code stays as it is, and bytes that are no UTF-8
/// become replacement characters: a sloppy client is answered, not cut off.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail) {
            (b'+', _) => out.push(b' '),
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
}
