//! Reads a typed or pasted list of user names. The spelling is kept exactly, because BIG-IP compares names exactly. Unusual
//! entries are reported, never corrected, and what is in doubt is asked, never guessed.

use super::columns::{USER_NAMES, USERS};
use super::json::objects;
use super::lines::{LogLine, dumped, linked, property, starts_json};
use super::pasted::{
    Answers, Change, ChangedLine, ColumnName, Doubt, Layout, LineOutcome, PREVIEW, PastedFormat,
    Question, ReportedLine, SkipReason, SkippedLine, is_nothing, reported,
};
use super::rows::{QuoteRule, Quotes, Row, Rows};
use super::table::{Columns, Delimiter, MOST_COLUMNS, is_drawn, is_name, plain, trimmed, value};
use crate::ids::UserName;
use crate::sorted::{SortedMap, SortedSet};
use std::borrow::Cow;
use std::ops::Range;

/// The result of reading user names.
///
/// ```
/// use curfew_core::ids::UserName;
/// use curfew_core::input::{RepeatedName, UserList};
///
/// let list = UserList::parse("user2\nCORP\\user3\nuser2\n");
/// assert_eq!(list.names, ["user2", "CORP\\user3"]);
/// assert_eq!(list.repeated, [RepeatedName { name: UserName::new("user2"), times: 2 }]);
///
/// let table = UserList::parse("Name,Username\nAnyone,user4\n");
/// assert_eq!(table.names, ["user4"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserList {
    /// The names, each once, in the order of their first occurrence.
    pub names: Vec<UserName>,
    /// Names that occur more than once, with the number of times.
    pub repeated: Vec<RepeatedName>,
    /// The column that was read, if the text is a table with a header.
    pub column: Option<String>,
    /// How many rows of the table have no user.
    pub blank: usize,
    /// How many names of the table have spaces around them outside of quotes. These are not part of the name.
    pub trimmed: usize,
    /// The first line (from 1) that makes the whole list unusable: its quotes are broken, or it raises the question.
    pub refused_line: Option<usize>,
    /// How the text was read.
    pub format: PastedFormat,
    /// What the operator must decide before the list can be used.
    pub question: Option<Question>,
    /// The values that were read differently from how they are written.
    pub changed: Vec<ChangedLine>,
    /// The lines that were left out. Blank lines are not listed.
    pub skipped: Vec<SkippedLine>,
}

/// A name that a list holds more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedName {
    /// The name.
    pub name: UserName,
    /// How often it occurs.
    pub times: usize,
}

impl UserList {
    /// Reads a list without the operator's answers.
    pub fn parse(text: &str) -> Self {
        Self::read(text, Answers::default())
    }

    /// Reads a list: one name per line, or the user column of a table, or another known format.
    pub fn read(text: &str, answers: Answers) -> Self {
        Reader::read(text, answers).finish()
    }

    /// A text that is read as exactly these names, with these answers.
    pub fn written(names: &[UserName]) -> (String, Answers) {
        let lines: Vec<String> = names.iter().map(|name| line_of(name.as_str())).collect();
        let text = lines.join("\n");
        // A user can be called like a column, or several names can look like rows.
        let is_same = Self::parse(&text).names == names;
        let layout = (!is_same).then_some(Layout::Lines);
        (text, Answers { layout, ..Answers::default() })
    }

    /// The text with a name replaced where it occurs, in a table only in the user column, or without its lines or rows; and the
    /// answers to read it with. Text that is neither a list nor a table becomes a list.
    pub fn edited(
        text: &str,
        answers: Answers,
        given: &UserName,
        meant: Option<&UserName>,
    ) -> (String, Answers) {
        let reader = Reader::read(text, answers);
        if reader.list.refused_line.is_some() {
            return (text.to_owned(), answers);
        }
        let edited = reader.can_edit.then(|| reader.replaced(given, meant));
        let names = reader.finish().names;
        let is_new = meant.is_some_and(|meant| !names.contains(meant));
        let mut expected = Vec::with_capacity(names.len());
        for name in names {
            if name != *given {
                expected.push(name);
            } else if let Some(meant) = meant.filter(|_| is_new) {
                expected.push(meant.clone());
            }
        }
        // Without a line, or with another name, the rest could be read in another way: then the text becomes a list.
        let is_same = |edited: &String| {
            let names = Self::read(edited, answers).names;
            names.len() == expected.len() && expected.iter().all(|name| names.contains(name))
        };
        match edited.filter(|edited| expected.len() > MOST_COMPARED || is_same(edited)) {
            Some(edited) => (edited, answers),
            None => Self::written(&expected),
        }
    }

