//! `config.json`, which is hosted next to Curfew. Every key is optional. The error for a wrong value names the key, the value
//! and what is accepted. It must not contain secrets, and can only make the gate stricter.

use serde_json::Value;

/// Curfew's configuration.
///
/// ```
/// use curfew_core::app::{Accepted, Config};
///
/// let file = Config::parse(r#"{"idleMinutes": 10, "colour": "red"}"#).unwrap_or_default();
/// assert_eq!(file.config.idle_minutes, 10);
/// assert_eq!(file.unknown_keys, ["colour"]);
///
/// let error = Config::parse(r#"{"idleMinutes": -1}"#).err();
/// assert!(error.is_some_and(|error| matches!(error.accepted, Accepted::Whole(0, _))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The BIG-IQs to choose from. Never empty.
    pub bigiqs: Vec<BigIq>,
    /// How operators sign in.
    pub sign_in: SignInMethod,
    /// The operator is signed out after this many minutes without a key press or click. 0 means never.
    pub idle_minutes: u16,
    /// When the gate requires a reason.
    pub reason: ReasonRule,
    /// With more users or session ids than this, the operator must type a phrase. At most 10.
    pub phrase_above: u16,
    /// The most kills that a tab sends at the same time, for all its plans together.
    pub kills_at_once: u16,
    /// How many devices are read at the same time when the whole estate is searched for sessions.
    pub reads_at_once: u16,
    /// The most kills that a tab sends per minute. 0 means no limit, until a request is refused as too many.
    pub kills_per_minute: u16,
    /// Origins of the pages that may embed Curfew and send it messages.
    pub embed_parents: Vec<String>,
    /// Whether tasks can be cancelled, which F5 does not document.
    pub cancel: bool,
    /// BCP 47 tags of languages that are not part of Curfew: the texts of each are in `languages/<tag>.json` next to the
    /// configuration.
    pub languages: Vec<String>,
}

/// A BIG-IQ that is reached through Curfew's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BigIq {
    /// Name shown to operators. If `None`, BIG-IQ's host name is shown.
    pub name: Option<String>,
    /// The path before `/mgmt` and `/info`: empty, or `/` and segments, without a slash at the end.
    pub prefix: String,
}

/// How operators sign in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignInMethod {
    /// With name and password, in Curfew's sign-in form.
    #[default]
    Form,
    /// The proxy signs in with one service account, which BIG-IQ records as the operator of all kills.
    Proxy,
}

/// When the gate requires a reason. Killing the sessions of all users always does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReasonRule {
    /// Only to kill the sessions of all users.
    #[default]
    Everybody,
    /// For every kill.
    Always,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bigiqs: vec![BigIq { name: None, prefix: String::new() }],
            sign_in: SignInMethod::Form,
            idle_minutes: 30,
            reason: ReasonRule::Everybody,
            phrase_above: 10,
            kills_at_once: 4,
            reads_at_once: 8,
            kills_per_minute: 0,
            embed_parents: Vec::new(),
            cancel: false,
            languages: Vec::new(),
        }
    }
}

/// An error in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The key, such as `bigiqs[0].prefix`. Empty for the file as a whole.
    pub key: String,
    /// The wrong value.
    pub value: String,
    /// What is accepted instead.
    pub accepted: Accepted,
}

/// The values that a key accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// A JSON object.
    Object,
    /// A non-empty list.
    List,
    /// A non-blank text.
    Text,
    /// `true` or `false`.
    Flag,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A whole number from the first to the second, inclusive.
    Whole(u16, u16),
    /// A path that no other BIG-IQ has: empty, or `/` and segments of letters, digits, `-`, `_`, `.`, without a slash at the end.
    Path,
    /// An origin: `https`, host and an optional port; `http` only for this computer.
    Origin,
    /// A BCP 47 tag, such as `pt-BR`.
    Language,
}

