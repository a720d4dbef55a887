//! Reads pasted sessions: tables with a header, lines of BIG-IP's APM log and of `sessiondump --allkeys`, access-info as JSON
//! and as links, "name: value" lines, and plain "device id" lines. Every line is counted in exactly one place, so that none is
//! lost silently. The text is read in pieces, so that the page stays responsive. An ambiguous device or id is reported, never
//! guessed.

use super::columns::{DEVICES, SESSION_IDS, USER_NAMES, USERS};
use super::json::{Members, objects};
use super::lines::{LogLine, dumped, is_session_id, is_syslog, linked, property, starts_json};
use super::pasted::{
    Answers, Change, ChangedLine, ColumnName, Doubt, Layout, LineOutcome, PREVIEW, PastedFormat,
    Question, ReportedLine, SkipReason, SkippedLine, is_nothing, reported,
};
use super::rows::{QuoteRule, Quotes, Row, Rows};
use super::table::{
    Columns, Delimiter, MOST_COLUMNS, is_drawn, is_name, place_of, plain, trimmed, value,
};
use crate::ids::MachineId;
use crate::input::SessionSelection;
use crate::input::selection::Gathered;
use crate::inventory::{DeviceIndex, Live, Reading};
use crate::names::is_invisible;
use crate::sorted::SortedMap;
use std::borrow::Cow;
use std::ops::Range;

/// The longest session id that is accepted. BIG-IP's have 8 or 32 characters (captured).
const LONGEST_ID: usize = 128;

/// The result of reading pasted sessions. Line numbers start at 1. The counts of lines add up to [`Self::lines`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionListReport {
    /// The sessions.
    pub sessions: SessionSelection,
    /// Number of lines.
    pub lines: usize,
    /// How many lines added a session.
    pub understood: usize,
    /// How many lines say more about a session of another line: `sessiondump` and the log have several lines for a session, and
    /// a quoted cell or JSON can have several lines.
    pub more: usize,
    /// How many lines are blank or separators.
    pub blank: usize,
    /// Lines that are headers, or come before one.
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
    pub unknown_devices: SortedMap<String, Vec<usize>>,
    /// Names that match several devices, as written, with their lines.
    pub ambiguous_devices: SortedMap<String, Vec<usize>>,
    /// Lines that are none of these.
    pub not_understood: Vec<usize>,
    /// The first line whose quotes are broken. It and all following lines are not read, because a line may be the rest of a
    /// comment.
    pub open_quote: Option<usize>,
    /// How the text was read.
    pub format: PastedFormat,
    /// What the operator must decide before the lines that raised it can be used.
    pub question: Option<Question>,
    /// Why lines were not understood, if it is known better than that.
    pub skipped: Vec<SkippedLine>,
    /// The lines that were read differently from how they are written.
    pub changed: Vec<ChangedLine>,
    /// Lines whose id was used but doesn't look like a session id of APM.
    pub unusual_ids: Vec<usize>,
    /// The lines of rows that have several.
    pub spans: Vec<Range<usize>>,
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
            let span = self.spans.binary_search_by_key(number, |span| span.start).ok();
            let span = span.and_then(|place| self.spans.get(place));
            for is_left in is_left.iter_mut().skip(*number).take(span.map_or(1, Range::len)) {
                *is_left = true;
            }
        }
        let mut left = String::new();
        if any {
            let (mut rows, mut rest) = (Rows::new(QuoteRule::Text), text);
            let mut is_left = is_left.into_iter().skip(1);
            while let Some(row) = rows.next(&mut rest).or_else(|| rows.last()) {
                if is_left.next().unwrap_or_default() {
                    left.push_str(&row.text);
                    left.push('\n');
                }
            }
        }
        left
    }

    /// The lines that are not used, apart from headers, blank and repeated lines.
    pub fn unused(&self) -> usize {
        let devices = self.unknown_devices.values().chain(self.ambiguous_devices.values());
        let lists = [&self.blank_ids, &self.no_device, &self.not_understood];
        lists.into_iter().chain(devices).map(Vec::len).sum()
    }

    /// What happened to each line of the text that was read.
    pub fn report<'t>(&self, text: &'t str) -> Vec<ReportedLine<'t>> {
        let mut noted = Vec::new();
        let mut is_known = vec![false; self.lines + 1];
        for SkippedLine { line, reason } in &self.skipped {
            noted.push((*line, LineOutcome::Skipped(*reason)));
            if let Some(is_known) = is_known.get_mut(*line) {
                *is_known = true;
            }
        }
        let mut all = |lines: &[usize], reason: SkipReason| {
            for line in lines.iter().filter(|line| is_known.get(**line) == Some(&false)) {
                noted.push((*line, LineOutcome::Skipped(reason)));
            }
        };
        all(&self.headers, SkipReason::Header);
        all(&self.repeated, SkipReason::Repeated);
        all(&self.blank_ids, SkipReason::NoValue);
        all(&self.no_device, SkipReason::NoDevice);
        all(&self.not_understood, SkipReason::Text);
        for devices in [&self.unknown_devices, &self.ambiguous_devices] {
            for lines in devices.values() {
                all(lines, SkipReason::OtherDevice);
            }
        }
        for line in &self.unusual_ids {
            noted.push((*line, LineOutcome::Unusual));
        }
        for ChangedLine { line, change } in &self.changed {
            noted.push((*line, LineOutcome::Changed(*change)));
        }
        reported(text, &noted, LineOutcome::Used)
    }

    /// Why a line was left out, if it is known.
    pub fn reason(&self, line: usize) -> Option<SkipReason> {
        self.skipped.iter().find(|skipped| skipped.line == line).map(|skipped| skipped.reason)
    }

    /// The sum of all counts of lines. Always equal to [`Self::lines`].
    pub fn accounted(&self) -> usize {
        let headers = self.headers.len() + self.repeated.len();
        self.understood + self.more + self.blank + headers + self.unused()
    }
}

