//! Splits the rows of pasted tables into cells: CSV, TSV and text copied from screens.

use super::rows::DELIMITERS;
use crate::names::halfwidth;
use std::borrow::Cow;

/// The most columns of a table.
pub(crate) const MOST_COLUMNS: usize = 200;

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// One character. Inside a quoted cell it is ordinary text.
    Char(char),
    /// Two or more spaces, as in aligned columns.
    Gap,
    /// Any spaces.
    Blank,
}

impl Delimiter {
    /// The delimiter used in a row. `None` if the row is a single cell.
    pub(crate) fn of(row: &str) -> Option<Self> {
        // Called for every line of a long list, so the line is scanned only once.
        let mut surest = DELIMITERS.len();
        let mut widest = 0;
        // Spaces since the last other character. Leading and trailing spaces separate nothing.
        let mut blanks = None;
        let (mut at_start, mut inside) = (true, false);
        for byte in row.bytes() {
            if inside {
                inside = byte != b'"';
                continue;
            }
            match byte {
                b' ' => blanks = blanks.map(|blanks| blanks + 1),
                b'\t' | b';' | b',' | b'|' => {
                    let place = DELIMITERS.iter().position(|sure| *sure == byte);
                    surest = surest.min(place.unwrap_or(surest));
                    at_start = true;
                }
                _ => {
                    widest = widest.max(blanks.unwrap_or_default());
                    // After a space, and after another quote, it can start a cell too.
                    inside = byte == b'"' && (at_start || blanks != Some(0));
                    at_start = false;
                    blanks = Some(0);
                }
            }
        }
        match (DELIMITERS.get(surest), widest) {
            (Some(found), _) => Some(Self::Char(char::from(*found))),
            (None, 0) => None,
            (None, 1) => Some(Self::Blank),
            (None, _) => Some(Self::Gap),
        }
    }

    /// The cells of a row without surrounding spaces and with their quotes. Empty cells are kept, unless spaces are the
    /// delimiter.
    pub(crate) fn cells(self, row: &str) -> Vec<&str> {
        match self {
            Self::Char(delimiter) => raw_cells(row, delimiter).into_iter().map(trimmed).collect(),
            Self::Gap => row.split("  ").map(trimmed).filter(|cell| !cell.is_empty()).collect(),
            Self::Blank if row.bytes().all(|byte| byte.is_ascii() && byte != b'"') => {
                row.split_ascii_whitespace().collect()
            }
            Self::Blank if !row.contains('"') => row.split_whitespace().collect(),
            Self::Blank => {
                let cells = raw_cells(row, ' ').into_iter().map(trimmed);
                cells.filter(|cell| !cell.is_empty()).collect()
            }
        }
    }
}

/// The cells of a row, unchanged: with their spaces and quotes.
pub(crate) fn raw_cells(row: &str, delimiter: char) -> Vec<&str> {
    if !row.contains('"') {
        return row.split(delimiter).collect();
    }
    let (mut at_start, mut inside) = (true, false);
    let (mut cells, mut start) = (Vec::new(), 0);
    // Bytes are faster than characters, and all that matter here are ASCII.
    for (at, byte) in row.bytes().enumerate() {
        if inside {
            inside = byte != b'"';
        } else if char::from(byte) == delimiter {
            cells.push(row.get(start..at).unwrap_or_default());
            (start, at_start) = (at + 1, true);
        } else if byte == b'"' && at_start {
            inside = true;
        } else if byte != b' ' {
            // A quote after a closing quote stands for one in the text, and the cell continues.
            at_start = false;
        }
    }
    cells.push(row.get(start..).unwrap_or_default());
    cells
}

/// The texts of a row's cells, without the spaces and quotes around them.
///
/// ```
/// use curfew_core::input::cells_of;
///
/// let cells: Vec<_> = cells_of("user2, \"leaves, today\"", ',').collect();
/// assert_eq!(cells, ["user2", "leaves, today"]);
/// ```
pub fn cells_of(row: &str, delimiter: char) -> impl Iterator<Item = Cow<'_, str>> {
    raw_cells(row, delimiter).into_iter().map(value)
}

/// A cell's text: without the spaces and quotes around it, and with doubled quotes replaced by one.
pub(crate) fn value(cell: &str) -> Cow<'_, str> {
    let bare = trimmed(cell);
    match unquoted(bare) {
        Some(inner) if bare.starts_with('"') && inner.contains('"') => {
            Cow::Owned(inner.replace("\"\"", "\""))
        }
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(bare),
    }
}

/// Pairs of quotes that people and word processors put around a text.
const QUOTES: [(char, &str); 7] =
    [('"', "\""), ('“', "”“"), ('”', "”"), ('„', "“”"), ('«', "»"), ('‘', "’‘"), ('\'', "'")];

