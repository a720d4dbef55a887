//! The settings: variables that start with `CURFEW_`, and the files in `/etc/curfew`. A wrong one is named in the message about it. It
//! must not read anything but through its arguments.

use curfew_core::app::{Accepted, Config, ConfigError, SignInMethod};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

pub(crate) const CERTIFICATE: &str = "/etc/curfew/curfew.crt";
pub(crate) const KEY: &str = "/etc/curfew/curfew.key";
pub(crate) const LANGUAGES: &str = "/etc/curfew/languages";
const CONFIG: &str = "/etc/curfew/config.json";
const CA: &str = "/etc/curfew/bigiq-ca.pem";
/// The number of the last BIG-IQ that can be named.
const LAST_BIGIQ: usize = 9;

/// How a variable's text becomes a value of `config.json`.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Flag,
    List,
}

/// The variables for the keys of `config.json`, apart from `bigiqs`.
const KEYS: [(&str, &str, Kind); 10] = [
    ("CURFEW_SIGN_IN", "signIn", Kind::Text),
    ("CURFEW_IDLE_MINUTES", "idleMinutes", Kind::Number),
    ("CURFEW_REASON", "reason", Kind::Text),
    ("CURFEW_PHRASE_ABOVE", "phraseAbove", Kind::Number),
    ("CURFEW_KILLS_AT_ONCE", "killsAtOnce", Kind::Number),
    ("CURFEW_READS_AT_ONCE", "readsAtOnce", Kind::Number),
    ("CURFEW_KILLS_PER_MINUTE", "killsPerMinute", Kind::Number),
    ("CURFEW_EMBED_PARENTS", "embedParents", Kind::List),
    ("CURFEW_LANGUAGES", "languages", Kind::List),
    ("CURFEW_CANCEL", "cancel", Kind::Flag),
];

/// Settings that are complete and valid.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The host name for browsers.
    pub(crate) name: String,
    /// The addresses to listen on, as nginx writes them.
    pub(crate) listen: Vec<String>,
    pub(crate) tls: bool,
    /// The path for browsers, with a slash at both ends.
    pub(crate) path: String,
    pub(crate) bigiqs: Vec<BigIq>,
    pub(crate) bigiq_ca: String,
    /// Who may show Curfew in a frame, as the content security policy writes it.
    pub(crate) ancestors: String,
    /// Networks whose `X-Forwarded-For` counts.
    pub(crate) trusted: Vec<String>,
    /// Whether the proxy signs in for all operators.
    pub(crate) proxy_signs_in: bool,
    pub(crate) may_cancel: bool,
    pub(crate) has_languages: bool,
    /// The text of `config.json`.
    pub(crate) config: String,
    pub(crate) warnings: Vec<String>,
}

/// A BIG-IQ behind Curfew's host name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BigIq {
    pub(crate) address: SocketAddr,
    /// The name in its certificate.
    pub(crate) name: String,
    /// The path before `/mgmt`; empty for the first.
    pub(crate) prefix: String,
}

/// Reads a file as text.
pub(crate) type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

struct Reader<'a> {
    variables: &'a BTreeMap<String, String>,
    read_file: ReadFile<'a>,
    known: BTreeSet<String>,
    problems: Vec<String>,
    warnings: Vec<String>,
}