/// What known session ids look like, so that others can be marked.
///
/// ```
/// use curfew_core::input::IdShapes;
///
/// let shapes = IdShapes::of(["2hjj234", "9as3323"].into_iter());
/// assert!(shapes.fits("4kds821") && !shapes.fits("policy"));
/// assert!(shapes.fits("2a5d7604"), "8 or 32 hexadecimal digits always fit");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdShapes(Vec<(usize, bool)>);

impl IdShapes {
    /// The shapes of these ids: their lengths, and whether they are hexadecimal.
    pub fn of<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        let mut shapes = Self::default();
        for id in ids {
            shapes.note(id);
        }
        shapes
    }

    /// The shapes of all live ids that are known.
    pub fn of_live(live: &Live) -> Self {
        let sessions = live.readings().flat_map(Reading::sessions);
        Self::of(sessions.map(|session| session.id.as_str()))
    }

    /// Adds the shape of an id.
    fn note(&mut self, id: &str) {
        let shape = (id.len(), is_hex(id));
        if !self.0.contains(&shape) {
            self.0.push(shape);
        }
    }

    /// Whether an id looks like a session id.
    pub fn fits(&self, id: &str) -> bool {
        is_session_id(id)
            || self.0.contains(&(id.len(), is_hex(id)))
            || self.0.contains(&(id.len(), false)) && id.bytes().any(|byte| byte.is_ascii_digit())
    }
}

fn is_hex(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_hexdigit())
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
/// assert_eq!(report.unknown_devices.get("edge-9"), Some(&vec![4]));
/// ```
#[derive(Debug, Clone)]
pub struct SessionListReader {
    index: DeviceIndex,
    /// The index of the default device.
    device: Option<usize>,
    answers: Answers,
    rows: Rows,
    /// The delimiter that `sep=` sets.
    delimiter: Option<Delimiter>,
    table: Option<Table>,
    block: Block,
    json: Option<Json>,
    /// Where the id was in earlier rows without a header: the number of cells, and its index.
    settled: Option<(usize, usize)>,
    /// Whether a row that is not blank was read.
    begun: bool,
    tally: Tally,
}

/// The result so far.
#[derive(Debug, Clone, Default)]
struct Tally {
    found: Gathered,
    /// Without the sessions, which are added at the end.
    report: SessionListReport,
    shapes: IdShapes,
    use_changed_numbers: bool,
    /// How many ids have eight hexadecimal digits.
    usual: usize,
    /// Ids that could have lost leading zeros: they are judged when all others are known.
    short_numbers: Vec<ShortNumber>,
    /// Unknown devices, and those that could be several.
    others: [OtherDevices; 2],
}

/// Devices as written, with their lines, in the order of the lines.
#[derive(Debug, Clone, Default)]
struct OtherDevices(Vec<(String, Vec<usize>)>);

impl OtherDevices {
    /// The lines of each device.
    fn grouped(self) -> SortedMap<String, Vec<usize>> {
        let mut grouped = SortedMap::new();
        grouped.merge(self.0, |lines, more| lines.extend(more));
        grouped
    }
}

