//! Writes a request as commands for the shells of its BIG-IPs, for when BIG-IQ can't do it. Names from elsewhere must never end a
//! quoted word or a comment.

use super::reach::{PlannedDevice, TargetSet};
use bigiq::KillRequest;

/// Prints the ids of a user's sessions. The lines of `sessiondump --allkeys` are `<id>.session.<variable> <length> <value>`
/// (captured). Only a whole first word counts: clients choose the values of other variables.
const IDS_OF_USER: &str = concat!(
    r"awk '$1 ~ /^[0-9A-Za-z]+\.session\.logon\.last\.username$/ ",
    r#"{ id = $1; sub(/\..*/, "", id); sub(/^[^ ]+ +[0-9]+ /, ""); "#,
    r#"if (id != "all" && $0 == ENVIRON["CURFEW_USER"] "") print id }'"#,
);

/// The request as commands of `sessiondump` (captured: community.f5.com, article 290858). `None` if a shell can't hold a name
/// in it.
pub fn by_hand(request: &KillRequest, reached: &[PlannedDevice]) -> Option<String> {
    let mut lines = Vec::new();
    let targets = TargetSet::of(request);
    let mut name_all = || {
        for device in reached.iter().filter(|device| targets.hits(device)) {
            lines.push(comment(&device.name));
        }
    };
    match request {
        KillRequest::ByUser { user_name, .. } => {
            name_all();
            lines.push(format!(
                "sessiondump --allkeys | CURFEW_USER={} {IDS_OF_USER} | \
                 while read -r id; do sessiondump --delete \"$id\" < /dev/null; done",
                quoted(user_name)?
            ));
        }
        KillRequest::All { .. } => {
            name_all();
            lines.push("sessiondump --delete all".to_owned());
        }
        KillRequest::Listed { sessions } => {
            for of_device in sessions.iter() {
                let id = of_device.device_reference.machine_id();
                let device = reached.iter().find(|device| device.id.as_str() == id);
                lines.push(comment(device.map_or(id, |device| &device.name)));
                for session in &of_device.session_ids {
                    // For "all", sessiondump ends every session.
                    // guard: by-hand-single-session
                    if session.trim() == "all" {
                        return None;
                    }
                    lines.push(["sessiondump --delete ", &quoted(session)?].concat());
                }
            }
        }
    }
    Some(lines.join("\n"))
}

/// A comment with a name.
fn comment(name: &str) -> String {
    // guard: by-hand-comment
    let shown = name.chars().map(|char| if char.is_control() { '?' } else { char });
    ["# ", &shown.collect::<String>()].concat()
}

