//! The Java stack trace of a BIG-IQ error, for reports: classes, methods and line numbers. It must not let a value through:
//! an exception's message may contain a user name, an address or a token.

use serde_json::Value;

/// The most lines that are kept.
const MOST: usize = 60;
/// The most characters of a stack frame. A longer line is not a frame.
const LONGEST: usize = 200;

/// The lines of `errorStack` (documented, "Common Errors") in an error body, or an empty list if there are none. A line that
/// is neither a frame nor an exception's name becomes `…`.
pub fn java_stack(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let lines = body.get("errorStack").and_then(Value::as_array);
    let lines = lines.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str);
    lines.take(MOST).map(|line| shown(line.trim())).collect()
}

fn shown(line: &str) -> String {
    let frame = line.strip_prefix("at ").unwrap_or(line);
    let is_code = |text: &str, more: &[u8]| {
        text.len() <= LONGEST
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._$".contains(&b) || more.contains(&b))
    };
    // Only classes in the packages of Java, its libraries and F5 are kept. Anything else may be a host name or a token.
    let is_class = |text: &str| {
        let known = ["com.", "java.", "javax.", "org.", "sun.", "io.", "net."];
        known.iter().any(|start| text.starts_with(start)) && is_code(text, b"")
    };
    match frame.split_once(['(', ':']) {
        // A Java frame: `call(File.java:12)`.
        Some((call, place)) if frame.ends_with(')') => {
            let place = place.strip_suffix(')').unwrap_or(place);
            let is_place = place.contains(".java:") && is_code(place, b":");
            if is_class(call) && is_place { line.to_owned() } else { "…".to_owned() }
        }
        // guard: java-exception-message
        Some((exception, _)) if is_class(exception) => [exception, ": …"].concat(),
        None if is_class(frame) => line.to_owned(),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(lines: &[&str]) -> Vec<String> {
        java_stack(&serde_json::json!({ "message": "m", "errorStack": lines }).to_string())
    }

    /// The lines that F5's how-to shows under "Common Errors".
    #[test]
    fn frames_and_exceptions() {
        let shown = of(&[
            "com.f5.rest.common.RestWorkerUriNotFoundException: Public URI path not registered",
            "at com.f5.rest.common.RestServer$1.run(RestServer.java:333)",
            "at java.lang.Thread.run(Thread.java:745)\n",
        ]);
        assert_eq!(
            shown,
            [
                "com.f5.rest.common.RestWorkerUriNotFoundException: …",
                "at com.f5.rest.common.RestServer$1.run(RestServer.java:333)",
                "at java.lang.Thread.run(Thread.java:745)",
            ]
        );
    }

    #[test]
    fn anything_else_is_only_counted() {
        let shown = of(&[
            "user2",
            "192.0.2.1: refused",
            "at device.example.test(192.0.2.1:443)",
            "eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJCSUctSVEifQ.c2ln",
        ]);
        assert_eq!(shown, ["…", "…", "…", "…"]);
        assert!(of(&[]).is_empty());
        assert!(java_stack("<html>").is_empty() && java_stack(r#"{"errorStack":7}"#).is_empty());
    }

    proptest! {
        #[test]
        fn no_words_get_out(secret in "[A-Z]{8,12}", class in "com\\.[a-z]{1,5}\\.[A-Z][a-z]{2,8}") {
            let shown = of(&[
                &format!("{class}: user={secret}"),
                &format!("Caused by: {class}: {secret}"),
                &format!("{class}({secret})"),
                &format!("at {class}(X.java:1) {secret}"),
                &secret,
            ]);
            prop_assert!(!shown.concat().contains(&secret), "{shown:?}");
        }
    }
}