/// Reads the settings.
///
/// # Errors
/// All that is missing or invalid, one sentence each, which names the variable or file.
pub(crate) fn read(
    variables: &BTreeMap<String, String>,
    read_file: ReadFile<'_>,
) -> Result<Settings, Vec<String>> {
    let mut reader = Reader {
        variables,
        read_file,
        known: BTreeSet::new(),
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let settings = reader.settings();
    reader.check_names();
    match settings {
        Some(settings) if reader.problems.is_empty() => {
            Ok(Settings { warnings: reader.warnings, ..settings })
        }
        _ => Err(reader.problems),
    }
}

impl Reader<'_> {
    fn settings(&mut self) -> Option<Settings> {
        let tls = self.tls();
        let name = self.required("CURFEW_NAME", "the host name under which browsers reach Curfew");
        let name = name.and_then(|name| {
            self.checked(
                "CURFEW_NAME",
                name,
                is_host_name,
                "a host name, such as curfew.example.com",
            )
        });
        let listen = self.listen(tls);
        let path = self.path();
        let bigiqs = self.bigiqs();
        let bigiq_ca = self.bigiq_ca();
        let trusted = self.trusted();
        let config = self.config(bigiqs.as_deref());
        let parents = config.as_ref().map_or(&[][..], |(config, _)| &config.embed_parents);
        let ancestors = self.ancestors(parents);
        if tls {
            self.certificate();
        } else {
            self.warnings.push(
                "CURFEW_TLS=off: passwords and tokens cross the network in clear text. Use it only behind something that \
                 ends TLS on the same host or in the same pod"
                    .to_owned(),
            );
        }
        let (config, text) = config?;
        for tag in &config.languages {
            let file = format!("{LANGUAGES}/{tag}.json");
            self.read(&file, "the texts of a language in CURFEW_LANGUAGES", "{");
        }
        Some(Settings {
            name: name?,
            listen: listen?,
            tls,
            path: path?,
            bigiqs: bigiqs?.into_iter().map(|(bigiq, _)| bigiq).collect(),
            bigiq_ca: bigiq_ca?,
            ancestors: ancestors?,
            trusted: trusted?,
            proxy_signs_in: config.sign_in == SignInMethod::Proxy,
            may_cancel: config.cancel,
            has_languages: !config.languages.is_empty(),
            config: text,
            warnings: Vec::new(),
        })
    }

    /// A variable's value without spaces around it. One that is empty is not set: Compose can't leave a variable out.
    fn value(&mut self, variable: &str) -> Option<String> {
        self.known.insert(variable.to_owned());
        let value = self.variables.get(variable)?.trim();
        (!value.is_empty()).then(|| value.to_owned())
    }

    fn required(&mut self, variable: &str, what: &str) -> Option<String> {
        let value = self.value(variable);
        if value.is_none() {
            self.problems.push(format!("{variable} is missing: set it to {what}"));
        }
        value
    }

    fn wrong(&mut self, variable: &str, value: &str, wanted: &str) {
        self.problems.push(format!("{variable} is {value:?}, but must be {wanted}"));
    }

    fn checked(
        &mut self,
        variable: &str,
        value: String,
        fits: fn(&str) -> bool,
        wanted: &str,
    ) -> Option<String> {
        if fits(&value) {
            return Some(value);
        }
        self.wrong(variable, &value, wanted);
        None
    }

    /// The parts of a list, separated by commas or spaces. `None` if one doesn't fit.
    fn list(
        &mut self,
        variable: &str,
        value: &str,
        fits: fn(&str) -> bool,
        wanted: &str,
    ) -> Option<Vec<String>> {
        if !value.is_empty() && parts(value).next().is_none() {
            self.wrong(variable, value, wanted);
            return None;
        }
        parts(value).map(|part| self.checked(variable, part.to_owned(), fits, wanted)).collect()
    }

    fn tls(&mut self) -> bool {
        match self.value("CURFEW_TLS").as_deref() {
            None | Some("on") => true,
            Some("off") => false,
            Some(other) => {
                self.wrong("CURFEW_TLS", other, "on or off");
                true
            }
        }
    }

    fn listen(&mut self, tls: bool) -> Option<Vec<String>> {
        let usual = if tls { "8443" } else { "8080" };
        let value = self.value("CURFEW_LISTEN").unwrap_or_else(|| usual.to_owned());
        self.list(
            "CURFEW_LISTEN",
            &value,
            |part| {
                part.parse::<SocketAddr>().is_ok() || part.parse().is_ok_and(|port: u16| port > 0)
            },
            "ports, or addresses with a port, such as 8443 or [::]:8443",
        )
    }

    fn path(&mut self) -> Option<String> {
        let value = self.value("CURFEW_PATH").unwrap_or_else(|| "/".to_owned());
        self.checked(
            "CURFEW_PATH",
            value,
            |path| {
                path == "/" || path.strip_suffix('/').is_some_and(is_prefix)
            },
            "a path with a slash at both ends, such as /tools/curfew/, and not BIG-IQ's /mgmt/ or /info/",
        )
    }

    /// The BIG-IQs, each with the name for operators.
    fn bigiqs(&mut self) -> Option<Vec<(BigIq, Option<String>)>> {
        let mut found = Vec::new();
        let mut complete = true;
        for number in 1..=LAST_BIGIQ {
            let own = if number == 1 {
                "CURFEW_BIGIQ".to_owned()
            } else {
                format!("CURFEW_BIGIQ_{number}")
            };
            let [named, prefixed, titled] =
                ["NAME", "PREFIX", "TITLE"].map(|part| format!("{own}_{part}"));
            let title = self.value(&titled);
            let prefix = if number == 1 { None } else { self.value(&prefixed) };
            if number > 1
                && self.value(&own).is_none()
                && self.value(&named).is_none()
                && prefix.is_none()
                && title.is_none()
            {
                continue;
            }
            let address = self.required(&own, "BIG-IQ's address, such as 192.0.2.10:443");
            let address = address.and_then(|value| {
                let parsed = value.parse().or_else(|_| value.parse().map(|ip: IpAddr| SocketAddr::new(ip, 443)));
                if parsed.is_err() {
                    self.wrong(&own, &value, "one IP address, such as 192.0.2.10 or 192.0.2.10:443. A name could stand for several, and BIG-IQ binds a sign-in to one");
                }
                parsed.ok()
            });
            let name = self.required(&named, "the name in BIG-IQ's certificate");
            let name = name.and_then(|name| {
                self.checked(&named, name, is_host_name, "a host name, such as bigiq.example.com")
            });
            let prefix = if number == 1 {
                Some(String::new())
            } else {
                let prefix = prefix
                    .or_else(|| self.required(&prefixed, "the path of this BIG-IQ, such as /east"));
                prefix.and_then(|prefix| self.checked(&prefixed, prefix, is_prefix, "a path such as /east: letters, digits, - and _, without a slash at its end"))
            };
            if let (Some(address), Some(name), Some(prefix)) = (address, name, prefix) {
                if found.iter().any(|(other, _): &(BigIq, _)| other.prefix == prefix) {
                    self.wrong(&prefixed, &prefix, "different from those of the other BIG-IQs");
                }
                found.push((BigIq { address, name, prefix }, title));
            } else {
                complete = false;
            }
        }
        complete.then_some(found)
    }

    fn bigiq_ca(&mut self) -> Option<String> {
        let file = self.value("CURFEW_BIGIQ_CA").unwrap_or_else(|| CA.to_owned());
        let file = self.checked(
            "CURFEW_BIGIQ_CA",
            file,
            |file| {
                file.starts_with('/')
                    && file.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b))
            },
            "the whole path of a file, of letters, digits, /, ., - and _",
        )?;
        self.read(
            &file,
            "BIG-IQ's certificate authority (CURFEW_BIGIQ_CA)",
            "-----BEGIN CERTIFICATE-----",
        );
        Some(file)
    }

    fn certificate(&mut self) {
        let hint = "for browsers; with CURFEW_TLS=off none is needed";
        self.read(CERTIFICATE, &format!("the certificate {hint}"), "-----BEGIN CERTIFICATE-----");
        self.read(KEY, &format!("the key of the certificate {hint}"), "PRIVATE KEY-----");
    }

    /// Checks that a file can be read and contains a text.
    fn read(&mut self, file: &str, what: &str, contains: &str) {
        match (self.read_file)(Path::new(file)) {
            Ok(text) if text.contains(contains) => {}
            Ok(_) => self
                .problems
                .push(format!("{file} must be {what}, but doesn't contain {contains:?}")),
            Err(error) => self.problems.push(format!("can't read {file}, {what}: {error}")),
        }
    }

    fn trusted(&mut self) -> Option<Vec<String>> {
        let value = self.value("CURFEW_TRUSTED_PROXIES").unwrap_or_default();
        self.list(
            "CURFEW_TRUSTED_PROXIES",
            &value,
            is_network,
            "addresses or networks, such as 10.0.0.0/8",
        )
    }

    /// The configuration for the app and its text: from variables and the file.
    fn config(&mut self, bigiqs: Option<&[(BigIq, Option<String>)]>) -> Option<(Config, String)> {
        let set: Vec<_> = KEYS
            .into_iter()
            .filter_map(|(variable, key, kind)| {
                Some((variable, key, value(kind, &self.value(variable)?)))
            })
            .collect();
        let mut all = self.config_file()?;
        // Which variable a key comes from, for the message about it.
        let origins: BTreeMap<_, _> =
            set.iter().map(|&(variable, key, _)| (key, variable)).collect();
        for (variable, key, value) in set {
            self.add(&mut all, variable, key, value);
        }
        if let Some(bigiqs) =
            bigiqs.filter(|all| all.len() > 1 || all.iter().any(|(_, title)| title.is_some()))
        {
            let listed = bigiqs.iter().map(|(bigiq, title)| {
                let mut one = Map::new();
                one.insert("prefix".to_owned(), bigiq.prefix.clone().into());
                one.extend(title.clone().map(|title| ("name".to_owned(), title.into())));
                Value::Object(one)
            });
            // A file can give them other names and another order.
            if !all.contains_key("bigiqs") {
                self.add(&mut all, "CURFEW_BIGIQ", "bigiqs", listed.collect());
            }
        }
        let text = Value::Object(all).to_string();
        match Config::parse(&text) {
            Ok(file) => {
                for key in file.unknown_keys {
                    self.warnings.push(format!("{CONFIG}: unknown key {key}"));
                }
                if let Some(bigiqs) = bigiqs {
                    for bigiq in &file.config.bigiqs {
                        if !bigiqs.iter().any(|(other, _)| other.prefix == bigiq.prefix) {
                            self.problems.push(format!("{CONFIG}: bigiqs has the prefix {:?}, but no CURFEW_BIGIQ_…_PREFIX has it", bigiq.prefix));
                        }
                    }
                }
                Some((file.config, text))
            }
            Err(error) => {
                let key = error.key.split(['[', '.']).next().unwrap_or_default();
                let place = origins.get(key).map_or_else(
                    || format!("{CONFIG}: {}", error.key),
                    |&variable| variable.to_owned(),
                );
                self.problems.push(format!(
                    "{place} is {}, but must be {}",
                    error.value,
                    accepted(&error)
                ));
                None
            }
        }
    }

    fn add(&mut self, all: &mut Map<String, Value>, variable: &str, key: &str, value: Value) {
        if all.contains_key(key) {
            self.problems.push(format!(
                "{variable} is set, and {CONFIG} has {key:?} too: remove one of them"
            ));
        }
        all.insert(key.to_owned(), value);
    }

    /// The keys of the mounted `config.json`; none without a file.
    fn config_file(&mut self) -> Option<Map<String, Value>> {
        let text = match (self.read_file)(Path::new(CONFIG)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Map::new()),
            Err(error) => {
                self.problems.push(format!("can't read {CONFIG}: {error}"));
                return None;
            }
        };
        match serde_json::from_str(&text) {
            Ok(Value::Object(keys)) => Some(keys),
            Ok(_) => {
                self.problems.push(format!("{CONFIG} must be a JSON object"));
                None
            }
            Err(error) => {
                self.problems.push(format!("{CONFIG} is not JSON: {error}"));
                None
            }
        }
    }

    /// Portals that may send Curfew messages may also show it, unless a variable says otherwise.
    fn ancestors(&mut self, parents: &[String]) -> Option<String> {
        let Some(value) = self.value("CURFEW_FRAME_ANCESTORS") else {
            let parents = parents.join(" ");
            return Some(if parents.is_empty() { "'none'".to_owned() } else { parents });
        };
        let all = self.list(
            "CURFEW_FRAME_ANCESTORS",
            &value,
            is_source,
            "'none', 'self' or origins, such as https://portal.example.com",
        )?;
        Some(all.join(" "))
    }

    /// A misspelt variable would leave a rule out, so it is an error. Kubernetes adds some for each service.
    fn check_names(&mut self) {
        let by_kubernetes = |name: &str| {
            name == "CURFEW_PORT"
                || name.starts_with("CURFEW_PORT_")
                || name.starts_with("CURFEW_SERVICE_")
        };
        for name in self.variables.keys().filter(|name| name.starts_with("CURFEW_")) {
            // guard: container-unknown-variable
            if !self.known.contains(name) && !by_kubernetes(name) {
                self.problems.push(format!(
                    "{name} is not a setting of Curfew: correct its name or remove it"
                ));
            }
        }
    }
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split([',', ' ']).filter(|part| !part.is_empty())
}