/// The text between quotes, straight or curly. `None` if there are none around it.
pub fn unquoted(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    if first.is_ascii_alphanumeric() {
        return None;
    }
    let (_, ends) = QUOTES.iter().find(|(start, _)| *start == first)?;
    text.get(first.len_utf8()..)?.strip_suffix(|last| ends.contains(last))
}

/// A text without leading and trailing spaces. Almost no cell of a long list has any, which its first and last byte show.
pub(crate) fn trimmed(text: &str) -> &str {
    let ends = [text.as_bytes().first(), text.as_bytes().last()];
    if ends.iter().all(|end| end.is_some_and(u8::is_ascii_graphic)) { text } else { text.trim() }
}

/// Whether a line only separates: spaces, dashes and other line drawing.
pub(crate) fn is_drawn(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '=' | '+' | '|' | '_'))
}

/// The columns of a table with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) delimiter: Delimiter,
    count: usize,
    /// For aligned columns, where each name starts and ends, in characters.
    places: Vec<(usize, usize)>,
    /// Whether the places are exact, because a line of dashes is below the header.
    is_ruled: bool,
}

impl Columns {
    /// The columns of a header.
    pub(crate) fn of(header: &str, delimiter: Delimiter) -> Self {
        let cells = delimiter.cells(header);
        let places = match delimiter {
            Delimiter::Gap => cells.iter().map(|cell| place_in(header, cell)).collect(),
            Delimiter::Char(_) | Delimiter::Blank => Vec::new(),
        };
        Self { delimiter, count: cells.len(), places, is_ruled: false }
    }

    /// The columns of a header with a line of dashes for each column below it, as PowerShell draws them. `None` if the line is
    /// another.
    pub(crate) fn ruled(rule: &str) -> Option<Self> {
        let dashes: Vec<&str> = rule.split_whitespace().collect();
        let is_rule = dashes.iter().all(|dashes| dashes.bytes().all(|byte| byte == b'-'));
        let places: Vec<_> = dashes.iter().map(|dashes| place_in(rule, dashes)).collect();
        let columns =
            Self { delimiter: Delimiter::Gap, count: places.len(), places, is_ruled: true };
        (is_rule && columns.count > 1).then_some(columns)
    }

    /// The cells of a row, unchanged. `None` if the row doesn't fit the header: then it is not known which cell is in which
    /// column.
    pub(crate) fn cells<'a>(&self, row: &'a str) -> Option<Vec<&'a str>> {
        if self.is_ruled {
            return self.cut(row);
        }
        let mut cells = match self.delimiter {
            Delimiter::Char(delimiter) => raw_cells(row, delimiter),
            Delimiter::Gap | Delimiter::Blank => self.delimiter.cells(row),
        };
        // guard: row-fits-header
        if cells.len() > self.count {
            let extra = cells.split_off(self.count);
            return extra.iter().all(|cell| cell.trim().is_empty()).then_some(cells);
        }
        if cells.len() == self.count || matches!(self.delimiter, Delimiter::Char(_)) {
            return Some(cells);
        }
        // A blank cell leaves no trace between spaces, except that the others keep their places.
        let mut placed = vec![""; self.count];
        for cell in cells {
            let (start, end) = place_in(row, cell);
            let column = self.places.iter().position(|place| place.0 == start || place.1 == end)?;
            let slot = placed.get_mut(column).filter(|slot| slot.is_empty())?;
            *slot = cell;
        }
        Some(placed)
    }

    /// Cuts a row where the columns start. `None` if a cell goes over a column's start.
    fn cut<'a>(&self, row: &'a str) -> Option<Vec<&'a str>> {
        let at = |column: usize| {
            let (start, _) = self.places.get(column)?;
            row.char_indices().nth(*start).map(|(at, _)| at)
        };
        let mut cells = Vec::new();
        for column in 0..self.count {
            let start = at(column).unwrap_or(row.len());
            let end = at(column + 1).unwrap_or(row.len());
            let cell = row.get(start..end)?;
            if end < row.len() && !cell.is_empty() && !cell.ends_with(' ') {
                return None;
            }
            cells.push(cell.trim());
        }
        Some(cells)
    }
}

/// Where a part of a line starts and ends, in characters.
fn place_in(line: &str, part: &str) -> (usize, usize) {
    let before = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
    let start = line.get(..before).map_or(0, |before| before.chars().count());
    (start, start + part.chars().count())
}

