//! Splits the lines of pasted tables into cells: CSV, TSV and text copied from screens.

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// One character. Inside double quotes it is ordinary text.
    Char(char),
    /// Two or more spaces, as in aligned columns.
    Gap,
    /// Any spaces.
    Blank,
}

/// Characters that always separate cells, the clearest first.
const SURE: [u8; 4] = [b'\t', b';', b',', b'|'];

impl Delimiter {
    /// The separator used in a line. `None` if the line is a single cell.
    pub(crate) fn of(line: &str) -> Option<Self> {
        // Called for every line of a long list, so the line is scanned only once.
        let mut surest = SURE.len();
        let mut widest = 0;
        // Spaces since the last other character. Leading and trailing spaces separate nothing.
        let mut blanks = None;
        for byte in line.bytes() {
            match byte {
                b' ' => blanks = blanks.map(|blanks| blanks + 1),
                b'\t' | b';' | b',' | b'|' => {
                    let place = SURE.iter().position(|sure| *sure == byte);
                    surest = surest.min(place.unwrap_or(surest));
                }
                _ => {
                    widest = widest.max(blanks.unwrap_or_default());
                    blanks = Some(0);
                }
            }
        }
        match (SURE.get(surest), widest) {
            (Some(found), _) => Some(Self::Char(char::from(*found))),
            (None, 0) => None,
            (None, 1) => Some(Self::Blank),
            (None, _) => Some(Self::Gap),
        }
    }

    /// The cells of a line, without quotes and surrounding spaces. Empty cells are kept, unless spaces are the separator.
    pub(crate) fn cells(self, line: &str) -> Vec<&str> {
        match self {
            Self::Char(_) => self.raw(line).into_iter().map(unquoted).collect(),
            Self::Gap => line.split("  ").map(unquoted).filter(|cell| !cell.is_empty()).collect(),
            Self::Blank if line.is_ascii() => line.split_ascii_whitespace().map(unquoted).collect(),
            Self::Blank => line.split_whitespace().map(unquoted).collect(),
        }
    }

    /// The cells of a line, unchanged.
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

/// The quotes of a line by the rules of RFC 4180, in which only a quote at the start of a cell quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quotes {
    /// Every quoted cell ends before the next separator.
    Closed,
    /// An unquoted cell contains a quote, or text follows a closing quote.
    Stray,
    /// A quoted cell doesn't end on this line: its text continues on the next.
    Open,
}

impl Quotes {
    /// Checks a line in which any of [`SURE`] may separate cells.
    pub(crate) fn of(line: &str) -> Self {
        // Almost no line of a long list has a quote.
        if !line.contains('"') {
            return Self::Closed;
        }
        let (mut at_start, mut stray) = (true, false);
        let mut chars = line.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '"' if at_start => {
                    at_start = false;
                    loop {
                        match chars.next() {
                            None => return Self::Open,
                            Some('"') if chars.next_if_eq(&'"').is_none() => break,
                            Some(_) => {}
                        }
                    }
                    while chars.next_if_eq(&' ').is_some() {}
                    stray |= chars.peek().is_some_and(|next| !is_sure(*next));
                }
                '"' => stray = true,
                ' ' => {}
                _ => at_start = is_sure(char),
            }
        }
        if stray { Self::Stray } else { Self::Closed }
    }
}

fn is_sure(char: char) -> bool {
    SURE.iter().any(|sure| char::from(*sure) == char)
}

/// A cell without the spaces and quotes around it.
pub(crate) fn unquoted(cell: &str) -> &str {
    let bare = trimmed(cell);
    bare.strip_prefix('"').and_then(|c| c.strip_suffix('"')).unwrap_or(bare)
}

/// A text without leading and trailing spaces. Almost no cell of a long list has any, which its first and last byte show.
pub(crate) fn trimmed(text: &str) -> &str {
    let ends = [text.as_bytes().first(), text.as_bytes().last()];
    if ends.iter().all(|end| end.is_some_and(u8::is_ascii_graphic)) { text } else { text.trim() }
}

/// A column name in the form used for comparison: lower case, only letters and digits.
pub(crate) fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The index of the first cell with one of these names, normalized by [`plain`]; earlier names take precedence. Called for
/// every line of a long list, so it does not allocate.
pub(crate) fn place_of(header: &[&str], names: &[&str]) -> Option<usize> {
    // Almost all cells start with another character.
    let begins_like = |cell: &&str| {
        let begin = cell.bytes().find(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
        begin.is_some_and(|begin| {
            let is = |name: &&str| name.as_bytes().first() == Some(&begin.to_ascii_lowercase());
            !begin.is_ascii() || names.iter().any(is)
        })
    };
    if !header.iter().any(begins_like) {
        return None;
    }
    names.iter().find_map(|name| header.iter().position(|cell| plain(cell).eq(name.chars())))
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
        assert_eq!(Delimiter::of(line).unwrap().cells(line), expected);
    }

    #[rstest]
    #[case("  a b", Some(Delimiter::Blank))]
    #[case(" a  b ", Some(Delimiter::Gap))]
    #[case("a b   c", Some(Delimiter::Gap))]
    #[case(" a   ", None)]
    #[case("a  b,c", Some(Delimiter::Char(',')))]
    #[case("a,b;c", Some(Delimiter::Char(';')))]
    #[case("", None)]
    fn what_separates(#[case] line: &str, #[case] expected: Option<Delimiter>) {
        assert_eq!(Delimiter::of(line), expected);
    }

    #[rstest]
    #[case("user2,x", Quotes::Closed)]
    #[case("\"a,b\", \"c\" ,d", Quotes::Closed)]
    #[case("\"the \"\"boss\"\"\";x", Quotes::Closed)]
    #[case("\"\"|\"\"", Quotes::Closed)]
    #[case("it\"s,x", Quotes::Stray)]
    #[case("\"a\"b,c", Quotes::Stray)]
    #[case("user2,\"leaves today, replaced by", Quotes::Open)]
    #[case("x\"y,\"leaves", Quotes::Open)]
    #[case("\"a\"\"", Quotes::Open)]
    #[case("  \"user2", Quotes::Open)]
    fn quotes(#[case] line: &str, #[case] expected: Quotes) {
        assert_eq!(Quotes::of(line), expected);
    }

    #[test]
    fn one_cell_has_no_separator() {
        assert_eq!(Delimiter::of(" 2a5d7604 "), None);
        assert!(plain("Session_ID ").eq("sessionid".chars()));
        assert_eq!(place_of(&["User", "Session_ID "], &["id", "sessionid"]), Some(1));
    }
}
