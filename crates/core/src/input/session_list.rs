//! Reads pasted sessions: CSV and TSV with a header, the columns of BIG-IQ's and other reports, lines of
//! `sessiondump --allkeys`, and plain "device id" lines. Every line is counted in exactly one place, so that none is lost
//! silently. The text is read in pieces, so that the page stays responsive. An ambiguous device is reported, never guessed.

use crate::ids::MachineId;
use crate::input::SessionSelection;
use crate::input::selection::Gathered;
use crate::input::table::{Delimiter, Quotes, place_of, plain, trimmed, unquoted};
use crate::input::user_list::USER_COLUMNS;
use crate::inventory::DeviceIndex;
use std::collections::BTreeMap;

/// Column names that mean "session id", normalized by [`plain`].
const ID_COLUMNS: [&str; 5] = ["sessionid", "sessionkey", "sid", "session", "id"];
/// Column names that mean "device", the clearest first.
const DEVICE_COLUMNS: [&str; 14] = [
    "machineid",
    "deviceid",
    "devicereference",
    "device",
    "devicename",
    "bigip",
    "bigiphostname",
    "hostname",
    "host",
    "unit",
    "deviceaddress",
    "managementaddress",
    "deviceip",
    "address",
];
/// The longest session id that is accepted. BIG-IP's have eight characters (captured).
const LONGEST_ID: usize = 128;
/// Cells that stand for "no value".
const NOTHING: [&str; 4] = ["", "-", "n/a", "null"];

/// The result of reading pasted sessions. Line numbers start at 1. The counts of lines add up to [`Self::lines`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionListReport {
    /// The sessions.
    pub sessions: SessionSelection,
    /// Number of lines.
    pub lines: usize,
    /// How many lines added a session.
    pub understood: usize,
    /// How many lines repeat a session of an earlier line with another variable (`sessiondump` has one line per variable).
    pub more: usize,
    /// How many lines are blank or separators.
    pub blank: usize,
    /// Lines that are headers.
    pub headers: Vec<usize>,
    /// Lines with a session of an earlier line.
    pub repeated: Vec<usize>,
    /// Lines whose session id is blank although the table has that column.
    pub blank_ids: Vec<usize>,
    /// Lines with a session id but no device.
    pub no_device: Vec<usize>,
    /// How many lines name no device, so that the reader's default device was used. Each is also counted elsewhere.
    pub unnamed: usize,
    /// Unknown devices, as written, with their lines.
    pub unknown_devices: BTreeMap<String, Vec<usize>>,
    /// Names that match several devices, as written, with their lines.
    pub ambiguous_devices: BTreeMap<String, Vec<usize>>,
    /// Lines that are none of these.
    pub not_understood: Vec<usize>,
    /// The first line with a quoted cell that doesn't end on the same line. It and all following lines are not read, because a
    /// line may be the rest of a comment.
    pub open_quote: Option<usize>,
}

impl SessionListReport {
    /// The lines of the text that must be corrected: those that added no session, with the headers before them. Blank and
    /// repeated lines are left out.
    pub fn left_of(&self, text: &str) -> String {
        let mut lists = vec![&self.blank_ids, &self.no_device, &self.not_understood];
        for of_devices in [&self.unknown_devices, &self.ambiguous_devices] {
            for numbers in of_devices.values() {
                lists.push(numbers);
            }
        }
        let any = lists.iter().any(|numbers| !numbers.is_empty());
        lists.push(&self.headers);
        let mut is_left = vec![false; self.lines + 1];
        for number in lists.into_iter().flatten() {
            if let Some(is_left) = is_left.get_mut(*number) {
                *is_left = true;
            }
        }
        let mut left = String::new();
        if any {
            for (line, is_left) in text.split('\n').zip(is_left.iter().skip(1)) {
                if *is_left {
                    left.push_str(line.trim_end_matches('\r'));
                    left.push('\n');
                }
            }
        }
        left
    }

    /// The sum of all counts of lines. Always equal to [`Self::lines`].
    pub fn accounted(&self) -> usize {
        let devices = self.unknown_devices.values().chain(self.ambiguous_devices.values());
        let listed =
            [&self.headers, &self.repeated, &self.blank_ids, &self.no_device, &self.not_understood];
        self.understood
            + self.more
            + self.blank
            + listed.into_iter().map(Vec::len).sum::<usize>()
            + devices.map(Vec::len).sum::<usize>()
    }
}