/// An id of fewer than eight digits.
#[derive(Debug, Clone)]
struct ShortNumber {
    line: usize,
    /// The index of its device.
    place: usize,
    id: String,
    user: Option<String>,
}

/// The columns of a table.
#[derive(Debug, Clone)]
struct Table {
    columns: Columns,
    id: usize,
    device: Option<usize>,
    user: Option<usize>,
}

/// The "name: value" lines of one session.
#[derive(Debug, Clone, Default)]
struct Block {
    lines: Vec<usize>,
    id: Option<(usize, String)>,
    device: Option<String>,
    user: Option<String>,
}

/// JSON and everything after it.
#[derive(Debug, Clone)]
struct Json {
    line: usize,
    text: String,
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
        // A user that is not reported is no user, whatever the report writes in its place.
        let user = user.filter(|user| !is_nothing(user));
        if self.refuses(number, id) {
            return;
        }
        match *places {
            [place] if id.len() < 8 && is_number(id) => {
                let (id, user) = (id.to_owned(), user.map(str::to_owned));
                self.short_numbers.push(ShortNumber { line: number, place, id, user });
            }
            [place] => self.add(number, place, id, user),
            _ => {
                let [unknown, ambiguous] = &mut self.others;
                let devices = if places.is_empty() { unknown } else { ambiguous };
                devices.0.push((device.to_owned(), vec![number]));
            }
        }
    }

    /// Records the session of a line on a known device. An id that looks unusual is marked.
    fn add(&mut self, number: usize, place: usize, id: &str, user: Option<&str>) {
        if !self.found.insert(place, id, user) {
            return self.report.repeated.push(number);
        }
        self.report.understood += 1;
        let is_usual = is_session_id(id);
        self.usual += usize::from(is_usual && id.len() == 8);
        if !is_usual && !self.shapes.fits(id) {
            self.report.unusual_ids.push(number);
        }
    }

    /// Refuses an id that can't be one. Returns whether it did.
    fn refuses(&mut self, number: usize, id: &str) -> bool {
        // guard: changed-number
        if is_changed_number(id) && !self.use_changed_numbers {
            self.refuse(number, SkipReason::ChangedNumber);
            return true;
        }
        if !is_id(id) && !is_changed_number(id) {
            self.report.not_understood.push(number);
            return true;
        }
        false
    }

    fn refuse(&mut self, number: usize, reason: SkipReason) {
        self.report.not_understood.push(number);
        self.report.skipped.push(SkippedLine { line: number, reason });
    }

    /// Judges shorter numbers: among ids of eight digits, they lost their leading zeros in a spreadsheet.
    fn judge_short_numbers(&mut self) {
        let numbers = std::mem::take(&mut self.short_numbers);
        let eight = self.usual > numbers.len() || self.shapes.0.contains(&(8, true));
        for ShortNumber { line, place, id, user } in numbers {
            // guard: lost-zeros
            if eight && !self.use_changed_numbers && !self.shapes.0.contains(&(id.len(), true)) {
                self.refuse(line, SkipReason::ChangedNumber);
            } else {
                self.add(line, place, &id, user.as_deref());
            }
        }
    }
}

impl SessionListReader {
    /// A reader that knows these devices. `device` is the machine id of the default device for lines that name none, for example
    /// the only device that the operator has selected.
    pub fn new(index: DeviceIndex, device: Option<&MachineId>) -> Self {
        let device = device.and_then(|id| index.place(id));
        Self {
            index,
            device,
            answers: Answers::default(),
            rows: Rows::new(QuoteRule::AnyDelimiterOrSpace).apart(is_apart),
            delimiter: None,
            table: None,
            block: Block::default(),
            json: None,
            settled: None,
            begun: false,
            tally: Tally::default(),
        }
    }

    /// The same, with the shapes of session ids that are known.
    #[must_use]
    pub fn knowing(mut self, shapes: IdShapes) -> Self {
        self.tally.shapes = shapes;
        self
    }

    /// The same, with the operator's answers.
    #[must_use]
    pub fn answered(mut self, answers: Answers) -> Self {
        if answers.quotes_are_text {
            self.rows.set_rule(QuoteRule::Text);
        }
        self.tally.use_changed_numbers = answers.use_changed_numbers;
        Self { answers, ..self }
    }

    /// Reads the next piece. A piece may end anywhere, also in the middle of a line.
    pub fn feed(&mut self, piece: &str) {
        let mut piece = piece;
        while let Some(row) = self.rows.next(&mut piece) {
            self.row(&row);
        }
    }