/// A column name in the form used for comparison: lower case, only letters and digits, without accents.
pub(crate) fn plain(name: &str) -> impl Iterator<Item = char> {
    let name = name.chars().filter(|c| c.is_alphanumeric()).map(halfwidth);
    name.flat_map(char::to_lowercase).map(unaccented)
}

fn unaccented(char: char) -> char {
    match char {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// The index of the first cell with one of these names, separated by spaces and normalized by [`plain`]; earlier names take
/// precedence.
pub(crate) fn place_of(header: &[&str], names: &str) -> Option<usize> {
    names.split(' ').find_map(|name| header.iter().position(|cell| plain(cell).eq(name.chars())))
}

/// Whether a cell is one of these names.
pub(crate) fn is_name(cell: &str, names: &str) -> bool {
    place_of(&[cell], names).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a,b", &["a", "b"])]
    #[case("a;b,c", &["a", "b,c"])]
    #[case("a\tb c\t", &["a", "b c", ""])]
    #[case("\"a,b\", \"c\" ,d", &["\"a,b\"", "\"c\"", "d"])]
    #[case("| a | b |", &["", "a", "b", ""])]
    #[case("Session ID   User", &["Session ID", "User"])]
    #[case("a b", &["a", "b"])]
    #[case("a \"b c\"", &["a", "\"b c\""])]
    #[case("\"a;b\",c", &["\"a;b\"", "c"])]
    #[case("it\"s,y\"", &["it\"s", "y\""])]
    #[case("\"a\"\",\",b", &["\"a\"\",\"", "b"])]
    fn cells(#[case] line: &str, #[case] expected: &[&str]) {
        assert_eq!(Delimiter::of(line).unwrap().cells(line), expected);
    }

    #[rstest]
    #[case("  a b", Some(Delimiter::Blank))]
    #[case(" a  b ", Some(Delimiter::Gap))]
    #[case("a b   c", Some(Delimiter::Gap))]
    #[case(" a   ", None)]
    #[case("a  b,c", Some(Delimiter::Char(',')))]
    #[case("a,b;c", Some(Delimiter::Char(';')))]
    #[case("a,\"b;c\"", Some(Delimiter::Char(',')))]
    #[case("\"a,b\"", None)]
    #[case("", None)]
    fn what_separates(#[case] line: &str, #[case] expected: Option<Delimiter>) {
        assert_eq!(Delimiter::of(line), expected);
    }

    #[rstest]
    #[case(" user2 ", "user2")]
    #[case("\"the \"\"boss\"\"\"", "the \"boss\"")]
    #[case("“user2”", "user2")]
    #[case("„user2“", "user2")]
    #[case("«user2»", "user2")]
    #[case("‘user2’", "user2")]
    #[case("'user2'", "user2")]
    #[case("\"", "\"")]
    #[case("“user2", "“user2")]
    #[case("o'user'", "o'user'")]
    fn values(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(value(cell), expected);
    }

    #[rstest]
    #[case("a        b      c", &["a", "b", "c"])]
    #[case("a               c", &["a", "", "c"])]
    #[case("                c", &["", "", "c"])]
    #[case("a      b", &[])]
    #[case("a  b  c  d", &[])]
    fn aligned_columns(#[case] row: &str, #[case] expected: &[&str]) {
        let columns = Columns::of("One      Two    Three", Delimiter::Gap);
        assert_eq!(columns.cells(row).unwrap_or_default(), expected);
    }

    #[rstest]
    #[case("user2 A B", &["user2", "A B"])]
    #[case("      A B", &["", "A B"])]
    #[case("user2", &["user2", ""])]
    #[case("user22 A B", &[])]
    fn ruled_columns(#[case] row: &str, #[case] expected: &[&str]) {
        let columns = Columns::ruled("----- ----").unwrap();
        assert_eq!(columns.cells(row).unwrap_or_default(), expected);
        assert_eq!(Columns::ruled("user2 user3"), None);
    }

    #[rstest]
    #[case("a,b,,", &["a", "b"])]
    #[case("a", &["a"])]
    #[case("a,b,c", &[])]
    fn rows(#[case] row: &str, #[case] expected: &[&str]) {
        let columns = Columns::of("one,two", Delimiter::Char(','));
        assert_eq!(columns.cells(row).unwrap_or_default(), expected);
    }

    #[rstest]
    #[case("Session_ID ", "sessionid")]
    #[case("Nom d’utilisateur", "nomdutilisateur")]
    #[case("Ge\u{308}rät", "gerat")]
    #[case("ユーザーＩＤ", "ユーザーid")]
    fn names(#[case] name: &str, #[case] expected: &str) {
        assert!(plain(name).eq(expected.chars()));
        assert_eq!(place_of(&["x", name], &["id ", expected].concat()), Some(1));
    }
}
