//! What was recognised in pasted text, what was changed and left out, and what only the operator can decide.

use super::rows::{QuoteRule, Rows};
use super::table::{is_drawn, trimmed};

/// How a pasted text was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PastedFormat {
    /// One value per line.
    #[default]
    Lines,
    /// Several values per line, between delimiters. Only after the operator chose it.
    Parts,
    /// A table of which this column was read. Its name, or its number if it has none.
    Table(ColumnName),
    /// Lines "name: value" of which these were read: PowerShell's `Format-List`, LDIF, tmsh.
    Properties(String),
    /// Lines of `/var/log/apm`.
    ApmLog,
    /// `sessiondump --allkeys`.
    SessionDump,
    /// Links to sessions.
    Links,
    /// JSON, as the access-info of a BIG-IP or an export.
    Json,
}

/// How people call a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnName {
    /// By the name in its header.
    Named(String),
    /// By its number, from 1.
    Numbered(usize),
}

/// A question that only the operator can answer. Until then the text, or the line, is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The line that raised it, from 1.
    pub line: usize,
    /// What is asked.
    pub about: Doubt,
    /// The first rows as cells: a header, if there is one, and three others.
    pub preview: Vec<Vec<String>>,
}

/// How many rows a question keeps: a header and three others.
pub(crate) const PREVIEW: usize = 4;

impl Question {
    /// The rows to show: three, besides a header.
    pub fn shown(&self) -> &[Vec<String>] {
        let number = PREVIEW - usize::from(!self.has_header());
        self.preview.get(..number).unwrap_or(&self.preview)
    }

    /// Whether the first row is probably a header: known names of columns, or a row without digits before one with some.
    pub fn has_header(&self) -> bool {
        let has_digit = |row: &&Vec<String>| {
            row.iter().any(|cell| cell.bytes().any(|byte| byte.is_ascii_digit()))
        };
        let mut rows = self.preview.iter();
        rows.next().is_some_and(|first| !has_digit(&first)) && rows.any(|row| has_digit(&row))
    }
}

/// What is in doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The text is a table, and it is not known which column to read. The answer is [`Layout::Column`]. These columns, from 0,
    /// are possible; none if any may be.
    Column(Vec<usize>),
    /// A line has several values, or one that contains a delimiter. The answer is [`Layout::Parts`] or [`Layout::Lines`].
    Parts,
}

/// The operator's answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// How to read the text. `None`: as it is recognised.
    pub layout: Option<Layout>,
    /// Quotes are ordinary text. For a text with an unclosed quote.
    pub quotes_are_text: bool,
    /// Ids that look like numbers changed by a spreadsheet are used.
    pub use_changed_numbers: bool,
}

/// How to read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Each line is one value, whatever it contains.
    Lines,
    /// Each part between delimiters is a value.
    Parts,
    /// A table: this column (from 0) has the values.
    Column {
        /// Its index, from 0.
        column: usize,
        /// Whether the first row is a header.
        has_header: bool,
    },
    /// A table: its column is asked for, even if one is known.
    Ask,
}

impl Answers {
    /// The answers that still apply after an edit of the text: none if most of it is new, because it is another paste.
    #[must_use]
    pub fn after_edit(self, before: &str, after: &str) -> Self {
        let start = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
        let ends = before.bytes().rev().zip(after.bytes().rev());
        let end = ends.take_while(|(old, new)| old == new).count();
        let longer = before.len().max(after.len());
        // guard: answers-of-another-paste
        if (start + end) * 3 > longer { self } else { Self::default() }
    }
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineOutcome {
    /// Its value is used as it is written.
    Used,
    /// Its value is used, without this.
    Changed(Change),
    /// Its value is used, but doesn't look like a session id of APM.
    Unusual,
    /// It is not used.
    Skipped(SkipReason),
}

/// A line of a pasted text and what happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportedLine<'t> {
    /// The line, from 1.
    pub line: usize,
    /// As it is written.
    pub text: &'t str,
    /// What happened to it.
    pub outcome: LineOutcome,
}

/// Every line of a text that is not blank, in order; one with several outcomes is listed for each of them. Those without an
/// outcome have the `usual` one.
pub(crate) fn reported<'t>(
    text: &'t str,
    noted: &[(usize, LineOutcome)],
    usual: LineOutcome,
) -> Vec<ReportedLine<'t>> {
    let mut of_lines: Vec<Vec<LineOutcome>> = Vec::new();
    for (line, outcome) in noted {
        if of_lines.len() <= *line {
            of_lines.resize_with(line + 1, Vec::new);
        }
        if let Some(of_line) = of_lines.get_mut(*line) {
            of_line.push(*outcome);
        }
    }
    let (mut rows, mut rest) = (Rows::new(QuoteRule::Text), text);
    let mut reported = Vec::new();
    while let Some(row) = rows.next(&mut rest).or_else(|| rows.last()) {
        let (line, text) = (row.line, text.get(row.start..row.end).unwrap_or_default());
        if is_drawn(text) {
            continue;
        }
        match of_lines.get(line).filter(|of_line| !of_line.is_empty()) {
            Some(of_line) => {
                for outcome in of_line {
                    reported.push(ReportedLine { line, text, outcome: *outcome });
                }
            }
            None => reported.push(ReportedLine { line, text, outcome: usual }),
        }
    }
    reported
}

