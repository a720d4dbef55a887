//! Recognises a list of sessions where a search or a name is expected, so that a line of a log is not taken for a user.

use super::lines::is_session_id;
use super::pasted::PastedFormat;
use super::session_list::SessionListReader;
use super::table::is_drawn;
use crate::inventory::DeviceIndex;

/// How many bytes are read: more than anybody pastes into a search by intent.
const READ: usize = 1 << 20;

/// The format of a text that is a list of sessions: lines of a log, of `sessiondump` or of a table, links, JSON, or several session
/// ids. `None` for a search or a name, also if it contains a session id.
///
/// ```
/// use curfew_core::input::{PastedFormat, recognised_list};
///
/// let line = "Nov 29 10:00:00 lone notice tmm[1]: 01490502:5: 2a5d7604: Session deleted";
/// assert_eq!(recognised_list(line), Some(PastedFormat::ApmLog));
/// assert_eq!(recognised_list("user 2"), None);
/// ```
pub fn recognised_list(text: &str) -> Option<PastedFormat> {
    let text = text.trim();
    let text = text.get(..text.floor_char_boundary(READ)).unwrap_or_default();
    // Which devices there are doesn't matter here.
    let mut reader = SessionListReader::new(DeviceIndex::default(), None);
    reader.feed(text);
    let report = reader.finish();
    let has_ids = !(report.no_device.is_empty() && report.unknown_devices.is_empty());
    match report.format {
        // guard: search-is-no-list
        PastedFormat::Lines | PastedFormat::Parts => {
            is_list_of_ids(text).then_some(PastedFormat::Lines)
        }
        // The search has the same form: `session: 2a5d7604`.
        PastedFormat::Properties(_) if !text.contains('\n') => None,
        format => has_ids.then_some(format),
    }
}

/// The ids of a text that consists of nothing else.
pub(crate) fn bare_ids(text: &str) -> Option<Vec<&str>> {
    let ids: Vec<&str> = words(text).collect();
    ids.iter().all(|id| is_session_id(id)).then_some(ids)
}

/// The text as it was pasted, if a field of one line still has it and nothing else; otherwise the text of the field. Browsers replace
/// line breaks by spaces, or remove them.
pub fn as_pasted<'a>(field: &'a str, pasted: &'a str) -> &'a str {
    let is_same = letters(field).eq(letters(pasted));
    if is_same { pasted } else { field }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| !c.is_whitespace())
}

/// Whether a text is several session ids, or several lines with one each. Eight digits alone could be a staff number, which many
/// use as a user name.
fn is_list_of_ids(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !is_drawn(line));
    let has_id = |line: &str| words(line).any(is_session_id);
    let is_several = bare_ids(text).is_some_and(|ids| ids.len() > 1)
        || text.lines().nth(1).is_some() && lines.all(has_id);
    is_several && words(text).any(is_certain_id)
}

/// Whether a word can hardly be anything but a session id.
pub(crate) fn is_certain_id(word: &str) -> bool {
    is_session_id(word) && word.bytes().any(|byte| byte.is_ascii_digit()) && {
        word.bytes().any(|byte| byte.is_ascii_alphabetic())
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"'));
    words.filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::ColumnName;
    use proptest::prelude::*;
    use rstest::rstest;

    fn table(column: &str) -> Option<PastedFormat> {
        Some(PastedFormat::Table(ColumnName::Named(column.into())))
    }

    const LOG: &str =
        "Nov 29 10:00:00 lone notice tmm[1]: 01490500:5: /Common/vpn:Common:2a5d7604: New session";

    #[rstest]
    #[case::a_log_line(LOG, Some(PastedFormat::ApmLog))]
    #[case::only_its_message("01490502:5: 2a5d7604: Session deleted", Some(PastedFormat::ApmLog))]
    #[case::of_no_session("Nov 29 10:00:00 lone err apmd[9]: 01490000:3: 00000000: failed", None)]
    #[case::a_dumped_line(
        "2a5d7604.session.logon.last.username 5 user2",
        Some(PastedFormat::SessionDump)
    )]
    #[case::a_link("https://localhost/mgmt/tm/apm/access-info/2a5d7604", Some(PastedFormat::Links))]
    #[case::a_table("Session ID,User\n2a5d7604,user2", table("Session ID"))]
    #[case::a_header_alone("user session", None)]
    #[case::two_ids("2a5d7604 875f7fed", Some(PastedFormat::Lines))]
    #[case::ids_in_lines("2a5d7604\n875f7fed\n", Some(PastedFormat::Lines))]
    #[case::devices_and_ids("lone 2a5d7604\nred-a 875f7fed", Some(PastedFormat::Lines))]
    #[case::one_id_is_a_search("2a5d7604", None)]
    #[case::a_device_and_an_id_are_a_search("lone 2a5d7604", None)]
    #[case::a_field("session: 2a5d7604", None)]
    #[case::a_field_and_another("user:\"user 2\" session:2a5d7604", None)]
    #[case::properties("Session ID : 2a5d7604\nUser : user2", Some(PastedFormat::Properties("Session ID".into())))]
    #[case::names("user 2", None)]
    #[case::lines_of_names("user2\nuser3", None)]
    #[case::staff_numbers("12345678\n23456789", None)]
    #[case::nothing(" \n ", None)]
    fn lists(#[case] text: &str, #[case] expected: Option<PastedFormat>) {
        assert_eq!(recognised_list(text), expected);
    }

    #[rstest]
    #[case::joined_by_spaces("a 1 b", "a 1\nb\n", "a 1\nb\n")]
    #[case::joined_by_nothing("a 1b", "a 1\r\nb", "a 1\r\nb")]
    #[case::edited("a 1 bc", "a 1\nb\n", "a 1 bc")]
    #[case::nothing_pasted("a 1", "", "a 1")]
    fn a_field_joins_what_was_pasted(
        #[case] field: &str,
        #[case] pasted: &str,
        #[case] text: &str,
    ) {
        assert_eq!(as_pasted(field, pasted), text);
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        let text = ["x".repeat(READ - 1), "ü".into(), "2a5d7604".into()].concat();
        assert_eq!(recognised_list(&text), None);
        assert_eq!(
            recognised_list(&[LOG, "\n"].concat().repeat(20_000)),
            Some(PastedFormat::ApmLog)
        );
    }

    proptest! {
        #[test]
        fn a_word_is_a_search(word in "[a-zA-Z0-9@.\\\\-]{0,12}") {
            prop_assert_eq!(recognised_list(&word), None);
        }
    }
}