    /// Ends the text and returns the result.
    pub fn finish(mut self) -> SessionListReport {
        if let Some(last) = self.rows.last() {
            self.row(&last);
        }
        self.end_block();
        if let Some(json) = self.json.take() {
            self.read_json(&json);
        }
        self.tally.judge_short_numbers();
        let Tally { found, mut report, others: [unknown, ambiguous], .. } = self.tally;
        report.unknown_devices = unknown.grouped();
        report.ambiguous_devices = ambiguous.grouped();
        report.sessions = SessionSelection::of_gathered(found, |place| self.index.id(place));
        report
    }

    fn row(&mut self, row: &Row<'_>) {
        let report = &mut self.tally.report;
        report.lines += row.lines;
        let line = row.text.trim_start_matches('\u{feff}');
        if let Some(json) = &mut self.json {
            json.text.push_str(line);
            json.text.push('\n');
            return;
        }
        // guard: nothing-after-a-broken-quote
        if report.open_quote.is_some() {
            return self.refuse_all(row, SkipReason::AfterBrokenQuotes);
        }
        if row.quotes.is_broken() {
            report.open_quote = Some(row.line);
            let is_long = row.quotes == Quotes::TooLong;
            return self.refuse_all(
                row,
                if is_long { SkipReason::LongCell } else { SkipReason::BrokenQuotes },
            );
        }
        if row.lines > 1 {
            report.spans.push(row.line..row.line + row.lines);
            report.more += row.lines - 1;
        }
        if is_drawn(line) {
            report.blank += 1;
            self.end_block();
            return;
        }
        let is_first = !std::mem::replace(&mut self.begun, true);
        self.line(row.line, line, is_first);
    }

    fn refuse_all(&mut self, row: &Row<'_>, reason: SkipReason) {
        for line in row.line..row.line + row.lines {
            self.tally.refuse(line, reason);
        }
    }

    fn line(&mut self, number: usize, line: &str, is_first: bool) {
        // Lists are long, and most lines have no colon.
        let has_colon = line.bytes().any(|byte| byte == b':');
        if let Some(log) = has_colon.then(|| LogLine::of(line)).flatten() {
            self.log_line(number, log);
        } else if let Some((id, user)) = dumped(line) {
            self.set_format(PastedFormat::SessionDump);
            self.more_of(number, None, id, user);
        } else if starts_json(line) {
            self.end_block();
            self.rows.set_rule(QuoteRule::Text);
            self.json = Some(Json { line: number, text: [line, "\n"].concat() });
        } else if has_colon && (self.tally.report.format == PastedFormat::ApmLog || is_syslog(line))
        {
            self.tally.refuse(number, SkipReason::Text);
        } else if is_first && self.preamble(number, line) {
            self.begun = false;
            self.tally.report.headers.push(number);
            let reason = SkipReason::Preamble;
            self.tally.report.skipped.push(SkippedLine { line: number, reason });
        } else if !(has_colon && self.table.is_none() && self.property(number, line)) {
            self.end_block();
            self.cells(number, line, is_first);
        }
    }

    /// Lines before the header: `sep=`, `#TYPE` and other comments. Returns whether this is one.
    fn preamble(&mut self, line: usize, text: &str) -> bool {
        if let Some(delimiter) = text.strip_prefix("sep=") {
            self.delimiter = delimiter.chars().next().filter(char::is_ascii).map(Delimiter::Char);
            return true;
        }
        text.starts_with('#') && line > 0
    }

    /// Reads a line of cells: a header, a row, or a line without a header.
    fn cells(&mut self, number: usize, line: &str, is_first: bool) {
        let delimiter = self.delimiter.or_else(|| Delimiter::of(line));
        // The lines of a long list are split only once, and almost all have a digit, which no header has.
        let may_be_header = is_first || !line.bytes().any(|byte| byte.is_ascii_digit());
        let layout = self.answers.layout;
        if may_be_header
            && layout.is_none()
            && let Some(table) = Table::of(delimiter, line)
        {
            if let Delimiter::Char(delimiter) = table.columns.delimiter {
                self.set_rule(QuoteRule::After(delimiter));
            }
            let name = table
                .columns
                .delimiter
                .cells(line)
                .get(table.id)
                .map(|name| value(name).into_owned());
            self.set_format(PastedFormat::Table(ColumnName::Named(name.unwrap_or_default())));
            self.table = Some(table);
            self.tally.report.headers.push(number);
        } else if let Some(table) = self.table.take() {
            self.table_row(number, &table, line);
            self.table = Some(table);
        } else {
            let cells: Vec<&str> = match delimiter {
                Some(delimiter) => delimiter.cells(line),
                None => vec![trimmed(line)],
            };
            if cells.len() > MOST_COLUMNS {
                self.tally.refuse(number, SkipReason::TooManyColumns);
            } else if is_first && matches!(layout, Some(Layout::Column { has_header: true, .. })) {
                self.tally.report.headers.push(number);
            } else {
                // Lists are long, and almost no line has anything to remove.
                if cells.iter().all(|cell| is_clean(cell)) {
                    return self.plain_line(number, &cells);
                }
                let cells: Vec<Cow<'_, str>> =
                    cells.into_iter().map(|cell| self.clean(number, cell)).collect();
                let cells: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
                self.plain_line(number, &cells);
            }
        }
    }

