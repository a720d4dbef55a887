//! Removes what looks like a token. A record should never contain one, but BIG-IQ's messages and operators' input can.

/// The replacement for a token.
const CUT: &str = "[token]";
/// The shortest token that is removed. BIG-IQ's tokens are JWTs of 950 to 1090 characters (captured), and a message may
/// contain a part of one.
const SHORTEST: usize = 30;

/// The text without tokens: each run of token characters is cut from where a JWT starts in it.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("eyJ") {
        let (before, token) = rest.split_at(found);
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%');
        let end = token.find(|c| !part(c)).unwrap_or(token.len());
        let (run, after) = token.split_at(end);
        out.push_str(before);
        out.push_str(if run.len() < SHORTEST { run } else { CUT });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("no such thing", "no such thing")]
    #[case("eyJ", "eyJ")]
    #[case("grey, greyJay and eyJx", "grey, greyJay and eyJx")]
    #[case(
        "at /tokens/eyJraWQiOiI1ZjQ4.eyJpc3MiOiJCSUctSVEi.c2lnbmF0dXJl, or eyJraWQiOiI1ZjQ4LWE5ZjktNGI3NC1iM2Q",
        "at /tokens/[token], or [token]"
    )]
    #[case("xeyJraWQiOiI1ZjQ4LWE5ZjktNGI3NC1iM2Q", "x[token]")]
    fn cuts(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(clean(text), expected);
    }
}