/// Reads pasted sessions piece by piece.
///
/// ```
/// use bigiq::device::AccessDevice;
/// use curfew_core::input::SessionListReader;
/// use curfew_core::inventory::{DeviceIndex, DeviceList};
/// use curfew_core::timestamp::Timestamp;
///
/// let edge = AccessDevice { machine_id: Some("m1".into()), hostname: Some("edge-1.example.test".into()), ..AccessDevice::default() };
/// let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
///
/// let mut reader = SessionListReader::new(DeviceIndex::of(&inventory), None);
/// reader.feed("Session ID,Device\n2a5d7604,edge-1\n875f");
/// reader.feed("7fed,edge-1\n875f7fed,edge-9\n");
/// let report = reader.finish();
/// assert_eq!(report.sessions.len(), 2);
/// assert_eq!(report.unknown_devices["edge-9"], [4]);
/// ```
#[derive(Debug, Clone)]
pub struct SessionListReader {
    index: DeviceIndex,
    /// The index of the default device.
    device: Option<usize>,
    table: Option<Table>,
    /// The start of a line whose rest is in the next piece.
    begun: String,
    tally: Tally,
}

/// The result so far.
#[derive(Debug, Clone, Default)]
struct Tally {
    found: Gathered,
    /// Without the sessions, which are added at the end.
    report: SessionListReport,
}

/// The columns of a table.
#[derive(Debug, Clone, Copy)]
struct Table {
    separator: Delimiter,
    id: usize,
    device: Option<usize>,
    user: Option<usize>,
}

impl Tally {
    /// Records the session of a line. `device` is the device as written; `places` are the indexes of the devices it may be.
    fn note(
        &mut self,
        number: usize,
        device: &str,
        places: &[usize],
        id: &str,
        user: Option<&str>,
    ) {
        let Self { found, report } = self;
        match *places {
            _ if !is_id(id) => report.not_understood.push(number),
            [place] if found.insert(place, id, user) => report.understood += 1,
            [_] => report.repeated.push(number),
            [] => report.unknown_devices.entry(device.to_owned()).or_default().push(number),
            _ => report.ambiguous_devices.entry(device.to_owned()).or_default().push(number),
        }
    }
}

impl SessionListReader {
    /// A reader that knows these devices. `device` is the machine id of the default device for lines that name none, for example
    /// the only device that the operator has selected.
    pub fn new(index: DeviceIndex, device: Option<&MachineId>) -> Self {
        let device = device.and_then(|id| index.place(id));
        Self { index, device, table: None, begun: String::new(), tally: Tally::default() }
    }

    /// Reads the next piece. A piece may end anywhere, also in the middle of a line.
    pub fn feed(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some(end) = rest.bytes().position(|byte| byte == b'\n') {
            let (line, after) = rest.split_at(end);
            if self.begun.is_empty() {
                self.line(line);
            } else {
                let mut whole = std::mem::take(&mut self.begun);
                whole.push_str(line);
                self.line(&whole);
            }
            rest = after.get(1..).unwrap_or_default();
        }
        self.begun.push_str(rest);
    }

    /// Ends the text and returns the result.
    pub fn finish(mut self) -> SessionListReport {
        if !self.begun.is_empty() {
            let last = std::mem::take(&mut self.begun);
            self.line(&last);
        }
        let Tally { found, mut report } = self.tally;
        report.sessions = SessionSelection::of_gathered(found, |place| self.index.id(place));
        report
    }

    fn line(&mut self, line: &str) {
        self.tally.report.lines += 1;
        let number = self.tally.report.lines;
        let line = line.trim_start_matches('\u{feff}').trim_end_matches('\r');
        let is_drawn = |c: char| c.is_whitespace() || matches!(c, '-' | '=' | '+' | '|' | '_');
        if line.chars().all(is_drawn) {
            self.tally.report.blank += 1;
        } else if self.tally.report.open_quote.is_some() {
            self.tally.report.not_understood.push(number);
        } else if let Some((id, user)) = dumped(line) {
            self.dump_line(number, id, user);
        } else if Quotes::of(line) == Quotes::Open {
            self.tally.report.open_quote = Some(number);
            self.tally.report.not_understood.push(number);
        } else {
            // Lists are long, so the cells of a line are split only once.
            let separator = Delimiter::of(line);
            let cells = separator.map_or_else(|| vec![unquoted(line)], |s| s.cells(line));
            if let Some(table) = Table::of(separator, &cells) {
                self.table = Some(table);
                self.tally.report.headers.push(number);
            } else if let Some(table) = self.table {
                if separator == Some(table.separator) {
                    self.row(number, table, &cells);
                } else {
                    self.row(number, table, &table.separator.cells(line));
                }
            } else {
                self.plain_line(number, &cells);
            }
        }
    }

