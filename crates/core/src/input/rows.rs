//! Cuts pasted text into rows: lines, or several lines where a quoted cell spans them (RFC 4180). Lines end with CR, LF or
//! both. The text may come in pieces that end anywhere.

use std::borrow::Cow;

/// The most lines of a quoted cell. A longer one is more likely an unclosed quote.
const MOST_LINES: usize = 20;
/// The most bytes of a quoted cell.
const MOST_BYTES: usize = 4096;
/// Some programs write it before a text. It is not part of the first cell.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// Characters that always separate cells, the clearest first.
pub(crate) const DELIMITERS: [u8; 4] = [b'\t', b';', b',', b'|'];

/// A line, or several lines of which all but the last end inside a quoted cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its first line, from 1.
    pub line: usize,
    /// How many lines it has.
    pub lines: usize,
    /// Where it starts in the whole text, in bytes.
    pub start: usize,
    /// Where it ends, without its line end.
    pub end: usize,
    /// Its text, with LF between lines.
    pub text: Cow<'a, str>,
    /// Whether its quotes can be relied on.
    pub quotes: Quotes,
}

/// The quotes of a row by the rules of RFC 4180, in which only a quote at the start of a cell quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quotes {
    /// There is none, or every quoted cell ends before the next separator.
    Closed,
    /// An unquoted cell contains a quote, which is part of its text.
    Inner,
    /// Text follows a closing quote: where the cell ends is a guess.
    Stray,
    /// A quoted cell has more than 20 lines or 4 kB.
    TooLong,
    /// A quoted cell doesn't end.
    Open,
}

impl Quotes {
    /// Whether nothing after this row may be used: it could be the rest of a cell.
    pub fn is_broken(self) -> bool {
        self >= Self::Stray
    }
}

/// Which quotes are special.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteRule {
    /// A quote after any of these starts a quoted cell: tab, semicolon, comma, bar. Used until the delimiter is known.
    AnyDelimiter,
    /// The same, and after a space.
    AnyDelimiterOrSpace,
    /// A quote after this delimiter starts a quoted cell.
    After(char),
    /// Quotes are ordinary text: each line is a row.
    Text,
}

/// Cuts a text into rows, piece by piece.
///
/// ```
/// use curfew_core::input::{QuoteRule, Rows};
///
/// let mut rows = Rows::new(QuoteRule::After(','));
/// let mut piece = "user,note\r\nuser2,\"leaves\ntoday\"\r\nuser3,";
/// let mut texts = Vec::new();
/// while let Some(row) = rows.next(&mut piece) {
///     texts.push((row.line, row.text.into_owned()));
/// }
/// assert_eq!(texts[1], (2, "user2,\"leaves\ntoday\"".to_owned()));
/// assert_eq!(rows.last().map(|row| row.line), Some(4));
/// ```
#[derive(Debug, Clone)]
pub struct Rows {
    rule: QuoteRule,
    /// Lines that are formats of their own, in which quotes are ordinary text.
    is_apart: fn(&str) -> bool,
    /// The lines of a row whose quoted cell continues, and the start of a line whose rest is in the next piece.
    begun: String,
    scan: Scan,
    /// How much of `begun` the scan has read.
    scanned: usize,
    /// Lines of `begun` that are complete.
    joined: usize,
    /// Lines of the rows so far.
    line: usize,
    start: usize,
    at: usize,
    /// The last piece ended after a CR: an LF that follows belongs to it.
    after_return: bool,
}

impl Rows {
    /// A text of which nothing is read yet.
    pub fn new(rule: QuoteRule) -> Self {
        Self {
            rule,
            is_apart: |_| false,
            begun: String::new(),
            scan: Scan::default(),
            scanned: 0,
            joined: 0,
            line: 0,
            start: 0,
            at: 0,
            after_return: false,
        }
    }

    /// The rest of a text, from this line (from 1) and this byte on.
    pub(crate) fn from(rule: QuoteRule, line: usize, at: usize) -> Self {
        Self { line: line.saturating_sub(1), start: at, at, ..Self::new(rule) }
    }

    /// The same, with lines in which quotes are ordinary text.
    pub(crate) fn apart(self, is_apart: fn(&str) -> bool) -> Self {
        Self { is_apart, ..self }
    }

    /// Changes the rule for the following rows.
    pub fn set_rule(&mut self, rule: QuoteRule) {
        self.rule = rule;
    }