/// What a configuration file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigFile {
    /// The configuration.
    pub config: Config,
    /// The keys that are unknown.
    pub unknown_keys: Vec<String>,
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// The first wrong value.
    pub fn parse(text: &str) -> Result<ConfigFile, ConfigError> {
        let value: Value = serde_json::from_str(text).map_err(|error| ConfigError {
            key: String::new(),
            value: error.to_string(),
            accepted: Accepted::Object,
        })?;
        let Value::Object(keys) = &value else {
            return Err(wrong("", &value, Accepted::Object));
        };
        let mut config = Self::default();
        let mut unknown = Vec::new();
        for (key, value) in keys {
            match key.as_str() {
                "bigiqs" => config.bigiqs = bigiqs(key, value, &mut unknown)?,
                "signIn" => {
                    config.sign_in = one_of(
                        key,
                        value,
                        &["form", "proxy"],
                        &[SignInMethod::Form, SignInMethod::Proxy],
                    )?;
                }
                "idleMinutes" => config.idle_minutes = whole(key, value, 0, 600)?,
                "reason" => {
                    config.reason = one_of(
                        key,
                        value,
                        &["everybody", "always"],
                        &[ReasonRule::Everybody, ReasonRule::Always],
                    )?;
                }
                "phraseAbove" => config.phrase_above = whole(key, value, 0, 10)?,
                "killsAtOnce" => config.kills_at_once = whole(key, value, 1, 8)?,
                "readsAtOnce" => config.reads_at_once = whole(key, value, 1, 16)?,
                "killsPerMinute" => config.kills_per_minute = whole(key, value, 0, 6000)?,
                "embedParents" => {
                    for (i, value) in list(key, value, 0)?.iter().enumerate() {
                        config.embed_parents.push(origin(&place(key, i), value)?);
                    }
                }
                "cancel" => {
                    config.cancel =
                        value.as_bool().ok_or_else(|| wrong(key, value, Accepted::Flag))?;
                }
                "languages" => {
                    for (i, value) in list(key, value, 0)?.iter().enumerate() {
                        config.languages.push(language(&place(key, i), value)?);
                    }
                }
                _ => unknown.push(key.clone()),
            }
        }
        Ok(ConfigFile { config, unknown_keys: unknown })
    }
}

fn wrong(key: &str, value: &Value, accepted: Accepted) -> ConfigError {
    ConfigError { key: key.to_owned(), value: shown(value), accepted }
}

/// A value as JSON. The serializer of `serde_json` does the same in five times the code, which the sign-in page would load.
fn shown(value: &Value) -> String {
    let mut out = String::new();
    show(value, &mut out);
    out
}

fn show(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => quote(text, out),
        Value::Array(all) => {
            out.push('[');
            for (index, value) in all.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                show(value, out);
            }
            out.push(']');
        }
        Value::Object(all) => {
            out.push('{');
            for (index, (key, value)) in all.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                show(value, out);
            }
            out.push('}');
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        if matches!(char, '"' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out.push('"');
}

fn list<'a>(key: &str, value: &'a Value, least: usize) -> Result<&'a Vec<Value>, ConfigError> {
    let list = value.as_array().filter(|list| list.len() >= least);
    list.ok_or_else(|| wrong(key, value, Accepted::List))
}

fn place(key: &str, i: usize) -> String {
    format!("{key}[{i}]")
}

fn bigiqs(key: &str, value: &Value, unknown: &mut Vec<String>) -> Result<Vec<BigIq>, ConfigError> {
    let mut bigiqs: Vec<BigIq> = Vec::new();
    for (i, value) in list(key, value, 1)?.iter().enumerate() {
        let key = place(key, i);
        let Value::Object(keys) = value else { return Err(wrong(&key, value, Accepted::Object)) };
        let mut bigiq = BigIq { name: None, prefix: String::new() };
        for (name, value) in keys {
            let key = format!("{key}.{name}");
            match name.as_str() {
                "name" => {
                    let text = value.as_str().filter(|text| !text.trim().is_empty());
                    let text = text.ok_or_else(|| wrong(&key, value, Accepted::Text))?;
                    bigiq.name = Some(text.to_owned());
                }
                "prefix" => {
                    let path = value.as_str().filter(|path| is_prefix(path));
                    let path = path.ok_or_else(|| wrong(&key, value, Accepted::Path))?;
                    path.clone_into(&mut bigiq.prefix);
                }
                _ => unknown.push(key),
            }
        }
        // Jobs and plans are stored by prefix: those of one BIG-IQ must not appear under another.
        // guard: bigiq-prefix-unique
        if bigiqs.iter().any(|other| other.prefix == bigiq.prefix) {
            return Err(wrong(
                &format!("{key}.prefix"),
                &Value::String(bigiq.prefix),
                Accepted::Path,
            ));
        }
        bigiqs.push(bigiq);
    }
    Ok(bigiqs)
}

/// Calls must go to a path on Curfew's own origin: `//host` would be another host.
fn is_prefix(path: &str) -> bool {
    let plain = |segment: &str| {
        !segment.is_empty()
            && !segment.trim_matches('.').is_empty()
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    path.is_empty() || path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(plain))
}