/// The value for `config.json`. A text that doesn't fit stays a text, which the configuration refuses.
fn value(kind: Kind, text: &str) -> Value {
    let as_text = || Value::from(text);
    match kind {
        Kind::Text => as_text(),
        Kind::Number => text.parse::<u64>().map_or_else(|_| as_text(), Value::from),
        Kind::Flag => text.parse::<bool>().map_or_else(|_| as_text(), Value::from),
        Kind::List => parts(text).collect(),
    }
}

fn accepted(error: &ConfigError) -> String {
    match error.accepted {
        Accepted::Object => "a JSON object".to_owned(),
        Accepted::List => "a list that is not empty".to_owned(),
        Accepted::Text => "a text that is not empty".to_owned(),
        Accepted::Flag => "true or false".to_owned(),
        Accepted::OneOf(words) => words.join(" or "),
        Accepted::Whole(least, most) => format!("a whole number from {least} to {most}"),
        Accepted::Path => "a path that no other BIG-IQ has, such as /east".to_owned(),
        Accepted::Origin => "an origin, such as https://portal.example.com".to_owned(),
        Accepted::Language => "a language tag, such as pt-BR".to_owned(),
    }
}

fn is_host_name(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

/// nginx reads these as parts of its configuration, so nothing that means something there is allowed.
fn is_prefix(text: &str) -> bool {
    let is_segment = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    text.strip_prefix('/').is_some_and(|rest| {
        // guard: container-prefix-not-of-bigiq
        rest.split('/').all(|part| is_segment(part) && !matches!(part, "mgmt" | "info"))
    })
}

fn is_network(text: &str) -> bool {
    let (address, bits) =
        text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    address.parse::<IpAddr>().is_ok_and(|address| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
    })
}