    fn set_rule(&mut self, rule: QuoteRule) {
        if !self.answers.quotes_are_text {
            self.rows.set_rule(rule);
        }
    }

    fn set_format(&mut self, format: PastedFormat) {
        if self.tally.report.format == PastedFormat::Lines {
            self.tally.report.format = format;
        }
    }

    /// A cell's value. What is removed is reported: quotes and invisible characters, which no id and no device has.
    fn clean<'a>(&mut self, number: usize, cell: &'a str) -> Cow<'a, str> {
        if is_clean(cell) {
            return Cow::Borrowed(cell);
        }
        let bare = value(cell);
        let changed = &mut self.tally.report.changed;
        if bare.len() < trimmed(cell).len() {
            changed.push(ChangedLine { line: number, change: Change::Quotes });
        }
        if !bare.chars().any(is_invisible) {
            return bare;
        }
        changed.push(ChangedLine { line: number, change: Change::Invisible });
        Cow::Owned(bare.chars().filter(|char| !is_invisible(*char)).collect())
    }

    fn table_row(&mut self, number: usize, table: &Table, line: &str) {
        let Some(cells) = table.columns.cells(line) else {
            let is_number = line.split([',', ';', '\t']).collect::<Vec<_>>();
            let is_number = is_number.windows(2).any(|pair| is_changed_number(&pair.join(",")));
            let reason =
                if is_number { SkipReason::ChangedNumber } else { SkipReason::OtherColumns };
            self.tally.refuse(number, reason);
            return;
        };
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        let id = self.clean(number, trimmed(cell(table.id)));
        if cells.len() == 1 && table.device.is_some() {
            self.tally.refuse(number, SkipReason::Text);
        } else if is_nothing(&id) {
            self.tally.report.blank_ids.push(number);
        } else {
            let device = table.device.map(|place| self.clean(number, trimmed(cell(place))));
            let device = device.as_deref().filter(|device| !is_nothing(device));
            let user = table.user.map(|place| value(cell(place)));
            let (host, id) = linked(&id).unwrap_or(("", &id));
            let host = Some(host).filter(|host| !host.is_empty());
            self.session(number, device.or(host), id, user.as_deref());
        }
    }

    /// Reads "device id" or "id device". With more cells, the only known device and the only cell that can be a session id.
    fn plain_line(&mut self, number: usize, cells: &[&str]) {
        let has_link = cells.iter().any(|cell| cell.bytes().any(|byte| byte == b'/'));
        if has_link && let Some((host, id)) = cells.iter().find_map(|cell| linked(cell)) {
            self.set_format(PastedFormat::Links);
            let known = cells.iter().find(|cell| linked(cell).is_none() && self.is_device(cell));
            let host = Some(host).filter(|host| !host.is_empty());
            return self.session(number, known.copied().or(host), id, None);
        }
        if let Some(question) = &mut self.tally.report.question
            && question.preview.len() < PREVIEW
        {
            question.preview.push(owned(cells));
        }
        match self.answers.layout {
            Some(Layout::Column { column, .. }) => {
                return self.chosen_column(number, cells, column);
            }
            Some(Layout::Ask) => return self.ask(number, cells, Vec::new()),
            Some(Layout::Lines | Layout::Parts) | None => {}
        }
        match *cells {
            [id] if self.is_device(id) || !self.may_be_id(id) && !is_changed_number(id) => {
                self.tally.refuse(number, SkipReason::Text);
            }
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
                } else if !places.is_empty()
                    && (self.is_device(id) || !self.may_be_id(id) && !is_changed_number(id))
                {
                    self.tally.refuse(number, SkipReason::Text);
                } else {
                    self.tally.note(number, device, places, id, None);
                }
            }
            _ => self.many_cells(number, cells),
        }
    }

    /// Reads a line of three or more cells without a header.
    fn many_cells(&mut self, number: usize, cells: &[&str]) {
        let mut devices = cells.iter().filter(|cell| self.is_device(cell));
        let device = devices.next().filter(|_| devices.next().is_none()).copied();
        let Some(device) = device else {
            self.tally.refuse(number, SkipReason::Text);
            return;
        };
        let places = |test: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let is_one =
                |(place, cell): (usize, &&str)| (*cell != device && test(cell)).then_some(place);
            cells.iter().enumerate().filter_map(is_one).collect()
        };
        let likely = places(&|cell| self.tally.shapes.fits(cell));
        let possible = places(&|cell| self.tally.shapes.fits(cell) || could_be_id(cell));
        let id = match (likely.as_slice(), possible.as_slice()) {
            ([], []) => {
                if cells.iter().any(|cell| is_changed_number(cell)) {
                    self.tally.refuse(number, SkipReason::ChangedNumber);
                } else {
                    self.tally.refuse(number, SkipReason::Text);
                }
                return;
            }
            // Digits alone could be a staff number or a date.
            // guard: several-possible-ids
            ([one], _) if cells.get(*one).is_some_and(|cell| !is_number(cell)) => Some(*one),
            ([one], _) if self.settled == Some((cells.len(), *one)) => Some(*one),
            _ => None,
        };
        let Some(place) = id else { return self.ask(number, cells, possible) };
        self.settled.get_or_insert((cells.len(), place));
        let id = cells.get(place).copied().unwrap_or_default();
        self.session(number, Some(device), id, None);
    }

    /// Asks which of these cells is the id; of all if there are none.
    fn ask(&mut self, number: usize, cells: &[&str], possible: Vec<usize>) {
        self.tally.refuse(number, SkipReason::SeveralIds);
        let about = Doubt::Column(possible);
        let question = || Question { line: number, about, preview: vec![owned(cells)] };
        self.tally.report.question.get_or_insert_with(question);
    }

    /// Reads a line whose id is in the column that the operator chose.
    fn chosen_column(&mut self, number: usize, cells: &[&str], column: usize) {
        self.tally.report.format = PastedFormat::Table(ColumnName::Numbered(column + 1));
        let others =
            cells.iter().enumerate().filter(|(place, _)| *place != column).map(|(_, cell)| *cell);
        let mut devices = others.filter(|cell| self.is_device(cell));
        let device = devices.next();
        let is_one = devices.next().is_none();
        match cells.get(column).filter(|id| !is_nothing(id)) {
            None => self.tally.report.blank_ids.push(number),
            Some(_) if !is_one => self.tally.refuse(number, SkipReason::OtherColumns),
            Some(id) => self.session(number, device, id, None),
        }
    }

    fn is_device(&self, text: &str) -> bool {
        !self.index.places(text).is_empty()
    }

    /// Whether a word of a plain line can be an id: words of a sentence have no digit.
    fn may_be_id(&self, text: &str) -> bool {
        is_id(text)
            && (text.bytes().any(|byte| byte.is_ascii_digit()) || self.tally.shapes.fits(text))
    }

    fn log_line(&mut self, number: usize, log: LogLine<'_>) {
        self.set_format(PastedFormat::ApmLog);
        match log.id {
            Some(id) => self.more_of(number, log.host, id, log.user),
            None => self.tally.refuse(number, SkipReason::Text),
        }
    }

    /// Records a line of a format that has several lines for a session.
    fn more_of(&mut self, number: usize, device: Option<&str>, id: &str, user: Option<&str>) {
        let user = user.filter(|user| !is_nothing(user));
        let place = match device.map(|device| self.index.places(device)) {
            Some([place]) => Some(*place),
            Some(_) => None,
            None => self.device,
        };
        let Tally { found, report, .. } = &mut self.tally;
        match place.filter(|place| found.contains(*place, id)) {
            Some(place) => {
                found.insert(place, id, user);
                report.more += 1;
                report.unnamed += usize::from(device.is_none());
            }
            None => self.session(number, device, id, user),
        }
    }

    /// Reads a "name: value" line about a session. Returns whether it is one.
    fn property(&mut self, number: usize, line: &str) -> bool {
        let Some((name, written)) = property(line) else { return false };
        let text = value(written).into_owned();
        let is_id = is_name(name, SESSION_IDS) && !plain(name).eq("id".chars());
        let is_device = is_name(name, DEVICES);
        let is_user = is_name(name, USER_NAMES) || is_name(name, USERS);
        if !(is_id || is_device || is_user) {
            // Any other property of a session whose lines have begun.
            let more =
                !self.block.lines.is_empty() && !name.bytes().any(|byte| byte.is_ascii_digit());
            if more {
                self.block.lines.push(number);
            }
            return more;
        }
        if is_id && self.block.id.is_some()
            || is_device && self.block.device.is_some()
            || is_user && self.block.user.is_some()
        {
            self.end_block();
        }
        self.set_format(PastedFormat::Properties(name.to_owned()));
        self.block.lines.push(number);
        if is_id {
            self.block.id = Some((number, text));
        } else if is_device {
            self.block.device = Some(text);
        } else {
            self.block.user = Some(text);
        }
        true
    }

    /// Records the session of the "name: value" lines so far.
    fn end_block(&mut self) {
        if self.block.lines.is_empty() {
            return;
        }
        let Block { lines, id, device, user } = std::mem::take(&mut self.block);
        match id {
            Some((number, id)) if is_nothing(&id) => {
                self.tally.report.more += lines.len() - 1;
                self.tally.report.blank_ids.push(number);
            }
            Some((number, id)) => {
                self.tally.report.more += lines.len() - 1;
                let (host, id) = linked(&id).unwrap_or(("", &id));
                let host = Some(host).filter(|host| !host.is_empty());
                let device = device.as_deref().filter(|device| !is_nothing(device));
                self.session(number, device.or(host), id, user.as_deref());
            }
            None => lines.into_iter().for_each(|line| self.tally.refuse(line, SkipReason::Text)),
        }
    }

    /// Reads the sessions of JSON. It is refused as a whole if it can't be read or contains none.
    fn read_json(&mut self, json: &Json) {
        let lines = self.tally.report.lines + 1 - json.line;
        let is_id = |name: &str| is_name(name, SESSION_IDS) && !plain(name).eq("id".chars());
        let first = |members: &Members, names: &str| {
            let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
            place_of(&keys, names)
                .and_then(|place| members.get(place))
                .map(|(_, text)| text.clone())
        };
        let mut found = Vec::new();
        for members in objects(&json.text).unwrap_or_default() {
            let user = first(&members, USER_NAMES).or_else(|| first(&members, USERS));
            let device = first(&members, DEVICES);
            let mut ids: Vec<&str> = Vec::new();
            ids.extend(members.iter().filter(|(key, _)| is_id(key)).map(|(_, text)| text.as_str()));
            if ids.is_empty() {
                ids.extend(
                    members
                        .iter()
                        .map(|(_, text)| text.as_str())
                        .filter(|text| linked(text).is_some()),
                );
            }
            for id in ids {
                let (host, id) = linked(id).unwrap_or(("", id));
                let host = Some(host).filter(|host| !host.is_empty()).map(str::to_owned);
                found.push((id.to_owned(), device.clone().or(host), user.clone()));
            }
        }
        self.set_format(PastedFormat::Json);
        if found.is_empty() {
            for line in json.line..json.line + lines {
                self.tally.refuse(line, SkipReason::Json);
            }
            return;
        }
        // JSON has other lines than sessions: each kind of problem is reported once, at its first line, and the other lines count
        // as lines of the sessions.
        self.tally.judge_short_numbers();
        let mut outer = std::mem::take(&mut self.tally.report);
        let mut others = std::mem::take(&mut self.tally.others);
        for (id, device, user) in found {
            self.more_of(json.line, device.as_deref(), &id, user.as_deref());
        }
        self.tally.judge_short_numbers();
        let inner = std::mem::take(&mut self.tally.report);
        let mut left = lines;
        let mut report = |list: &mut Vec<usize>, new: &[usize]| {
            if !new.is_empty() && left > 0 {
                left -= 1;
                list.push(json.line);
            }
        };
        report(&mut outer.no_device, &inner.no_device);
        report(&mut outer.not_understood, &inner.not_understood);
        let inner_others = std::mem::take(&mut self.tally.others);
        for (outer, inner) in others.iter_mut().zip(inner_others) {
            for device in inner.grouped().keys() {
                let mut lines = Vec::new();
                report(&mut lines, &[json.line]);
                outer.0.extend(lines.into_iter().map(|line| (device.clone(), vec![line])));
            }
        }
        self.tally.others = others;
        outer.more += left;
        outer.unnamed += inner.unnamed;
        outer.skipped.extend(inner.skipped);
        outer.unusual_ids.extend(inner.unusual_ids.first());
        outer.spans.push(json.line..json.line + lines);
        self.tally.report = outer;
    }

    fn session(&mut self, number: usize, device: Option<&str>, id: &str, user: Option<&str>) {
        match (device, self.device) {
            (Some(device), _) => {
                self.tally.note(number, device, self.index.places(device), id, user);
            }
            (None, _) if self.tally.refuses(number, id) => {}
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
    fn of(delimiter: Option<Delimiter>, line: &str) -> Option<Self> {
        let only = trimmed(line);
        let is_sure = |name: &str| !matches!(plain(name).collect::<String>().as_str(), "id" | "");
        if delimiter.is_none_or(|delimiter| delimiter == Delimiter::Blank)
            && is_name(only, SESSION_IDS)
            && is_sure(only)
        {
            let columns = Columns::of(line, Delimiter::Gap);
            return Some(Self { columns, id: 0, device: None, user: None });
        }
        let delimiter = delimiter?;
        let names = delimiter.cells(line);
        if names.len() > MOST_COLUMNS {
            return None;
        }
        let id = place_of(&names, SESSION_IDS)?;
        let device = place_of(&names, DEVICES);
        let user = place_of(&names, USER_NAMES).or_else(|| place_of(&names, USERS));
        // Between single spaces, a sentence could contain such a name.
        let known = |name: &&str| {
            [SESSION_IDS, DEVICES, USER_NAMES, USERS].iter().any(|names| is_name(name, names))
        };
        if delimiter == Delimiter::Blank && !names.iter().all(known) {
            return None;
        }
        let sure = names.get(id).is_some_and(|name| is_sure(name));
        let columns = Columns::of(line, delimiter);
        (sure || device.is_some() || user.is_some()).then_some(Self { columns, id, device, user })
    }
}

/// Whether a line is a format of its own, in which quotes are ordinary text.
fn is_apart(line: &str) -> bool {
    LogLine::of(line).is_some() || dumped(line).is_some() || starts_json(line) || is_syslog(line)
}

/// Whether a cell has nothing to remove.
fn is_clean(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// Whether a text can be an id. Not all documented ids are hexadecimal.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+');
    // `S-1-5-…` is Windows' id of a person.
    !text.is_empty()
        && text.len() <= LONGEST_ID
        && text.bytes().all(fits)
        && !text.starts_with("S-1-")
}

/// Whether a word next to a device could be an id of a shape that is not known.
fn could_be_id(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    let is_long =
        matches!(text.len(), 5..=32) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_long && has(u8::is_ascii_digit) && (has(u8::is_ascii_alphabetic) || text.len() >= 6)
}

fn owned(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether an id is a number that a spreadsheet changed: `4.90E+20`, `4,90E+20`.
fn is_changed_number(text: &str) -> bool {
    // Almost no id of a long list has a sign.
    if !text.bytes().any(|byte| byte == b'+' || byte == b'-') {
        return false;
    }
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let Some(exponent) = exponent.strip_prefix(['+', '-']) else { return false };
    let mut parts = mantissa.split(['.', ',']);
    let whole = parts.next().is_some_and(|part| !part.is_empty() && is_number(part));
    let rest: Vec<&str> = parts.collect();
    whole
        && rest.len() <= 1
        && rest.iter().all(|part| is_number(part))
        && !exponent.is_empty()
        && is_number(exponent)
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
            "device,sid,note\nlone,1,x\nlone,2,\"ends today, not\nlone,3,\nthe others\nlone,4,y";
        let report = read(text);
        assert_eq!(sessions(&report), [("lone", "1", "")]);
        assert_eq!((report.open_quote, &*report.not_understood), (Some(3), &[3, 4, 5, 6][..]));
        let closed = read(&text.replace("others", "others\""));
        assert_eq!(sessions(&closed), [("lone", "1", ""), ("lone", "2", ""), ("lone", "4", "")]);
        assert_eq!((closed.understood, closed.more, closed.open_quote), (3, 2, None));
        let stray = read("device,sid,note\nlone,1,\"a\"b\nlone,2,c");
        assert_eq!((stray.sessions.len(), stray.open_quote), (0, Some(2)));
        assert_eq!(stray.reason(3), Some(SkipReason::AfterBrokenQuotes));
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
        assert_eq!(report.unknown_devices, SortedMap::from_iter([("edge-9".to_owned(), vec![6])]));
        assert_eq!(report.no_device, [7]);
        assert_eq!(report.not_understood, [8, 9]);
        assert_eq!((report.lines, report.understood), (9, 1));
    }

    #[test]
    fn without_a_header() {
        let report = read("1\nedge-9 2\na b c\nlone -\n");
        assert_eq!(report.no_device, [1]);
        assert_eq!(report.unknown_devices, SortedMap::from_iter([("edge-9".to_owned(), vec![2])]));
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