    /// The line that makes the whole list unusable, and why.
    pub fn refused(&self) -> Option<SkippedLine> {
        let line = self.refused_line?;
        let known = self.skipped.iter().rfind(|skipped| skipped.line == line);
        let reason = known.map_or(SkipReason::Undecided, |skipped| skipped.reason);
        Some(SkippedLine { line, reason })
    }

    /// What happened to each line of the text that was read.
    pub fn report<'t>(&self, text: &'t str) -> Vec<ReportedLine<'t>> {
        let mut noted = Vec::new();
        for ChangedLine { line, change } in &self.changed {
            noted.push((*line, LineOutcome::Changed(*change)));
        }
        for SkippedLine { line, reason } in &self.skipped {
            noted.push((*line, LineOutcome::Skipped(*reason)));
        }
        let usual = match self.refused_line {
            Some(_) => LineOutcome::Skipped(SkipReason::Undecided),
            None => LineOutcome::Used,
        };
        reported(text, &noted, usual)
    }
}

/// A name as a line that is read as this name.
fn line_of(name: &str) -> String {
    if UserList::parse(name).names == [name] { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The longest list whose names are compared after an edit.
const MOST_COMPARED: usize = 2_000;
/// How many rows may come before a header.
const LONGEST_PREAMBLE: usize = 10;
/// Characters that start the items of a list in mails and documents, before a space.
const BULLETS: [char; 9] = ['•', '*', '-', '–', '·', '‣', '◦', '▪', '●'];

/// A name and where it is written.
struct Found<'t> {
    name: Cow<'t, str>,
    cell: Range<usize>,
    row: Range<usize>,
}

struct Reader<'t> {
    text: &'t str,
    answers: Answers,
    list: UserList,
    found: Vec<Found<'t>>,
    /// The columns of a table, and the index of the user's.
    columns: Option<(Columns, usize)>,
    /// Whether a name can be replaced where it is written.
    can_edit: bool,
    rows: Rows,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn read(text: &'t str, answers: Answers) -> Self {
        let rule = if answers.quotes_are_text { QuoteRule::Text } else { QuoteRule::AnyDelimiter };
        let rows = Rows::new(rule);
        let (list, found) = (UserList::default(), Vec::new());
        let mut reader =
            Self { text, answers, list, found, columns: None, can_edit: true, rows, rest: text };
        reader.run(rule);
        reader
    }

    /// The next row that is not blank, and its text.
    fn next(&mut self) -> Option<(Row<'t>, &'t str)> {
        loop {
            let row = self.rows.next(&mut self.rest).or_else(|| self.rows.last())?;
            let text = self.text.get(row.start..row.end).unwrap_or_default();
            if !text.trim().is_empty() {
                return Some((row, text));
            }
        }
    }

    /// The text of the row after this one.
    fn peek(&self) -> Option<&'t str> {
        let (mut rows, mut rest) = (self.rows.clone(), self.rest);
        let row = rows.next(&mut rest).or_else(|| rows.last())?;
        self.text.get(row.start..row.end)
    }

    /// Continues before a row.
    fn back_to(&mut self, row: &Row<'_>, rule: QuoteRule) {
        self.rows = Rows::from(rule, row.line, row.start);
        self.rest = self.text.get(row.start..).unwrap_or_default();
    }

    fn run(&mut self, rule: QuoteRule) {
        let mut delimiter = None;
        // What comes before the first row.
        let first = loop {
            let Some((row, text)) = self.next() else { return };
            if self.answers.layout == Some(Layout::Lines) {
                break row;
            }
            if let Some(set) = text.strip_prefix("sep=") {
                let set = set.chars().next().filter(char::is_ascii);
                delimiter = set.map(Delimiter::Char);
            } else if !text.starts_with('#') {
                break row;
            }
            self.skip(row.line, SkipReason::Preamble);
        };
        let start = self.text.get(first.start..).unwrap_or_default();
        match self.answers.layout {
            Some(Layout::Lines | Layout::Parts) => {
                if self.answers.layout == Some(Layout::Parts) {
                    self.list.format = PastedFormat::Parts;
                    self.can_edit = false;
                }
                self.back_to(&first, rule);
                self.lines();
            }
            layout if starts_json(start) => self.json(start, &first, layout),
            layout => {
                let column = layout.map(|layout| match layout {
                    Layout::Column { column, has_header } => (column, has_header),
                    // A column that no table has: it is asked for.
                    Layout::Lines | Layout::Parts | Layout::Ask => (usize::MAX, false),
                });
                self.recognise(&first, delimiter, column, rule);
            }
        }
    }

    /// Finds how to read the text by its first rows, and reads it.
    fn recognise(
        &mut self,
        first: &Row<'t>,
        delimiter: Option<Delimiter>,
        column: Option<(usize, bool)>,
        rule: QuoteRule,
    ) {
        self.back_to(first, rule);
        let first_line = first.line;
        let mut keys: Vec<(&str, &str)> = Vec::new();
        for place in 0..LONGEST_PREAMBLE {
            let Some((row, text)) = self.next() else { break };
            if row.quotes.is_broken() {
                break;
            }
            if is_known_line(text) {
                self.back_to(first, QuoteRule::Text);
                return self.known_lines();
            }
            match property(text) {
                Some((key, value)) if !keys.iter().any(|(known, _)| *known == key) => {
                    keys.push((key, value));
                }
                _ => {}
            }
            let Some(delimiter) = delimiter.or_else(|| Delimiter::of(text)) else {
                let only_cell = value(text);
                if place == 0 && is_user(&only_cell) && column.is_none() && self.next().is_some() {
                    self.back_to(&row, rule);
                    self.next();
                    self.list.column = Some(trimmed(&only_cell).to_owned());
                    self.list.format =
                        PastedFormat::Table(ColumnName::Named(trimmed(&only_cell).to_owned()));
                    self.skip(row.line, SkipReason::Header);
                    return self.lines();
                }
                continue;
            };
            let ruled = if let Delimiter::Char(_) = delimiter {
                None
            } else {
                self.peek().and_then(Columns::ruled)
            };
            if delimiter == Delimiter::Blank && ruled.is_none() {
                continue;
            }
            let names = ruled.unwrap_or_else(|| Columns::of(text, delimiter));
            let Some(cells) = names.cells(text) else { continue };
            let mut likely = positions(&cells, USER_NAMES);
            if likely.is_empty() && place == 0 {
                likely = positions(&cells, USERS);
            }
            if likely.is_empty() && column.is_none() {
                continue;
            }
            let of_table = if let Delimiter::Char(delimiter) = delimiter {
                QuoteRule::After(delimiter)
            } else {
                rule
            };
            let of_table = if self.answers.quotes_are_text { QuoteRule::Text } else { of_table };
            if cells.len() > MOST_COLUMNS {
                self.skip(row.line, SkipReason::TooManyColumns);
                self.list.refused_line = Some(row.line);
                return;
            }
            let (column, has_header) = match (column, likely.as_slice()) {
                (Some(column), _) if self.answers.layout != Some(Layout::Ask) => column,
                (None, [one]) => (*one, true),
                _ => {
                    self.back_to(&row, of_table);
                    return self.ask(row.line, Doubt::Column(likely), delimiter);
                }
            };
            for line in first_line..row.line {
                self.skip(line, SkipReason::Preamble);
            }
            self.back_to(&row, of_table);
            let name =
                cells.get(column).map(|cell| value(cell).into_owned()).filter(|_| has_header);
            if has_header {
                self.skip(row.line, SkipReason::Header);
                self.next();
            }
            self.list.column.clone_from(&name);
            let name = name.map_or(ColumnName::Numbered(column + 1), ColumnName::Named);
            self.list.format = PastedFormat::Table(name);
            self.can_edit = matches!(delimiter, Delimiter::Char(_));
            self.columns = Some((names, column));
            return self.table(column);
        }
        self.back_to(first, rule);
        let names: Vec<&str> = keys.iter().map(|(key, _)| *key).collect();
        let likely = self.likely(&names);
        match (column, likely.as_slice()) {
            (Some((column, _)), _) if names.get(column).is_some() => {
                self.properties(names.get(column).copied().unwrap_or_default());
            }
            (_, []) => self.lines(),
            (_, [one]) => self.properties(names.get(*one).copied().unwrap_or_default()),
            _ => {
                let names = keys.iter().map(|(key, _)| (*key).to_owned()).collect();
                let values = keys.iter().map(|(_, value)| (*value).to_owned()).collect();
                let preview = vec![names, values];
                self.refuse(Question { line: first_line, about: Doubt::Column(likely), preview });
            }
        }
    }

    /// Reads the rows of a table.
    fn table(&mut self, column: usize) {
        while let Some((row, text)) = self.next() {
            let is_table_of_characters = self.can_edit;
            if row.quotes.is_broken() || is_table_of_characters && row.quotes == Quotes::Inner {
                return self.broken(&row);
            }
            if is_drawn(text) {
                continue;
            }
            let cells = self.columns.as_ref().and_then(|(columns, _)| columns.cells(text));
            let Some(cells) = cells else {
                self.skip(row.line, SkipReason::OtherColumns);
                continue;
            };
            let cell = cells.get(column).copied().unwrap_or_default();
            let name = if self.answers.quotes_are_text {
                Cow::Borrowed(trimmed(cell))
            } else {
                value(cell)
            };
            if name.contains(['\n', '\r']) {
                self.skip(row.line, SkipReason::LineBreak);
            } else if is_nothing(&name) {
                self.list.blank += 1;
                self.skip(row.line, SkipReason::NoValue);
            } else if self.list.column.as_deref() == Some(&*name) {
                self.skip(row.line, SkipReason::Header);
            } else {
                if trimmed(cell) != cell {
                    self.list.trimmed += 1;
                    self.change(row.line, Change::Spaces);
                }
                self.add(&row, cell, name);
            }
        }
    }

    /// Reads one name per line.
    fn lines(&mut self) {
        let rows = self.rows.clone();
        let rest = self.rest;
        while let Some((row, line)) = self.next() {
            if row.quotes.is_broken() {
                return self.broken(&row);
            }
            if matches!(self.answers.layout, None | Some(Layout::Ask)) && is_known_line(line) {
                self.skip(row.line, SkipReason::Text);
                continue;
            }
            let text = self.without_bullet(row.line, line);
            if self.answers.quotes_are_text {
                self.add(&row, text, Cow::Borrowed(text));
                continue;
            }
            let is_bare = trimmed(text).len() == trimmed(&value(text)).len();
            let delimiter = Delimiter::of(text).filter(|delimiter| {
                *delimiter != Delimiter::Blank && self.answers.layout != Some(Layout::Lines)
            });
            let Some(delimiter) = delimiter else {
                let name = if is_bare { Cow::Borrowed(text) } else { value(text) };
                self.name(&row, text, name);
                continue;
            };
            let cells = delimiter.cells(text);
            let mut filled = cells.iter().copied().filter(|cell| !cell.is_empty());
            match (filled.next(), filled.next()) {
                (None, _) => self.skip(row.line, SkipReason::NoValue),
                (Some(only), None) => {
                    self.change(row.line, Change::Delimiter);
                    self.name(&row, text, value(only));
                }
                // guard: several-values-in-a-line
                _ if self.answers.layout == Some(Layout::Parts) => {
                    for cell in cells.into_iter().filter(|cell| !cell.is_empty()) {
                        self.name(&row, cell, value(cell));
                    }
                }
                // A distinguished name: "cn=user2,ou=x".
                _ if cells.iter().all(|cell| cell.contains('=')) => {
                    self.name(&row, text, Cow::Borrowed(text));
                }
                _ => {
                    (self.rows, self.rest) = (rows.clone(), rest);
                    let about = if self.is_even(delimiter, cells.len()) {
                        (self.rows, self.rest) = (rows, rest);
                        Doubt::Column(Vec::new())
                    } else {
                        self.back_to(&row, QuoteRule::AnyDelimiter);
                        Doubt::Parts
                    };
                    return self.ask(row.line, about, delimiter);
                }
            }
        }
    }

    /// Whether all rows have the same number of cells, as in a table.
    fn is_even(&mut self, delimiter: Delimiter, cells: usize) -> bool {
        let mut rows = 0;
        while let Some((_, text)) = self.next() {
            if Delimiter::of(text) != Some(delimiter) || delimiter.cells(text).len() != cells {
                return false;
            }
            rows += 1;
        }
        rows > 1
    }

    fn without_bullet(&mut self, line: usize, text: &'t str) -> &'t str {
        let bare = text.trim_start();
        let item =
            bare.strip_prefix(BULLETS).and_then(|rest| rest.strip_prefix([' ', '\t', '\u{a0}']));
        match item.map(str::trim_start).filter(|item| !item.is_empty()) {
            Some(item) => {
                self.change(line, Change::Bullet);
                item
            }
            None => text,
        }
    }

    /// Adds the name of a line.
    fn name(&mut self, row: &Row<'_>, written: &'t str, name: Cow<'t, str>) {
        if name.contains(['\n', '\r']) {
            self.skip(row.line, SkipReason::LineBreak);
        } else if is_nothing(&name) && !self.is_name_of_person(&name) {
            self.skip(row.line, SkipReason::NoValue);
        } else {
            self.add(row, written, name);
        }
    }

    /// There are people called Null and None: a word that an operator typed is a name. Programs write it for "no value".
    fn is_name_of_person(&self, name: &str) -> bool {
        let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.list.format == PastedFormat::Lines && is_word
    }

    /// Reads the values of "name: value" lines with this name.
    fn properties(&mut self, name: &'t str) {
        self.can_edit = false;
        self.list.format = PastedFormat::Properties(name.to_owned());
        while let Some((row, text)) = self.next() {
            match property(text).filter(|(key, _)| plain(key).eq(plain(name))) {
                Some((_, written)) => self.name(&row, written, value(written)),
                None => self.skip(row.line, SkipReason::Text),
            }
        }
    }

    /// Reads lines of the log and of `sessiondump`.
    fn known_lines(&mut self) {
        self.can_edit = false;
        while let Some((row, text)) = self.next() {
            let (format, user) = if let Some(line) = LogLine::of(text) {
                (PastedFormat::ApmLog, line.user)
            } else if let Some((_, user)) = dumped(text) {
                (PastedFormat::SessionDump, user)
            } else if linked(text).is_some() {
                (PastedFormat::Links, None)
            } else {
                self.skip(row.line, SkipReason::Text);
                continue;
            };
            self.list.format = format;
            match user {
                Some(user) => self.name(&row, user, Cow::Borrowed(user)),
                None => self.skip(row.line, SkipReason::Text),
            }
        }
    }

    /// Reads the user members of JSON.
    fn json(&mut self, text: &'t str, first_row: &Row<'_>, layout: Option<Layout>) {
        self.can_edit = false;
        self.list.format = PastedFormat::Json;
        let objects = objects(text).unwrap_or_default();
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in objects.iter().flatten() {
            if !keys.contains(&key.as_str()) && keys.len() < MOST_COLUMNS {
                keys.push(key);
            }
        }
        let chosen = match (layout, self.likely(&keys).as_slice()) {
            (Some(Layout::Column { column, .. }), _) => keys.get(column),
            (_, [one]) => keys.get(*one),
            // A list of texts.
            (_, []) => keys.first().filter(|key| key.is_empty() && keys.len() == 1),
            (_, likely) => {
                let first = |key: &&str| objects.iter().flatten().find(|(name, _)| name == key);
                let values =
                    keys.iter().filter_map(first).map(|(_, value)| value.clone()).collect();
                let names = keys.iter().map(|key| (*key).to_owned()).collect();
                let about = Doubt::Column(likely.to_vec());
                return self.refuse(Question {
                    line: first_row.line,
                    about,
                    preview: vec![names, values],
                });
            }
        };
        let Some(chosen) = chosen else {
            self.skip(first_row.line, SkipReason::Json);
            self.list.refused_line = Some(first_row.line);
            return;
        };
        for (_, name) in objects.iter().flatten().filter(|(key, _)| key == chosen) {
            self.name(first_row, "", Cow::Owned(name.clone()));
        }
    }

    /// The indexes of the names that surely mean "user", or else of those that may; all if the operator wants to be asked.
    fn likely(&self, names: &[&str]) -> Vec<usize> {
        if self.answers.layout == Some(Layout::Ask) {
            return (0..names.len()).collect();
        }
        let sure = positions(names, USER_NAMES);
        if sure.is_empty() { positions(names, USERS) } else { sure }
    }

    fn add(&mut self, row: &Row<'_>, written: &str, name: Cow<'t, str>) {
        let start = (written.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if trimmed(written).len() > trimmed(&name).len()
            && value(written) == name
            && !written.ends_with(',')
        {
            self.change(row.line, Change::Quotes);
        }
        let cell = start..start + written.len();
        self.found.push(Found { name, cell, row: row.start..row.end });
    }

    fn change(&mut self, line: usize, change: Change) {
        self.list.changed.push(ChangedLine { line, change });
    }

    fn skip(&mut self, line: usize, reason: SkipReason) {
        self.list.skipped.push(SkippedLine { line, reason });
    }

    /// Refuses the list because of a row's quotes.
    fn broken(&mut self, row: &Row<'_>) {
        let reason = if row.quotes == Quotes::TooLong {
            SkipReason::LongCell
        } else {
            SkipReason::BrokenQuotes
        };
        self.skip(row.line, reason);
        self.list.refused_line = Some(row.line);
    }

    /// Asks about the text, with its first rows.
    fn ask(&mut self, line: usize, about: Doubt, delimiter: Delimiter) {
        let mut preview = Vec::new();
        while let Some((_, text)) = self.next().filter(|_| preview.len() < PREVIEW) {
            preview.push(
                delimiter.cells(text).into_iter().map(|cell| value(cell).into_owned()).collect(),
            );
        }
        self.refuse(Question { line, about, preview });
    }

    fn refuse(&mut self, question: Question) {
        self.list.refused_line = Some(question.line);
        self.list.question = Some(question);
    }

    /// The text with a name replaced where it is written, or without its lines.
    fn replaced(&self, given: &UserName, meant: Option<&UserName>) -> String {
        let text = self.text;
        let is_table = self.columns.is_some();
        let mut edited = String::with_capacity(text.len());
        let mut copied = 0;
        let copy = |edited: &mut String, range: Range<usize>| {
            edited.push_str(text.get(range).unwrap_or_default());
        };
        for found in self.found.iter().filter(|found| found.name == given.as_str()) {
            match meant {
                Some(meant) => {
                    copy(&mut edited, copied..found.cell.start);
                    edited.push_str(&if is_table {
                        quoted(meant.as_str())
                    } else {
                        line_of(meant.as_str())
                    });
                    copied = found.cell.end;
                }
                None => {
                    copy(&mut edited, copied..found.row.start);
                    let rest = text.get(found.row.end..).unwrap_or_default();
                    let line_end =
                        if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
                    copied = found.row.end + line_end;
                    if rest.is_empty() {
                        edited.truncate(edited.trim_end_matches(['\r', '\n']).len());
                    }
                }
            }
        }
        copy(&mut edited, copied..text.len());
        edited
    }

    fn finish(self) -> UserList {
        let Self { mut list, found, .. } = self;
        // guard: refused-list-has-no-names
        if list.refused_line.is_some() {
            return list;
        }
        let read: Vec<UserName> =
            found.into_iter().map(|found| UserName::new(found.name)).collect();
        // Each name with its number, and where it is first.
        let mut counts = SortedMap::new();
        counts.merge(
            read.iter().enumerate().map(|(at, name)| (name, (1_usize, at))),
            |sum, more| {
                sum.0 += more.0;
            },
        );
        let first: SortedSet<usize> = counts.values().map(|(_, at)| *at).collect();
        list.names.extend(first.iter().filter_map(|at| read.get(*at).cloned()));
        for (name, (times, _)) in counts.iter().filter(|(_, (times, _))| *times > 1) {
            list.repeated.push(RepeatedName { name: (*name).clone(), times: *times });
        }
        list
    }
}

/// Whether a line is from a log, from `sessiondump`, or a link to a session.
fn is_known_line(line: &str) -> bool {
    // Lists are long, and most names have none of these.
    let may_be = line.bytes().any(|byte| matches!(byte, b':' | b'/' | b'.'));
    may_be && (LogLine::of(line).is_some() || dumped(line).is_some() || linked(line).is_some())
}

fn is_user(cell: &str) -> bool {
    is_name(cell, USER_NAMES) || is_name(cell, USERS)
}

/// The indexes of the cells with one of these names.
fn positions(cells: &[&str], names: &str) -> Vec<usize> {
    let is_one = |(place, cell): (usize, &&str)| is_name(cell, names).then_some(place);
    cells.iter().enumerate().filter_map(is_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::user;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("", &[])]
    #[case("  \n\n", &[])]
    #[case("user2", &["user2"])]
    #[case("user2\r\nUSER2\r\n", &["user2", "USER2"])]
    #[case("EXAMPLE\\user2\ncn=user2,ou=x\nuser 2", &["EXAMPLE\\user2", "cn=user2,ou=x", "user 2"])]
    #[case("Session ID,User Name,IP\n1,user2,192.0.2.1\n2,\"a,b\",x\n3,,y", &["user2", "a,b"])]
    #[case("ip;logonUser\n1;user2", &["user2"])]
    #[case("user", &["user"])]
    #[case("\u{feff}user2\nuser3", &["user2", "user3"])]
    #[case("\u{feff}user,ip\nuser2,x", &["user2"])]
    #[case("user,ip\n\"the \"\"boss\"\"\",x\nboss,y", &["the \"boss\"", "boss"])]
    #[case("it\"s\nuser3", &["it\"s", "user3"])]
    fn names(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(UserList::parse(text).names, expected);
    }

    #[rstest]
    #[case::over_lines("user,comment\nuser2,\"leaves today, replaced by\nUser2\nfrom Monday\"", &["user2"])]
    #[case::another_line_end("user;comment\r\nuser3;x\r\nuser2;\"replaced by\r\nUser2\"", &["user3", "user2"])]
    #[case::old_line_end("user;comment\ruser3;x\ruser2;\"replaced by\rUser2\"", &["user3", "user2"])]
    #[case::its_header("\"user\nname\",ip\nuser2,x", &["user2"])]
    #[case::after_a_byte_order_mark("\u{feff}\"user\",comment\n\nuser2,\"a\nb\"", &["user2"])]
    #[case::of_the_user("user,ip\n\"user2\nUser2\",x", &[])]
    #[case::without_a_table("\"user2\nUser2\"", &[])]
    fn a_cell_over_lines_is_one_cell(#[case] text: &str, #[case] expected: &[&str]) {
        let list = UserList::parse(text);
        assert_eq!(list.names, expected);
        assert_eq!(list.refused_line, None);
    }

    #[rstest]
    #[case::not_closed(
        "user,comment\nuser3,x\nuser2,\"replaced by\nUser2",
        3,
        SkipReason::BrokenQuotes
    )]
    #[case::without_a_table("user3\n\"user2\nUser2", 2, SkipReason::BrokenQuotes)]
    #[case::in_a_table("user,ip\nit\"s,y", 2, SkipReason::BrokenQuotes)]
    #[case::text_after_a_quote("user,ip\n\"a\"b,y", 2, SkipReason::BrokenQuotes)]
    #[case::too_long(
        "user,ip\nuser2,\"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\"\nuser3,x",
        2,
        SkipReason::LongCell
    )]
    fn broken_quotes_refuse_the_list(
        #[case] text: &str,
        #[case] line: usize,
        #[case] reason: SkipReason,
    ) {
        let list = UserList::parse(text);
        assert_eq!((list.names.len(), list.refused_line), (0, Some(line)));
        assert!(list.skipped.contains(&SkippedLine { line, reason }));
    }

    #[test]
    fn unusual_names_are_reported_not_corrected() {
        let list = UserList::parse("user2\n user2\nuser2\nuser3 ");
        assert_eq!(list.names, ["user2", " user2", "user3 "]);
        assert_eq!(list.repeated, [RepeatedName { name: "user2".into(), times: 2 }]);
    }

    #[test]
    fn blank_rows_and_trimmed_names_are_counted() {
        let list = UserList::parse("ip,user\n1, user2\n2,\n3,\" user3\"\n4\n5,user4");
        assert_eq!(list.names, ["user2", " user3", "user4"]);
        assert_eq!((list.blank, list.trimmed), (2, 1));
        let plain = UserList::parse("user2\n\n user3");
        assert_eq!((plain.blank, plain.trimmed), (0, 0));
    }

    #[rstest]
    #[case("user2\nUSER2\nuser22", "USER2", "user2", "user2\nuser2\nuser22")]
    #[case(" USER2\nUSER2", " USER2", "user2", "user2\nUSER2")]
    #[case(
        "id,user\nUSER2,USER2\n2,\"USER2\" \n3,x",
        "USER2",
        "user2",
        "id,user\nUSER2,\"user2\"\n2,\"user2\"\n3,x"
    )]
    #[case("user;id\nboss;1", "boss", "a;\"b\"", "user;id\n\"a;\"\"b\"\"\";1")]
    fn a_name_is_replaced_where_it_occurs(
        #[case] text: &str,
        #[case] given: &str,
        #[case] meant: &str,
        #[case] expected: &str,
    ) {
        let edited = UserList::edited(text, Answers::default(), &given.into(), Some(&meant.into()));
        assert_eq!(edited, (expected.to_owned(), Answers::default()));
        let names = UserList::parse(expected).names;
        assert!(
            names.iter().any(|name| *name == *meant) && !names.iter().any(|name| *name == *given)
        );
    }

    #[rstest]
    #[case("user2\nuser3\n user2\nuser2", "user2", "user3\n user2")]
    #[case("user2", "user2", "")]
    #[case("id,user\n1,user2\n2,\"user2\"\nuser2,x", "user2", "id,user\nuser2,x")]
    #[case("id,user\n1,\n2,user2", "user2", "id,user\n1,")]
    fn a_name_is_left_out(#[case] text: &str, #[case] name: &str, #[case] expected: &str) {
        let without = UserList::edited(text, Answers::default(), &user(name), None);
        assert_eq!(without, (expected.to_owned(), Answers::default()));
    }

    proptest! {
        /// In any table, each row gives at most one user, and only from the user column.
        #[test]
        fn a_cell_is_never_split_into_users(
            rows in prop::collection::vec(("[a-z]{1,4}", "[a-zA-Z ,;\"\n]{0,12}"), 1..6),
        ) {
            let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
            let lines = rows.iter().map(|(user, note)| format!("{user},{}\n", quoted(note)));
            let text = format!("user,note\n{}", lines.collect::<String>());
            let list = UserList::parse(&text);
            let mut users: Vec<&str> = Vec::new();
            for (user, _) in &rows {
                if !users.contains(&user.as_str()) && !is_nothing(user) && user != "user" {
                    users.push(user);
                }
            }
            prop_assert_eq!(list.names, users);
        }

        #[test]
        fn no_line_is_lost(lines in prop::collection::vec(" ?x[a-z@.\\\\]{0,6} ?", 0..20)) {
            let list = UserList::parse(&lines.join("\n"));
            let wanted = lines.iter().filter(|l| !l.trim().is_empty()).count();
            let repeats: usize = list.repeated.iter().map(|repeated| repeated.times - 1).sum();
            prop_assert_eq!(list.names.len() + repeats, wanted);
            prop_assert!(list.names.iter().all(|n| lines.iter().any(|line| *n == line.as_str())));
        }
    }
}