/// The characters of a host in `frame-ancestors`, apart from letters and digits. The list stands between quotes in nginx's configuration
/// and semicolons in the policy.
// guard: container-frame-source
const IN_A_HOST: &[u8] = b"-.:*[]";

/// Whether a text is a source of `frame-ancestors`.
fn is_source(text: &str) -> bool {
    let is_host = |host: &str| {
        !host.is_empty()
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || IN_A_HOST.contains(&b))
    };
    matches!(text, "'none'" | "'self'")
        || text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .is_some_and(is_host)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use rstest::rstest;

    const NEEDED: [(&str, &str); 3] = [
        ("CURFEW_NAME", "curfew.example.test"),
        ("CURFEW_BIGIQ", "192.0.2.10:443"),
        ("CURFEW_BIGIQ_NAME", "bigiq.example.test"),
    ];
    const PEM: &str = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";
    const FILES: [(&str, &str); 3] = [(CA, PEM), (CERTIFICATE, PEM), (KEY, PEM)];

    /// The settings of variables and files that are added to the needed ones. An empty text removes one.
    pub(crate) fn with(
        variables: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Result<Settings, Vec<String>> {
        let own = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect()
        };
        let variables = own(&[&NEEDED, variables].concat());
        let mut files = own(&[&FILES, files].concat());
        files.retain(|_, text| !text.is_empty());
        read(&variables, &|path| {
            files.get(path.to_str().unwrap()).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        })
    }

    #[test]
    fn the_needed_ones_are_enough() {
        let settings = with(&[("PATH", "/usr/bin"), ("CURFEW_REASON", " ")], &[]).unwrap();
        assert_eq!(settings.listen, ["8443"]);
        assert_eq!((settings.path.as_str(), settings.ancestors.as_str()), ("/", "'none'"));
        assert_eq!(settings.config, "{}");
        assert!(settings.tls && settings.trusted.is_empty() && settings.warnings.is_empty());
    }

    #[test]
    fn every_key_of_the_configuration_has_a_variable() {
        let settings = with(
            &[
                ("CURFEW_SIGN_IN", "proxy"),
                ("CURFEW_IDLE_MINUTES", "10"),
                ("CURFEW_REASON", "always"),
                ("CURFEW_PHRASE_ABOVE", "0"),
                ("CURFEW_KILLS_AT_ONCE", "2"),
                ("CURFEW_READS_AT_ONCE", "3"),
                ("CURFEW_KILLS_PER_MINUTE", "60"),
                ("CURFEW_EMBED_PARENTS", "https://a.example.test, https://b.example.test:8443"),
                ("CURFEW_LANGUAGES", "fr pt-BR"),
                ("CURFEW_CANCEL", "true"),
                ("CURFEW_BIGIQ_TITLE", "West"),
                ("CURFEW_BIGIQ_2", "2001:db8::2"),
                ("CURFEW_BIGIQ_2_NAME", "east.example.test"),
                ("CURFEW_BIGIQ_2_PREFIX", "/east"),
            ],
            &[("/etc/curfew/languages/fr.json", "{}"), ("/etc/curfew/languages/pt-BR.json", "{}")],
        )
        .unwrap();
        let example: Map<String, Value> =
            serde_json::from_str(include_str!("../../../examples/config.example.json")).unwrap();
        let config: Map<String, Value> = serde_json::from_str(&settings.config).unwrap();
        let mut keys = [config.keys().collect::<Vec<_>>(), example.keys().collect()];
        keys.iter_mut().for_each(|keys| keys.sort_unstable());
        assert_eq!(keys[0], keys[1]);
        let config = Config::parse(&settings.config).unwrap().config;
        assert_eq!(
            (config.idle_minutes, config.phrase_above, config.kills_per_minute),
            (10, 0, 60)
        );
        assert_eq!(config.embed_parents, ["https://a.example.test", "https://b.example.test:8443"]);
        assert_eq!(config.bigiqs[0].name.as_deref(), Some("West"));
        assert_eq!(config.bigiqs[1].prefix, "/east");
        assert_eq!(settings.ancestors, "https://a.example.test https://b.example.test:8443");
        assert_eq!(settings.bigiqs[1].address, "[2001:db8::2]:443".parse().unwrap());
        assert!(settings.proxy_signs_in && settings.may_cancel && settings.has_languages);
    }

    #[rstest]
    #[case::without_it("CURFEW_NAME", "", "is missing")]
    #[case("CURFEW_BIGIQ", "", "is missing")]
    #[case("CURFEW_BIGIQ_NAME", "", "is missing")]
    #[case("CURFEW_NAME", "https://curfew.example.test", "a host name")]
    #[case("CURFEW_NAME", "a b", "a host name")]
    #[case("CURFEW_NAME", "x; return 200", "a host name")]
    #[case("CURFEW_NAME", "*.example.test", "a host name")]
    #[case("CURFEW_NAME", "-a.example.test", "a host name")]
    #[case("CURFEW_BIGIQ", "bigiq.example.test:443", "one IP address")]
    #[case("CURFEW_BIGIQ", "https://192.0.2.10", "one IP address")]
    #[case("CURFEW_BIGIQ", "192.0.2.10:99999", "one IP address")]
    #[case("CURFEW_BIGIQ", "192.0.2.10,192.0.2.11", "one IP address")]
    #[case("CURFEW_BIGIQ_NAME", "bigiq;", "a host name")]
    #[case("CURFEW_BIGIQ_CA", "ca.pem", "the whole path")]
    #[case("CURFEW_BIGIQ_CA", "/a;b", "the whole path")]
    #[case("CURFEW_LISTEN", "0", "ports")]
    #[case("CURFEW_LISTEN", "8443;", "ports")]
    #[case("CURFEW_LISTEN", ",", "ports")]
    #[case("CURFEW_NAME", "curfew\u{fffd}", "a host name")]
    #[case("CURFEW_LISTEN", "8443 ssl", "ports")]
    #[case("CURFEW_PATH", "curfew", "a path")]
    #[case("CURFEW_PATH", "/curfew", "a path")]
    #[case("CURFEW_PATH", "//", "a path")]
    #[case("CURFEW_PATH", "/mgmt/", "a path")]
    #[case("CURFEW_PATH", "/a{b/", "a path")]
    #[case("CURFEW_TLS", "no", "on or off")]
    #[case("CURFEW_TRUSTED_PROXIES", "10.0.0.0/33", "networks")]
    #[case("CURFEW_TRUSTED_PROXIES", "10.0.0.0/8;", "networks")]
    #[case("CURFEW_TRUSTED_PROXIES", "ingress", "networks")]
    #[case("CURFEW_FRAME_ANCESTORS", "https://a.example.test;script-src", "origins")]
    #[case("CURFEW_FRAME_ANCESTORS", "*", "origins")]
    #[case("CURFEW_FRAME_ANCESTORS", "https://a.example.test\"", "origins")]
    #[case("CURFEW_SIGN_IN", "cookie", "form or proxy")]
    #[case("CURFEW_IDLE_MINUTES", "-1", "a whole number from 0 to 600")]
    #[case("CURFEW_IDLE_MINUTES", "1.5", "a whole number")]
    #[case("CURFEW_REASON", "never", "everybody or always")]
    #[case("CURFEW_PHRASE_ABOVE", "11", "a whole number from 0 to 10")]
    #[case("CURFEW_KILLS_AT_ONCE", "9", "a whole number from 1 to 8")]
    #[case("CURFEW_READS_AT_ONCE", "many", "a whole number from 1 to 16")]
    #[case("CURFEW_KILLS_PER_MINUTE", "6001", "a whole number from 0 to 6000")]
    #[case("CURFEW_EMBED_PARENTS", "portal.example.test", "an origin")]
    #[case("CURFEW_LANGUAGES", "../x", "a language tag")]
    #[case("CURFEW_CANCEL", "yes", "true or false")]
    #[case("CURFEW_TRUSTED_PROXY", "10.0.0.0/8", "not a setting")]
    #[case("CURFEW_BIGIQ_10", "192.0.2.10", "not a setting")]
    #[case("CURFEW_BIGIQ_PREFIX", "/west", "not a setting")]
    fn a_wrong_variable_is_named(
        #[case] variable: &str,
        #[case] value: &str,
        #[case] wanted: &str,
    ) {
        let problems = with(&[(variable, value)], &[]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(variable) && problems[0].contains(wanted), "{problems:?}");
    }

    #[rstest]
    #[case(&[("CURFEW_BIGIQ_2", "192.0.2.11")], &["CURFEW_BIGIQ_2_NAME is missing", "CURFEW_BIGIQ_2_PREFIX is missing"])]
    #[case(&[("CURFEW_BIGIQ_3_TITLE", "East")], &["CURFEW_BIGIQ_3 is missing", "CURFEW_BIGIQ_3_NAME is missing", "CURFEW_BIGIQ_3_PREFIX is missing"])]
    #[case(&[("CURFEW_BIGIQ_2", "192.0.2.11"), ("CURFEW_BIGIQ_2_NAME", "east.example.test"), ("CURFEW_BIGIQ_2_PREFIX", "/east/")], &["CURFEW_BIGIQ_2_PREFIX is"])]
    #[case(&[("CURFEW_BIGIQ_2", "192.0.2.11"), ("CURFEW_BIGIQ_2_NAME", "east.example.test"), ("CURFEW_BIGIQ_2_PREFIX", "/a/mgmt")], &["CURFEW_BIGIQ_2_PREFIX is"])]
    #[case(&[("CURFEW_LISTEN", "x"), ("CURFEW_TLS", "x")], &["CURFEW_TLS is", "CURFEW_LISTEN is"])]
    fn all_problems_are_named_at_once(#[case] variables: &[(&str, &str)], #[case] starts: &[&str]) {
        let problems = with(variables, &[]).unwrap_err();
        assert_eq!(problems.len(), starts.len(), "{problems:?}");
        assert!(
            problems.iter().zip(starts).all(|(problem, start)| problem.starts_with(start)),
            "{problems:?}"
        );
    }

    #[rstest]
    #[case(CA, "", "can't read /etc/curfew/bigiq-ca.pem")]
    #[case(CERTIFICATE, "", "can't read /etc/curfew/curfew.crt")]
    #[case(KEY, "", "can't read /etc/curfew/curfew.key")]
    #[case(KEY, "-----BEGIN CERTIFICATE-----", "/etc/curfew/curfew.key must be")]
    #[case(CONFIG, "{", "/etc/curfew/config.json is not JSON")]
    #[case(CONFIG, "[]", "/etc/curfew/config.json must be a JSON object")]
    #[case(
        CONFIG,
        r#"{"phraseAbove":11}"#,
        "/etc/curfew/config.json: phraseAbove is 11, but must be a whole number from 0 to 10"
    )]
    #[case(
        CONFIG,
        r#"{"embedParents":["https://a.example.test","*"]}"#,
        "/etc/curfew/config.json: embedParents[1] is"
    )]
    #[case(
        CONFIG,
        r#"{"bigiqs":[{"prefix":"/east"}]}"#,
        "/etc/curfew/config.json: bigiqs has the prefix \"/east\""
    )]
    #[case(CONFIG, r#"{"languages":["fr"]}"#, "can't read /etc/curfew/languages/fr.json")]
    fn a_wrong_file_is_named(#[case] file: &str, #[case] text: &str, #[case] start: &str) {
        let problems = with(&[], &[(file, text)]).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(start), "{problems:?}");
        let others = [
            ("CURFEW_REASON", "always"),
            ("CURFEW_FRAME_ANCESTORS", "'self'"),
            ("CURFEW_TRUSTED_PROXIES", "10.0.0.0/8"),
        ];
        assert_eq!(with(&others, &[(file, text)]).unwrap_err(), problems);
    }

    #[test]
    fn a_mounted_configuration_is_kept_and_joined_with_the_variables() {
        let file = (CONFIG, r#"{"reason":"always","colour":"red"}"#);
        let settings = with(&[("CURFEW_IDLE_MINUTES", "5")], &[file]).unwrap();
        let config: Value = serde_json::from_str(&settings.config).unwrap();
        assert_eq!(
            config,
            serde_json::json!({ "reason": "always", "colour": "red", "idleMinutes": 5 })
        );
        assert_eq!(settings.warnings, ["/etc/curfew/config.json: unknown key colour"]);
        let problems = with(&[("CURFEW_REASON", "everybody")], &[file]).unwrap_err();
        assert!(problems[0].starts_with("CURFEW_REASON is set, and"), "{problems:?}");
    }

    #[test]
    fn the_page_about_installing_has_every_variable() {
        let page = include_str!("../../../docs/install.md");
        let variables = BTreeMap::new();
        let mut reader = Reader {
            variables: &variables,
            read_file: &|_| Err(io::ErrorKind::NotFound.into()),
            known: BTreeSet::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
        };
        _ = reader.settings();
        // The page has those of the second BIG-IQ for all further ones.
        let further = |name: &str| {
            (3..=LAST_BIGIQ).any(|number| name.starts_with(&format!("CURFEW_BIGIQ_{number}")))
        };
        let listed = |name: &str| further(name) || page.contains(&format!("`{name}`"));
        let missing: Vec<_> = reader.known.iter().filter(|name| !listed(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn without_tls_no_certificate_is_needed_and_a_warning_is_shown() {
        let settings = with(&[("CURFEW_TLS", "off")], &[(CERTIFICATE, ""), (KEY, "")]).unwrap();
        assert!(!settings.tls && settings.warnings[0].contains("clear text"));
        assert_eq!(settings.listen, ["8080"]);
    }

    #[test]
    fn the_variables_that_kubernetes_adds_are_no_mistake() {
        with(
            &[
                ("CURFEW_PORT", "tcp://10.0.0.1:443"),
                ("CURFEW_SERVICE_HOST", "10.0.0.1"),
                ("CURFEW_PORT_443_TCP", "x"),
            ],
            &[],
        )
        .unwrap();
    }
}