fn origin(key: &str, value: &Value) -> Result<String, ConfigError> {
    let is_origin = |text: &&str| {
        // Over plain HTTP, anyone on the network can pose as the portal.
        // guard: portal-https
        let local = text.strip_prefix("http://").filter(|host| is_loopback(host));
        let host = text.strip_prefix("https://").or(local);
        host.is_some_and(|host| {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:[]".contains(&b))
        })
    };
    let text =
        value.as_str().filter(is_origin).ok_or_else(|| wrong(key, value, Accepted::Origin))?;
    // Browsers omit the default port.
    let usual = if text.starts_with("https:") { ":443" } else { ":80" };
    // guard: default-port
    Ok(text.strip_suffix(usual).unwrap_or(text).to_owned())
}

/// Whether a host, with or without a port, is this computer.
fn is_loopback(host: &str) -> bool {
    let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    let is_v4 = |rest: &str| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    matches!(name, "localhost" | "[::1]") || name.strip_prefix("127.").is_some_and(is_v4)
}

/// The tag is also a part of a file's name, so it has no other characters than a tag.
fn language(key: &str, value: &Value) -> Result<String, ConfigError> {
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let is_tag = |tag: &&str| {
        let language = tag.split('-').next().unwrap_or_default();
        (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_alphabetic())
            && tag.split('-').all(is_part)
    };
    let tag = value.as_str().filter(is_tag);
    tag.map(str::to_owned).ok_or_else(|| wrong(key, value, Accepted::Language))
}

fn whole(key: &str, value: &Value, least: u16, most: u16) -> Result<u16, ConfigError> {
    value
        .as_u64()
        .and_then(|number| u16::try_from(number).ok())
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| wrong(key, value, Accepted::Whole(least, most)))
}

