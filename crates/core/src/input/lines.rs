//! Lines that say by themselves what they are: BIG-IP's APM log, `sessiondump`, links to sessions, and "name: value".

use super::table::trimmed;

/// A line of `/var/log/apm` (captured): old ones have only the session id, newer ones also the access profile:
///
/// ```text
/// … host notice apd[3412]: 01490010:5: 2a5d7604: Username 'user2'
/// … host notice tmm[1]: 01490500:5: /Common/vpn:Common:2a5d7604: New session from client IP 198.51.100.7 …
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogLine<'a> {
    /// The host that wrote it.
    pub(crate) host: Option<&'a str>,
    /// The session id. `None` if the line is about no session.
    pub(crate) id: Option<&'a str>,
    /// The user, if the line has it.
    pub(crate) user: Option<&'a str>,
}

/// Syslog's levels, which BIG-IP writes before the program.
const LEVELS: &str = "emerg alert crit err error warning warn notice info debug";
/// Every message of the access policy manager starts with this.
const APM_CODE: &str = "014";

impl<'a> LogLine<'a> {
    /// Reads a line. `None` if it is not from the log.
    pub(crate) fn of(line: &'a str) -> Option<Self> {
        // Most lines of other lists end here.
        let code = line
            .match_indices(APM_CODE)
            .find_map(|(at, _)| is_code(line.get(at..)?).then_some(at))?;
        let head = line.get(..code)?;
        if !(head.is_empty() || head.ends_with([' ', '\t', '"'])) {
            return None;
        }
        let message = line.get(code + CODE..)?;
        let start = message.split(": ").next().unwrap_or_default();
        let last = start.trim().rsplit(':').next().filter(|id| is_session_id(id));
        let id = last.filter(|id| id.bytes().any(|byte| byte != b'0'));
        let user = message.split_once("Username '").and_then(|(_, rest)| rest.rsplit_once('\''));
        Some(Self {
            host: host(head),
            id,
            user: user.map(|(user, _)| user).filter(|_| id.is_some()),
        })
    }
}

/// The length of `01490500:5:`.
const CODE: usize = 11;

/// Whether a text starts like `01490500:5:`.
fn is_code(text: &str) -> bool {
    let Some(code) = text.as_bytes().get(..CODE) else { return false };
    let is = |(at, byte): (usize, &u8)| match at {
        8 | 10 => *byte == b':',
        _ => byte.is_ascii_hexdigit(),
    };
    code.iter().enumerate().all(is)
}

/// The host in the head of a syslog line: before the level, or else before the program.
fn host(head: &str) -> Option<&str> {
    let mut words = head.split_whitespace().rev().peekable();
    // The program: `tmm[1]:`. Some relays leave it out.
    words.next_if(|word| word.ends_with(':'));
    words.next_if(|word| LEVELS.split(' ').any(|level| level.eq_ignore_ascii_case(word)));
    let host = words.next()?;
    // A relay may write it with the facility: "local1/host".
    let host = host.rsplit('/').next()?;
    (!is_time(host)).then_some(host)
}

/// Whether a word is a time of day or a date rather than a host.
fn is_time(word: &str) -> bool {
    word.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b':' | b'-' | b'T' | b'Z' | b'+' | b'.')
    }) && word.contains(':')
}

/// 8 or 32 hexadecimal digits: what BIG-IP's session ids look like (captured).
pub(crate) fn is_session_id(text: &str) -> bool {
    matches!(text.len(), 8 | 32) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a line is from a log of another program: `… host notice sshd[123]: …`.
pub(crate) fn is_syslog(line: &str) -> bool {
    line.match_indices("]: ").any(|(at, _)| {
        let head = line.get(..at).and_then(|head| head.rsplit_once('['));
        head.is_some_and(|(name, pid)| {
            name.ends_with(|c: char| c.is_alphanumeric())
                && !pid.is_empty()
                && pid.bytes().all(|byte| byte.is_ascii_digit())
        })
    })
}

/// The session of a `sessiondump --allkeys` line, and its user if the line has it:
/// `<id>.session.<variable> <length> <value>` (captured).
pub(crate) fn dumped(line: &str) -> Option<(&str, Option<&str>)> {
    // Most lines of other lists end here.
    let (id, rest) = trimmed(line).split_once('.')?;
    let rest = rest.strip_prefix("session.")?;
    let (variable, rest) = rest.split_once(char::is_whitespace)?;
    if id.contains(char::is_whitespace) {
        return None;
    }
    let value = rest.trim_start().split_once(char::is_whitespace).map(|(_, value)| value.trim());
    let user = matches!(variable, "logon.last.username" | "logon.last.logonname");
    Some((id, value.filter(|_| user)))
}

/// The host and the session id of a link to a session: `https://localhost/mgmt/tm/apm/access-info/2a5d7604`.
pub(crate) fn linked(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once("/apm/access-info/")?;
    let id = rest.split(['?', '#', '/']).next().filter(|id| !id.is_empty())?;
    let (_, host) = before.split_once("://").unwrap_or_default();
    let host = host.split('/').next().unwrap_or_default();
    Some((if host == "localhost" { "" } else { host }, id))
}

/// The name and the value of a line "name: value" or "name : value", as PowerShell's `Format-List`, LDIF and tmsh write them.
pub(crate) fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = trimmed(name);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '\'' | '’');
    // Two colons: LDIF's values in base64.
    let fits = !name.is_empty() && name.len() <= 60 && name.chars().all(is_name);
    (fits && !value.starts_with([':', '/', '\\'])).then(|| (name, trimmed(value)))
}

