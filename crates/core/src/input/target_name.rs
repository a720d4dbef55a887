//! The name in what people copy for a device: without scheme, path, port, route domain, partition and brackets.

use super::table::trimmed;

/// The name or address of a target as people write it. A text without any of these is returned as it is.
///
/// `https://edge-1:443/tmui`, `/Common/edge-1`, `192.0.2.30%0`, `[2001:db8::5]:443`.
pub(crate) fn bare_target(text: &str) -> &str {
    let text = trimmed(text);
    let text = match text.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => text,
    };
    let text = match text.strip_prefix('/') {
        Some(path) => path.rsplit('/').next().unwrap_or_default(),
        None => text.strip_suffix("/32").or_else(|| text.strip_suffix("/128")).unwrap_or(text),
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text =
        if let Some((address, _)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            address
        } else {
            // More than one colon: an IPv6 address without a port.
            text.split_once(':').filter(|(_, port)| is_number(port)).map_or(text, |(host, _)| host)
        };
    text.split_once('%').filter(|(_, domain)| is_number(domain)).map_or(text, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("192.0.2.30%0", "192.0.2.30")]
    #[case("192.0.2.30%12:443", "192.0.2.30")]
    #[case("lone:443", "lone")]
    #[case("https://lone:443", "lone")]
    #[case("https://lone.example.test/tmui/login.jsp", "lone.example.test")]
    #[case("https://[2001:db8::5]:8443/", "2001:db8::5")]
    #[case("/Common/bluebigipveha1", "bluebigipveha1")]
    #[case("/Common/192.0.2.30%0", "192.0.2.30")]
    #[case("[2001:db8::5]", "2001:db8::5")]
    #[case("[2001:db8::5%1]:443", "2001:db8::5")]
    #[case("2001:db8::5%1", "2001:db8::5")]
    #[case("2001:db8::5", "2001:db8::5")]
    #[case("192.0.2.30/32", "192.0.2.30")]
    #[case("100% lone", "100% lone")]
    #[case("lone:", "lone:")]
    #[case("/", "")]
    fn bare_targets(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(bare_target(text), expected);
    }
}
