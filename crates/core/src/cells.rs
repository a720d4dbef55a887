//! Cells of pasted tables: CSV, TSV and what people copy from screens. It must not know what a column means.

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    /// One character; inside double quotes it is text.
    Char(char),
    /// Two or more blanks, as in columns made for reading.
    Gap,
    /// Any blanks.
    Blank,
}

/// What separates cells wherever it stands, the surest first.
const SURE: [u8; 4] = [b'\t', b';', b',', b'|'];

impl Separator {
    /// The separator of a line, by what it holds; `None` for a single cell.
    pub(crate) fn of(line: &str) -> Option<Self> {
        // Every line of a long list is asked: bytes are looked at, not characters.
        let place = |byte| SURE.iter().position(|sure| *sure == byte);
        let surest = line.bytes().filter_map(place).min().and_then(|place| SURE.get(place));
        if let Some(found) = surest {
            return Some(Self::Char(char::from(*found)));
        }
        let (mut any, mut before) = (false, false);
        for byte in line.trim().bytes() {
            let blank = byte == b' ';
            if blank && before {
                return Some(Self::Gap);
            }
            any |= blank;
            before = blank;
        }
        any.then_some(Self::Blank)
    }

    /// The cells of a line, without quotes and outer blanks. Empty ones are kept, but for those of blanks.
    pub(crate) fn cells(self, line: &str) -> Vec<&str> {
        match self {
            Self::Char(_) => self.raw(line).into_iter().map(unquoted).collect(),
            Self::Gap => line.split("  ").map(unquoted).filter(|cell| !cell.is_empty()).collect(),
            Self::Blank if line.is_ascii() => line.split_ascii_whitespace().map(unquoted).collect(),
            Self::Blank => line.split_whitespace().map(unquoted).collect(),
        }
    }

    /// The cells of a line as they stand there. Blanks are cells' separators only where nothing else is.
    pub(crate) fn raw(self, line: &str) -> Vec<&str> {
        let Self::Char(separator) = self else { return vec![line] };
        let mut quoted = false;
        let split = |c: char| {
            quoted ^= c == '"';
            c == separator && !quoted
        };
        line.split(split).collect()
    }
}

/// A cell without outer blanks and the quotes around it.
pub(crate) fn unquoted(cell: &str) -> &str {
    let bare = cell.trim();
    bare.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(bare)
}

/// A column's name as it is compared: lower case, letters and digits only.
pub(crate) fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The place of the first cell that has one of these names, as [`plain`] makes them, the earlier names first. Every line
/// of a long list is asked whether it is a header, so this allocates nothing.
pub(crate) fn place_of(header: &[&str], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|cell| is_named(cell, name)))
}

fn is_named(cell: &str, name: &str) -> bool {
    // Nearly all cells begin otherwise, and are done with.
    let begin = cell.bytes().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let is_like =
        |byte: u8| !byte.is_ascii() || name.as_bytes().first() == Some(&byte.to_ascii_lowercase());
    begin.is_some_and(is_like) && plain(cell).eq(name.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a,b", &["a", "b"])]
    #[case("a;b,c", &["a", "b,c"])]
    #[case("a\tb c\t", &["a", "b c", ""])]
    #[case("\"a,b\", \"c\" ,d", &["a,b", "c", "d"])]
    #[case("| a | b |", &["", "a", "b", ""])]
    #[case("Session ID   User", &["Session ID", "User"])]
    #[case("a b", &["a", "b"])]
    #[case("\"a,b", &["\"a,b"])]
    fn cells(#[case] line: &str, #[case] expected: &[&str]) {
        assert_eq!(Separator::of(line).unwrap().cells(line), expected);
    }

    #[test]
    fn one_cell_has_no_separator() {
        assert_eq!(Separator::of(" 2a5d7604 "), None);
        assert!(plain("Session_ID ").eq("sessionid".chars()));
        assert_eq!(place_of(&["User", "Session_ID "], &["id", "sessionid"]), Some(1));
    }
}