/// Whether JSON starts here.
pub(crate) fn starts_json(line: &str) -> bool {
    let line = line.trim_start();
    let after = |rest: &str| rest.trim_start().chars().next();
    line.strip_prefix('{').is_some_and(|rest| matches!(after(rest), None | Some('"' | '}')))
        || line
            .strip_prefix('[')
            .is_some_and(|rest| matches!(after(rest), None | Some('{' | '"' | ']')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::with_its_profile(
        "Nov 29 10:00:00 D notice tmm[1]: 01490500:5: /Common/vpn:Common:2a5d7604: New session from client IP 198.51.100.7 (ST=/CC=/C=) at VIP 192.0.2.1",
        Some("D"),
        Some("2a5d7604"),
        None
    )]
    #[case::old(
        "Dec 12 10:11:12 lone notice apd[3412]: 01490010:5: 2a5d7604: Username 'user2'",
        Some("lone"),
        Some("2a5d7604"),
        Some("user2")
    )]
    #[case::of_a_relay(
        "<133>1 2026-11-29T10:00:00+01:00 lone apmd[9]: 01490010:5: /Common/vpn:Common:2a5d7604: Username 'o'user'",
        Some("lone"),
        Some("2a5d7604"),
        Some("o'user")
    )]
    #[case::without_a_program(
        "Nov 29 10:00:00 lone.example.test 01490502:5: 2a5d7604: Session deleted due to user logout request.",
        Some("lone.example.test"),
        Some("2a5d7604"),
        None
    )]
    #[case::with_a_facility(
        "Nov 29 10:00:00 local1/lone notice apd[1]: 01490010:5: 2a5d7604: Username 'x'",
        Some("lone"),
        Some("2a5d7604"),
        Some("x")
    )]
    #[case::long_id(
        "lone notice tmm[1]: 01490521:5: /Common/vpn:Common:0123456789abcdef0123456789ABCDEF: Session statistics - bytes in: 1",
        Some("lone"),
        Some("0123456789abcdef0123456789ABCDEF"),
        None
    )]
    #[case::only_the_message(
        "01490102:5: /Common/vpn:Common:2a5d7604: Access policy result: Full",
        None,
        Some("2a5d7604"),
        None
    )]
    #[case::of_no_session(
        "Nov 29 10:00:00 lone err apmd[9]: 01490000:3: /Common/vpn:Common:00000000: failed",
        Some("lone"),
        None,
        None
    )]
    #[case::of_the_program("Nov 29 10:00:00 notice apmd[9]: 01490112:5: started", None, None, None)]
    fn log_lines(
        #[case] line: &str,
        #[case] host: Option<&str>,
        #[case] id: Option<&str>,
        #[case] user: Option<&str>,
    ) {
        assert_eq!(LogLine::of(line), Some(LogLine { host, id, user }));
    }

    #[rstest]
    #[case("lone 01490500")]
    #[case("lone 2a5d7604")]
    #[case("D 101490500:5: x")]
    #[case("014905äx:5: x")]
    #[case("")]
    fn other_lines(#[case] line: &str) {
        assert_eq!(LogLine::of(line), None);
    }

    #[rstest]
    #[case("Nov 29 10:00:00 lone notice sshd[12]: Accepted", true)]
    #[case("lone [12]: 1", false)]
    #[case("lone 2a5d7604", false)]
    fn logs(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(is_syslog(line), expected);
    }

    #[rstest]
    #[case("https://localhost/mgmt/tm/apm/access-info/2a5d7604", Some(("", "2a5d7604")))]
    #[case("https://lone.example.test/mgmt/tm/apm/access-info/2a5d7604?ver=16.1.0", Some(("lone.example.test", "2a5d7604")))]
    #[case("/mgmt/tm/apm/access-info/2a5d7604/stats", Some(("", "2a5d7604")))]
    #[case("https://localhost/mgmt/tm/apm/access-info/", None)]
    #[case("https://localhost/mgmt/cm/system/machineid-resolver/lone", None)]
    fn links(#[case] text: &str, #[case] expected: Option<(&str, &str)>) {
        assert_eq!(linked(text), expected);
    }

    #[rstest]
    #[case("SamAccountName    : user2", Some(("SamAccountName", "user2")))]
    #[case("sAMAccountName: user2", Some(("sAMAccountName", "user2")))]
    #[case("Nom d’utilisateur : user2", Some(("Nom d’utilisateur", "user2")))]
    #[case("sAMAccountName:: dXNlcjI=", None)]
    #[case("https://lone", None)]
    #[case("user2", None)]
    fn properties(#[case] line: &str, #[case] expected: Option<(&str, &str)>) {
        assert_eq!(property(line), expected);
    }

    #[rstest]
    #[case("{", true)]
    #[case("  { \"entries\": {", true)]
    #[case("[ {", true)]
    #[case("[\"user2\"]", true)]
    #[case("[2001:db8::5] 2a5d7604", false)]
    #[case("{curly}", false)]
    fn json(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(starts_json(line), expected);
    }
}