fn one_of<T: Copy>(
    key: &str,
    value: &Value,
    words: &'static [&'static str],
    meanings: &[T],
) -> Result<T, ConfigError> {
    let place = value.as_str().and_then(|text| words.iter().position(|word| *word == text));
    place
        .and_then(|place| meanings.get(place).copied())
        .ok_or_else(|| wrong(key, value, Accepted::OneOf(words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    proptest! {
        #[test]
        fn a_wrong_value_is_shown_as_json(text in "[a-z\"\\\\ ]{0,8}", number in any::<i32>(), flag: bool) {
            let value = serde_json::json!({ "a": [text, number, flag, null], "b\"": {}, "c": 1.5 });
            prop_assert_eq!(shown(&value), value.to_string());
        }
    }

    /// A host can copy it and change one key: nothing else changes with it.
    #[test]
    fn the_example_is_the_default() {
        let example = include_str!("../../../../examples/config.example.json");
        assert_eq!(Config::parse(example).unwrap(), ConfigFile::default());
    }

    #[test]
    fn an_empty_configuration_is_the_default() {
        assert_eq!(Config::parse("{}").unwrap(), ConfigFile::default());
    }

    #[rstest]
    #[case("[]", &[])]
    #[case(r#"["https://a.example.test:443"]"#, &["https://a.example.test"])]
    #[case(r#"["http://127.0.0.1:80","https://[2001:db8::1]:8443"]"#, &["http://127.0.0.1", "https://[2001:db8::1]:8443"])]
    #[case(r#"["https://a.example.test:80","http://localhost:443"]"#, &["https://a.example.test:80", "http://localhost:443"])]
    #[case(r#"["http://localhost","http://[::1]:8445"]"#, &["http://localhost", "http://[::1]:8445"])]
    fn parents_as_browsers_name_them(#[case] list: &str, #[case] parents: &[&str]) {
        let ConfigFile { config, .. } =
            Config::parse(&format!(r#"{{"embedParents":{list}}}"#)).unwrap();
        assert_eq!(config.embed_parents, parents);
    }

    #[test]
    fn all_keys() {
        let ConfigFile { config, unknown_keys } = Config::parse(
            r#"{"bigiqs":[{"name":"east","prefix":"/bigiq/east"},{"colour":1}],"signIn":"proxy","idleMinutes":0,
            "reason":"always","phraseAbove":3,"killsAtOnce":2,"readsAtOnce":3,"killsPerMinute":60,"embedParents":["https://portal.example.test:8443"],"cancel":true,"languages":["fr","zh-Hant"],"x":1}"#,
        )
        .unwrap();
        assert_eq!(unknown_keys, ["bigiqs[1].colour", "x"]);
        assert_eq!(
            config,
            Config {
                bigiqs: vec![
                    BigIq { name: Some("east".into()), prefix: "/bigiq/east".into() },
                    BigIq { name: None, prefix: String::new() },
                ],
                sign_in: SignInMethod::Proxy,
                idle_minutes: 0,
                reason: ReasonRule::Always,
                phrase_above: 3,
                kills_at_once: 2,
                reads_at_once: 3,
                kills_per_minute: 60,
                embed_parents: vec!["https://portal.example.test:8443".into()],
                cancel: true,
                languages: vec!["fr".into(), "zh-Hant".into()],
            }
        );
    }

    #[rstest]
    #[case("[]", "", Accepted::Object)]
    #[case("{", "", Accepted::Object)]
    #[case(r#"{"bigiqs":[]}"#, "bigiqs", Accepted::List)]
    #[case(r#"{"languages":["fr","../x"]}"#, "languages[1]", Accepted::Language)]
    #[case(r#"{"languages":["english"]}"#, "languages[0]", Accepted::Language)]
    #[case(r#"{"languages":["fr-"]}"#, "languages[0]", Accepted::Language)]
    #[case(r#"{"languages":[1]}"#, "languages[0]", Accepted::Language)]
    #[case(r#"{"bigiqs":["x"]}"#, "bigiqs[0]", Accepted::Object)]
    #[case(r#"{"bigiqs":[{"name":" "}]}"#, "bigiqs[0].name", Accepted::Text)]
    #[case(r#"{"bigiqs":[{"prefix":"east"}]}"#, "bigiqs[0].prefix", Accepted::Path)]
    #[case(r#"{"bigiqs":[{"prefix":"//evil.example.test"}]}"#, "bigiqs[0].prefix", Accepted::Path)]
    #[case(r#"{"bigiqs":[{"prefix":"/a/../b"}]}"#, "bigiqs[0].prefix", Accepted::Path)]
    #[case(r#"{"bigiqs":[{"prefix":"/a/"}]}"#, "bigiqs[0].prefix", Accepted::Path)]
    #[case(r#"{"bigiqs":[{"prefix":"https://x"}]}"#, "bigiqs[0].prefix", Accepted::Path)]
    #[case(
        r#"{"bigiqs":[{"prefix":"/a"},{},{"prefix":"/a"}]}"#,
        "bigiqs[2].prefix",
        Accepted::Path
    )]
    #[case(r#"{"bigiqs":[{"name":"a"},{"name":"b"}]}"#, "bigiqs[1].prefix", Accepted::Path)]
    #[case(r#"{"embedParents":"https://a.example.test"}"#, "embedParents", Accepted::List)]
    #[case(r#"{"signIn":"cookie"}"#, "signIn", Accepted::OneOf(&["form", "proxy"]))]
    #[case(r#"{"idleMinutes":-1}"#, "idleMinutes", Accepted::Whole(0, 600))]
    #[case(r#"{"phraseAbove":11}"#, "phraseAbove", Accepted::Whole(0, 10))]
    #[case(r#"{"killsAtOnce":0}"#, "killsAtOnce", Accepted::Whole(1, 8))]
    #[case(r#"{"killsAtOnce":9}"#, "killsAtOnce", Accepted::Whole(1, 8))]
    #[case(r#"{"readsAtOnce":0}"#, "readsAtOnce", Accepted::Whole(1, 16))]
    #[case(r#"{"readsAtOnce":17}"#, "readsAtOnce", Accepted::Whole(1, 16))]
    #[case(r#"{"killsPerMinute":6001}"#, "killsPerMinute", Accepted::Whole(0, 6000))]
    #[case(r#"{"embedParents":["*"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(r#"{"embedParents":["https://a.example.test/"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(r#"{"embedParents":["http://a.example.test"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(
        r#"{"embedParents":["http://localhost.example.test"]}"#,
        "embedParents[0]",
        Accepted::Origin
    )]
    #[case(r#"{"embedParents":["http://127.example.test"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(r#"{"embedParents":["http://192.0.2.1:127"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(r#"{"embedParents":["http://[2001:db8::1]"]}"#, "embedParents[0]", Accepted::Origin)]
    #[case(r#"{"cancel":"yes"}"#, "cancel", Accepted::Flag)]
    fn errors_name_the_place(#[case] text: &str, #[case] key: &str, #[case] accepted: Accepted) {
        let error = Config::parse(text).unwrap_err();
        assert_eq!((error.key.as_str(), error.accepted), (key, accepted));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,60}") {
            _ = Config::parse(&text);
        }

        /// A prefix can't lead to another host or out of its folder.
        #[test]
        fn a_prefix_stays_here(prefix in "[/a-z.:@?#%\\\\-]{0,12}") {
            if is_prefix(&prefix) {
                prop_assert!(prefix.is_empty() || prefix.starts_with('/'));
                prop_assert!(!prefix.contains("//") && !prefix.contains(['?', '#', '%', '\\', ':', '@']));
                prop_assert!(prefix.split('/').all(|s| s != "." && s != ".."));
            }
        }
    }
}