    fn row(&mut self, number: usize, table: Table, cells: &[&str]) {
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let id = cell(table.id);
        if cells.len() == 1 && table.device.is_some() {
            self.tally.report.not_understood.push(number);
        } else if is_nothing(id) {
            self.tally.report.blank_ids.push(number);
        } else {
            let device = table.device.map(cell).filter(|device| !is_nothing(device));
            self.session(number, device, id, table.user.map(cell));
        }
    }

    /// Reads "device id" or "id device". With more cells, the only known device and the only cell that looks like a BIG-IP
    /// session id.
    fn plain_line(&mut self, number: usize, cells: &[&str]) {
        match *cells {
            [id] => self.session(number, None, id, None),
            [first, second] => {
                let (device, id, places) = match self.index.places(first) {
                    [] => match self.index.places(second) {
                        [] => (first, second, [].as_slice()),
                        places => (second, first, places),
                    },
                    places => (first, second, places),
                };
                if is_nothing(id) {
                    self.tally.report.blank_ids.push(number);
                } else {
                    self.tally.note(number, device, places, id, None);
                }
            }
            _ => {
                let known = |cell: &str| !self.index.places(cell).is_empty();
                let one = |test: &dyn Fn(&str) -> bool| {
                    let mut found = cells.iter().filter(|cell| test(cell));
                    found.next().filter(|_| found.next().is_none()).copied()
                };
                match (one(&known), one(&is_usual_id)) {
                    (Some(device), Some(id)) => self.session(number, Some(device), id, None),
                    _ => self.tally.report.not_understood.push(number),
                }
            }
        }
    }

    fn dump_line(&mut self, number: usize, id: &str, user: Option<&str>) {
        let Tally { found, report } = &mut self.tally;
        match self.device.filter(|device| found.contains(*device, id)) {
            Some(device) => {
                found.insert(device, id, user);
                report.more += 1;
                report.unnamed += 1;
            }
            None => self.session(number, None, id, user),
        }
    }

    fn session(&mut self, number: usize, device: Option<&str>, id: &str, user: Option<&str>) {
        match (device, self.device) {
            (Some(device), _) => {
                self.tally.note(number, device, self.index.places(device), id, user);
            }
            (None, _) if !is_id(id) => self.tally.report.not_understood.push(number),
            (None, Some(place)) => {
                self.tally.report.unnamed += 1;
                self.tally.note(number, "", &[place], id, user);
            }
            (None, None) => self.tally.report.no_device.push(number),
        }
    }
}

impl Table {
    /// Reads a header: a line with a cell that means "session id". Vague names count only next to another known column.
    fn of(separator: Option<Delimiter>, names: &[&str]) -> Option<Self> {
        let separator = separator.unwrap_or(Delimiter::Gap);
        let id = place_of(names, &ID_COLUMNS)?;
        let device = place_of(names, &DEVICE_COLUMNS);
        let user = place_of(names, &USER_COLUMNS);
        let sure = names.get(id).is_some_and(|name| {
            let name: String = plain(name).collect();
            name.starts_with("session") || name == "sid"
        });
        (sure || device.is_some() || user.is_some()).then_some(Self { separator, id, device, user })
    }
}

/// The session of a `sessiondump --allkeys` line, and its user if the line has it:
/// `<id>.session.<variable> <length> <value>` (captured).
fn dumped(line: &str) -> Option<(&str, Option<&str>)> {
    let line = trimmed(line);
    let name = line.split_ascii_whitespace().next()?;
    // Most lines have no dot before their first space, so this check comes first.
    let (id, variable) =
        name.bytes().any(|b| b == b'.').then(|| name.split_once(".session."))??;
    let rest = line.get(name.len()..).filter(|rest| !rest.is_empty())?;
    let value = rest.trim_start().split_once(char::is_whitespace).map(|(_, value)| value.trim());
    let user = matches!(variable, "logon.last.username" | "logon.last.logonname");
    Some((id, value.filter(|_| user)))
}

