//! What was recognised in pasted text, what was changed and left out, and what only the operator can decide.

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
    /// The first three rows as cells.
    pub preview: Vec<Vec<String>>,
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
}

/// Texts that stand for "no value".
const NOTHING: &str = "- -- --- – — n/a n.a. #n/a null (null) <null> none (none) <none> undefined";

/// Whether a text stands for "no value": empty, `-`, `n/a`, `null` and the like. Such a text is never a user.
pub fn is_nothing(text: &str) -> bool {
    let text = super::table::trimmed(text);
    text.is_empty() || NOTHING.split(' ').any(|nothing| text.eq_ignore_ascii_case(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

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