/// A value that was read differently from how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedLine {
    /// Its line, from 1.
    pub line: usize,
    /// What was removed.
    pub change: Change,
}

/// What was removed from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Quotes around it.
    Quotes,
    /// Spaces around it.
    Spaces,
    /// Invisible characters.
    Invisible,
    /// A delimiter after it.
    Delimiter,
    /// A bullet before it.
    Bullet,
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedLine {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub reason: SkipReason,
}

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// It comes before the header: `sep=`, `#TYPE`, a title.
    Preamble,
    /// It is a header.
    Header,
    /// It has no value: empty, `-`, `n/a` and the like.
    NoValue,
    /// It is text, or a line of a log that is about no session.
    Text,
    /// It doesn't fit its header: the value may be in another column.
    OtherColumns,
    /// It has more than 200 columns.
    TooManyColumns,
    /// The value has a line break.
    LineBreak,
    /// A quoted cell is not closed, or text follows it. Nothing after it is used.
    BrokenQuotes,
    /// A quoted cell has more than 20 lines or 4 kB. Nothing after it is used.
    LongCell,
    /// It comes after such a cell.
    AfterBrokenQuotes,
    /// The id is a number that a spreadsheet changed, as `4.90E+20`.
    ChangedNumber,
    /// Several of its words could be the session id.
    SeveralIds,
    /// It is JSON that can't be read, or that contains no session.
    Json,
    /// It is used when the question about the text is answered.
    Undecided,
    /// It repeats an earlier line.
    Repeated,
    /// It names no device.
    NoDevice,
    /// Its device is not known, or could be several.
    OtherDevice,
}

/// Texts that stand for "no value".
const NOTHING: &str = "- -- --- – — n/a n.a. #n/a null (null) <null> none (none) <none> undefined";

/// The longest of them, in bytes.
const LONGEST_NOTHING: usize = "undefined".len();

/// Whether a text stands for "no value": empty, `-`, `n/a`, `null` and the like. Such a text is never a user.
pub fn is_nothing(text: &str) -> bool {
    let text = trimmed(text);
    // In a long list, almost every text is longer than these or starts with a digit.
    let may_be = text.len() <= LONGEST_NOTHING && !text.starts_with(|c: char| c.is_ascii_digit());
    text.is_empty()
        || may_be && NOTHING.split(' ').any(|nothing| text.eq_ignore_ascii_case(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::one_more_line("user2, user3", "user2, user3\nuser4", true)]
    #[case::one_line_less("user2, user3\nuser4", "user2, user3", true)]
    #[case::in_the_middle("user2, user3", "user2, usr, user3", true)]
    #[case::another_paste("user2, user3", "Smith, John", false)]
    #[case::a_longer_paste("user2, user3", "user2, user3\nKürzel;Client-IP;Abteilung", false)]
    #[case::nothing("user2, user3", "", false)]
    #[case::from_nothing("", "user2, user3", false)]
    fn answers_stay_with_their_paste(
        #[case] before: &str,
        #[case] after: &str,
        #[case] stay: bool,
    ) {
        let answers = Answers { quotes_are_text: true, ..Answers::default() };
        let expected = if stay { answers } else { Answers::default() };
        assert_eq!(answers.after_edit(before, after), expected);
    }

    #[test]
    fn every_line_is_reported() {
        let noted = [
            (4, LineOutcome::Skipped(SkipReason::NoValue)),
            (1, LineOutcome::Changed(Change::Quotes)),
            (1, LineOutcome::Unusual),
        ];
        let lines = reported("a\r\n\nb\nc\n", &noted, LineOutcome::Used);
        let expected = [
            (1, "a", LineOutcome::Changed(Change::Quotes)),
            (1, "a", LineOutcome::Unusual),
            (3, "b", LineOutcome::Used),
            (4, "c", LineOutcome::Skipped(SkipReason::NoValue)),
        ];
        let lines: Vec<_> = lines.iter().map(|l| (l.line, l.text, l.outcome)).collect();
        assert_eq!(lines, expected);
    }

    #[rstest]
    #[case("", true)]
    #[case(" N/A ", true)]
    #[case("–", true)]
    #[case("#N/A", true)]
    #[case("user2", false)]
    #[case("na", false)]
    fn no_value(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_nothing(text), expected);
    }
}