/// A word for bash. Control characters are written as escapes: a terminal would act on them while the command is pasted. `None`
/// if the word contains NUL.
fn quoted(word: &str) -> Option<String> {
    if word.contains('\0') {
        return None;
    }
    if !word.contains(char::is_control) {
        // guard: by-hand-quote
        return Some(["'", &word.replace('\'', r"'\''"), "'"].concat());
    }
    let mut quoted = String::from("$'");
    for char in word.chars() {
        match char {
            '\'' | '\\' => quoted.extend(['\\', char]),
            char if char.is_control() => {
                let mut bytes = [0; 4];
                for byte in char.encode_utf8(&mut bytes).bytes() {
                    quoted.push_str(&format!("\\x{byte:02x}"));
                }
            }
            char => quoted.push(char),
        }
    }
    quoted.push('\'');
    Some(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MachineId;
    use crate::inventory::{HaRole, Readiness};
    use bigiq::{DeviceReference, DeviceSessions, Targets};
    use rstest::rstest;
    use std::process::Command;

    /// What clients and directories may call something.
    const HOSTILE: [&str; 17] = [
        "user 2",
        "o'user",
        "''",
        "\"user\"",
        "$(touch x)",
        "`touch x`",
        "${PATH}",
        "a; touch x #",
        "a\necho x\n",
        "a\r",
        "\u{1b}[2J",
        "tab\there'\\",
        "back\\slash",
        "!history",
        "名前 ü",
        "\u{85}next\u{2028}line",
        "-n",
    ];

    fn device(name: &str) -> PlannedDevice {
        PlannedDevice {
            id: MachineId::new("m1"),
            name: name.into(),
            cluster: None,
            group: None,
            by_reference_only: true,
            readiness: Readiness::ready(),
            role: HaRole::Active,
            apart: false,
        }
    }

    fn targets() -> Targets {
        Targets { devices: vec![DeviceReference::of("m1")], ..Targets::default() }
    }

    fn of_user(user: &str) -> KillRequest {
        KillRequest::ByUser { user_name: user.into(), targets: targets().into() }
    }

    fn listed(id: &str) -> KillRequest {
        let device_reference = DeviceReference::of("m1");
        let sessions = DeviceSessions { device_reference, session_ids: vec![id.into()] };
        KillRequest::Listed { sessions: vec![sessions].into() }
    }

    fn bash(script: &str) -> String {
        let out = Command::new("bash").args(["-c", script]).output().unwrap();
        assert!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    /// The sessions that the commands end, on a device that lists these lines.
    fn ended(commands: &str, dump: &str) -> String {
        bash(&format!(
            "sessiondump() {{ if [ \"$1\" = --allkeys ]; then printf '%s' {}; else echo \"$2\"; fi; }}\n{commands}",
            quoted(dump).unwrap()
        ))
    }

    #[test]
    fn each_kind_of_kill_has_its_commands() {
        let all = KillRequest::All { targets: targets().into() };
        let written = [of_user("user2"), all, listed("2a5d7604")]
            .map(|request| by_hand(&request, &[device("blue-a.example.test")]).unwrap());
        insta::assert_snapshot!(written.join("\n\n"));
    }

    #[test]
    fn a_word_stays_one_word() {
        for word in HOSTILE {
            let quoted = quoted(word).unwrap();
            assert_eq!(bash(&format!("printf %s {quoted}")), word);
            assert!(!quoted.contains(char::is_control), "{quoted:?}");
        }
        assert_eq!(quoted("a\0b"), None);
    }

    #[test]
    fn a_user_is_found_by_the_exact_name_and_no_name_runs_anything() {
        for user in HOSTILE {
            let commands = by_hand(&of_user(user), &[device(user)]).unwrap();
            let dump = format!(
                "2a5d7604.session.logon.last.username {} {user}\n875f7fed.session.logon.last.username 9 {user}x\n",
                user.len()
            );
            let found = if user.contains('\n') { "" } else { "2a5d7604\n" };
            assert_eq!(ended(&commands, &dump), found, "{user:?}");
        }
    }

    #[rstest]
    // A client's own words in another variable.
    #[case("2a5d7604.session.user.agent 50 all.session.logon.last.username 5 user2")]
    #[case("all.session.logon.last.username 5 user2")]
    #[case("$(touch x).session.logon.last.username 5 user2")]
    #[case("2a5d7604.session.logon.last.username 5 USER2")]
    #[case("2a5d7604.session.logon.last.username2 5 user2")]
    fn other_lines_end_nothing(#[case] line: &str) {
        let commands = by_hand(&of_user("user2"), &[]).unwrap();
        assert_eq!(ended(&commands, line), "");
    }

    #[test]
    fn a_number_is_compared_as_a_text() {
        let commands = by_hand(&of_user("0123"), &[]).unwrap();
        assert_eq!(ended(&commands, "2a5d7604.session.logon.last.username 3 123\n"), "");
    }

    #[test]
    fn a_session_id_never_means_all_sessions() {
        assert_eq!(by_hand(&listed("all"), &[]), None);
        assert_eq!(by_hand(&listed(" all "), &[]), None);
        let commands = by_hand(&listed("2hjj 234"), &[]).unwrap();
        assert_eq!(ended(&commands, ""), "2hjj 234\n");
    }
}