    /// The next row of a piece, which is shortened. `None` if its rest is in the next piece.
    pub fn next<'a>(&mut self, piece: &mut &'a str) -> Option<Row<'a>> {
        if self.at == 0
            && let Some(rest) = piece.strip_prefix(BYTE_ORDER_MARK)
        {
            self.at = BYTE_ORDER_MARK.len_utf8();
            self.start = self.at;
            *piece = rest;
        }
        if self.after_return && !piece.is_empty() {
            self.after_return = false;
            if let Some(rest) = piece.strip_prefix('\n') {
                *piece = rest;
                self.at += 1;
                self.start += usize::from(self.begun.is_empty());
            }
        }
        loop {
            let mut has_quote = false;
            let is_end = |byte: u8| {
                has_quote |= byte == b'"';
                byte == b'\n' || byte == b'\r'
            };
            let Some(end) = piece.bytes().position(is_end) else {
                self.at += piece.len();
                self.begun.push_str(piece);
                *piece = "";
                return None;
            };
            let (line, rest) = piece.split_at(end);
            let breaks = if rest.starts_with("\r\n") { 2 } else { 1 };
            self.after_return = rest == "\r";
            *piece = rest.get(breaks..).unwrap_or_default();
            self.at += end;
            if self.begun.is_empty() {
                let quotes = if has_quote { self.quotes_of(line) } else { Quotes::Closed };
                if quotes != Quotes::Open {
                    let text = Cow::Borrowed(line);
                    let (line, start) = (self.line + 1, self.start);
                    let row = Row { line, lines: 1, start, end: self.at, text, quotes };
                    self.line += 1;
                    self.at += breaks;
                    self.start = self.at;
                    return Some(row);
                }
            }
            self.begun.push_str(line);
            let row = self.close(false);
            self.at += breaks;
            if row.is_some() {
                self.start = self.at;
                return row;
            }
        }
    }

    /// The last row, at the end of the text.
    pub fn last(&mut self) -> Option<Row<'static>> {
        if self.begun.is_empty() { None } else { self.close(true) }
    }

    /// Whether quotes mean anything in a line.
    fn heeds(&self, line: &str) -> bool {
        self.rule != QuoteRule::Text && !(self.is_apart)(line)
    }

    /// The quotes of a line that is not the rest of a row.
    fn quotes_of(&self, line: &str) -> Quotes {
        if !self.heeds(line) {
            return Quotes::Closed;
        }
        let mut scan = Scan::default();
        scan.read(line, self.rule);
        scan.quotes()
    }

    /// Ends a line. If a quoted cell continues, the next line belongs to the same row.
    fn close(&mut self, is_last: bool) -> Option<Row<'static>> {
        let quotes = if self.joined > 0 || self.heeds(&self.begun) {
            let new = self.begun.get(self.scanned..).unwrap_or_default();
            self.scan.read(new, self.rule);
            self.scan.quotes()
        } else {
            Quotes::Closed
        };
        // A text that ends after a line end has no further line.
        let is_over = is_last && self.joined > 0 && self.scanned + 1 == self.begun.len();
        self.joined += usize::from(!is_over);
        // guard: quoted-line-break
        if quotes == Quotes::Open && !is_last {
            self.scanned = self.begun.len();
            self.begun.push('\n');
            return None;
        }
        let row = Row {
            line: self.line + 1,
            lines: self.joined,
            start: self.start,
            end: self.at,
            text: Cow::Owned(std::mem::take(&mut self.begun)),
            quotes,
        };
        self.line += self.joined;
        (self.joined, self.scanned, self.scan) = (0, 0, Scan::default());
        Some(row)
    }
}

/// What the quotes of a row mean so far.
#[derive(Debug, Clone, Copy, Default)]
struct Scan {
    state: State,
    /// The worst that was found.
    found: Option<Quotes>,
    bytes: usize,
    lines: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// At the start of a cell, or after spaces there.
    #[default]
    Start,
    /// In an unquoted cell.
    Bare,
    /// After a space in an unquoted cell.
    BareSpace,
    /// In a quoted cell.
    Inside,
    /// After a quote in a quoted cell: the cell ends, or another quote follows that is part of its text.
    Quote,
    /// After a quoted cell and spaces.
    After,
}

impl Scan {
    fn read(&mut self, text: &str, rule: QuoteRule) {
        let is_delimiter = |byte: u8| match rule {
            QuoteRule::After(delimiter) => char::from(byte) == delimiter,
            QuoteRule::AnyDelimiter | QuoteRule::AnyDelimiterOrSpace => DELIMITERS.contains(&byte),
            QuoteRule::Text => false,
        };
        let spaced = rule == QuoteRule::AnyDelimiterOrSpace;
        for byte in text.bytes() {
            self.state = match (self.state, byte) {
                (State::Inside, b'"') => State::Quote,
                (State::Inside, _) => self.inside(byte),
                (State::Quote, b'"') => self.inside(byte),
                (_, byte) if is_delimiter(byte) => State::Start,
                (State::Start, b'"') => self.open(),
                (State::BareSpace, b'"') if spaced => self.open(),
                (State::Start, b' ') => State::Start,
                (State::Quote | State::After, b' ') => State::After,
                (State::After, b'"') if spaced => self.open(),
                (State::After, _) if spaced => State::Bare,
                (State::Quote | State::After, _) => self.note(Quotes::Stray),
                (State::Bare | State::BareSpace, b'"') => self.note(Quotes::Inner),
                (_, b' ') => State::BareSpace,
                _ => State::Bare,
            };
        }
    }

    fn open(&mut self) -> State {
        (self.bytes, self.lines) = (0, 1);
        State::Inside
    }

    fn inside(&mut self, byte: u8) -> State {
        self.bytes += 1;
        self.lines += usize::from(byte == b'\n');
        if self.bytes > MOST_BYTES || self.lines > MOST_LINES {
            self.note(Quotes::TooLong);
        }
        State::Inside
    }

    fn note(&mut self, found: Quotes) -> State {
        self.found = self.found.max(Some(found));
        State::Bare
    }

    fn quotes(&self) -> Quotes {
        let found = self.found.unwrap_or(Quotes::Closed);
        // A cell that is too long ends here: its end may be the end of the text.
        let is_open = self.state == State::Inside && found != Quotes::TooLong;
        if is_open { Quotes::Open } else { found }
    }
}