fn is_nothing(cell: &str) -> bool {
    let cell = trimmed(cell);
    NOTHING.iter().any(|nothing| cell.eq_ignore_ascii_case(nothing))
}

/// Any text without spaces: not all documented ids are hexadecimal.
fn is_id(text: &str) -> bool {
    let usual = || text.bytes().all(|byte| byte.is_ascii_graphic());
    let blank = || text.contains(|c: char| c.is_whitespace() || c.is_control());
    !text.is_empty() && text.len() <= LONGEST_ID && (usual() || !blank())
}

fn is_usual_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, machine};
    use proptest::prelude::*;
    use rstest::rstest;

    fn read_with(device: Option<&str>, text: &str) -> SessionListReport {
        let mut paste =
            SessionListReader::new(DeviceIndex::of(&inventory()), device.map(machine).as_ref());
        paste.feed(text);
        let report = paste.finish();
        assert_eq!(report.accounted(), report.lines, "a line was lost: {report:?}");
        report
    }

    fn read(text: &str) -> SessionListReport {
        read_with(None, text)
    }

    fn sessions(report: &SessionListReport) -> Vec<(&str, &str, &str)> {
        report
            .sessions
            .iter()
            .map(|s| (s.device.as_str(), s.id.as_str(), s.user.map_or("", |user| user.as_str())))
            .collect()
    }

    #[test]
    fn nothing_is_read_after_a_quote_that_does_not_close() {
        let text =
            "device,sid,note\nlone,1,x\nlone,2,\"ends today, not\nlone,3,\nthe others\"\nlone,4,y";
        let report = read(text);
        assert_eq!(sessions(&report), [("lone", "1", "")]);
        assert_eq!((report.open_quote, &*report.not_understood), (Some(3), &[3, 4, 5, 6][..]));
        let dump = read_with(Some("lone"), "1.session.x 9 \"open\n2.session.x 1 y");
        assert_eq!(
            (dump.sessions.len(), dump.open_quote),
            (2, None),
            "quotes in a value are ordinary text"
        );
    }

    #[rstest]
    #[case::csv(
        "Session ID,User Name,Client IP,Host Name\n2a5d7604,user2,198.51.100.7,lone.example.test\n",
        &[("lone", "2a5d7604", "user2")]
    )]
    #[case::quoted(
        "\"User\",\"Session ID\",\"Device\"\r\n\"a, b\",\"2a5d7604\",\"lone\"\r\n",
        &[("lone", "2a5d7604", "a, b")]
    )]
    #[case::tsv("device\tid\nlone\t1\nblue-a\t2", &[("blue-a", "2", ""), ("lone", "1", "")])]
    #[case::byte_order_mark("\u{feff}Session Key;Hostname\n1;lone", &[("lone", "1", "")])]
    #[case::aligned_columns(
        "Session ID   User    Device\n----------   -----   ------\n2a5d7604     user2   lone\n",
        &[("lone", "2a5d7604", "user2")]
    )]
    #[case::drawn("| sid | device |\n|-----|--------|\n| 1 | lone |", &[("lone", "1", "")])]
    #[case::two_tables("sid,device\n1,lone\n\ndevice,sid\nlone,2\n", &[("lone", "1", ""), ("lone", "2", "")])]
    #[case::pairs("lone 1\n2 lone\nlone,3\n4;lone", &[("lone", "1", ""), ("lone", "2", ""), ("lone", "3", ""), ("lone", "4", "")])]
    #[case::nothing_before_its_device("- lone\nlone 1", &[("lone", "1", "")])]
    #[case::more_cells("user2 198.51.100.7 lone 2a5d7604 x", &[("lone", "2a5d7604", "")])]
    #[case::reference(
        "https://localhost/mgmt/cm/system/machineid-resolver/lone 2hjj234",
        &[("lone", "2hjj234", "")]
    )]
    fn understood(#[case] text: &str, #[case] expected: &[(&str, &str, &str)]) {
        let report = read(text);
        assert_eq!(sessions(&report), expected);
        assert_eq!(report.understood, expected.len());
    }

    #[test]
    fn lines_without_a_session_are_left_with_their_headers() {
        let text = "lone 1\n\nnowhere 2\nlone 1\nlone\nsid,device\r\n3,lone\r\n,lone\r\n4,nowhere\r\nblue 5";
        let left = read(text).left_of(text);
        assert_eq!(left, "nowhere 2\nlone\nsid,device\n,lone\n4,nowhere\nblue 5\n");
        let again = read(&left);
        assert!(again.sessions.is_empty());
        assert_eq!(again.left_of(&left), left);
        assert_eq!(read("sid,device\n3,lone").left_of("sid,device\n3,lone"), "");
    }

    #[test]
    fn sessiondump_names_no_device() {
        let text = "2a5d7604.session.user.starttime 10 1700000000\n2a5d7604.session.logon.last.username 5 user2\n\
                    875f7fed.session.logon.last.username 5 user3\n";
        let report = read_with(Some("lone"), text);
        let expected = [("lone", "2a5d7604", "user2"), ("lone", "875f7fed", "user3")];
        assert_eq!(sessions(&report), expected);
        assert_eq!((report.understood, report.more, report.unnamed), (2, 1, 3));
        assert_eq!(read(text).no_device, [1, 2, 3]);
    }

    #[test]
    fn every_odd_line_is_reported() {
        let text =
            "sid,device\n1,lone\n1,lone\n,lone\n-,lone\n2,edge-9\n3,\nwhat is this\n4 5,lone\n";
        let report = read(text);
        assert_eq!(report.headers, [1]);
        assert_eq!(report.repeated, [3]);
        assert_eq!(report.blank_ids, [4, 5]);
        assert_eq!(report.unknown_devices, [("edge-9".to_owned(), vec![6])].into());
        assert_eq!(report.no_device, [7]);
        assert_eq!(report.not_understood, [8, 9]);
        assert_eq!((report.lines, report.understood), (9, 1));
    }

    #[test]
    fn without_a_header() {
        let report = read("1\nedge-9 2\na b c\nlone -\n");
        assert_eq!(report.no_device, [1]);
        assert_eq!(report.unknown_devices, [("edge-9".to_owned(), vec![2])].into());
        assert_eq!(report.not_understood, [3]);
        assert_eq!(report.blank_ids, [4]);
        let report = read_with(Some("lone"), "1\nblue-a 2");
        assert_eq!(sessions(&report), [("blue-a", "2", ""), ("lone", "1", "")]);
        assert_eq!(report.unnamed, 1, "a line that names its device keeps it");
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let text = "sid,device\n1,lone\n2,lone\n3,edge-9";
        let whole = read(text);
        for place in 0..text.len() {
            let mut paste = SessionListReader::new(DeviceIndex::of(&inventory()), None);
            let (first, second) = text.split_at(place);
            paste.feed(first);
            paste.feed(second);
            assert_eq!(paste.finish(), whole);
        }
    }

    fn any_line() -> impl Strategy<Value = String> {
        prop_oneof![
            2 => "\\PC{0,30}",
            2 => "(lone|blue-a|edge-9|)[,;\t ]{1,2}(2a5d7604|[0-9a-f]{0,3})",
            1 => "(Session ID|sid|id|x)[,\t](device|hostname|user)",
            1 => "[0-9a-f]{1,2}\\.session\\.(logon\\.last\\.username|x) [0-9] (user2|)",
            1 => Just("-----  -----".to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn no_line_is_ever_lost(lines in prop::collection::vec(any_line(), 0..40), chosen: bool, piece in 1_usize..50) {
            let text = lines.join("\n");
            let device = chosen.then_some("lone");
            let report = read_with(device, &text);
            prop_assert_eq!(report.accounted(), text.lines().count());
            prop_assert_eq!(report.sessions.len(), report.understood);

            let mut paste = SessionListReader::new(DeviceIndex::of(&inventory()), device.map(machine).as_ref());
            let chars: Vec<char> = text.chars().collect();
            for part in chars.chunks(piece) {
                paste.feed(&part.iter().collect::<String>());
            }
            prop_assert_eq!(paste.finish(), report);
        }
    }
}
