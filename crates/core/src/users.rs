//! From typed or pasted text to a list of user names. Spelling is kept exactly, for BIG-IP compares exactly; what
//! looks odd is reported, never mended. It must not know any inventory.

use crate::cells::{Separator, place_of};
use std::collections::BTreeMap;

/// What a text of user names says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserList {
    /// The names, each once, in the order of their first line.
    pub names: Vec<String>,
    /// Names that stand more than once, with how often.
    pub repeated: Vec<(String, usize)>,
    /// Names with blanks before or after, which are part of the name when sent.
    pub padded: Vec<String>,
    /// The column that was read, where the text is a table with a header.
    pub column: Option<String>,
}

/// Column names that mean "user", as `cells::plain` makes them.
pub(crate) const USER_COLUMNS: [&str; 5] = ["user", "username", "logonuser", "logonname", "login"];

impl UserList {
    /// Reads one name per line. Lines of nothing but blanks are no names. A first line that names a user column and
    /// other columns makes the text a table, of which that column is read.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
        let table = lines.peek().and_then(|line| Table::of(line));
        let mut list = Self::default();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        if table.is_some() {
            lines.next();
        }
        for line in lines {
            let name = table.as_ref().map_or(line, |t| t.cell(line));
            if name.trim().is_empty() {
                continue;
            }
            let seen = counts.entry(name).or_default();
            *seen += 1;
            if *seen == 1 {
                list.names.push(name.to_owned());
                if name.trim() != name {
                    list.padded.push(name.to_owned());
                }
            }
        }
        list.repeated = counts
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(name, times)| (name.to_owned(), times))
            .collect();
        list.column = table.map(|t| t.name);
        list
    }
}

/// A separator and the place of the user column.
struct Table {
    separator: Separator,
    place: usize,
    name: String,
}

impl Table {
    fn of(header: &str) -> Option<Self> {
        let separator = ['\t', ';', ','].into_iter().find(|s| header.contains(*s))?;
        let separator = Separator::Char(separator);
        let cells = separator.cells(header);
        let place = place_of(&cells, &USER_COLUMNS)?;
        let name = cells.get(place).copied().unwrap_or_default().to_owned();
        Some(Self { separator, place, name })
    }

    fn cell<'a>(&self, line: &'a str) -> &'a str {
        self.separator.cells(line).get(self.place).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn names(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(UserList::parse(text).names, expected);
    }

    #[test]
    fn odd_ones_are_reported_not_mended() {
        let list = UserList::parse("user2\n user2\nuser2\nuser3 ");
        assert_eq!(list.names, ["user2", " user2", "user3 "]);
        assert_eq!(list.repeated, [("user2".to_owned(), 2)]);
        assert_eq!(list.padded, [" user2", "user3 "]);
    }

    proptest! {
        #[test]
        fn no_line_is_lost(lines in prop::collection::vec("[a-z@.\\\\ ]{1,8}", 0..20)) {
            let list = UserList::parse(&lines.join("\n"));
            let wanted = lines.iter().filter(|l| !l.trim().is_empty()).count();
            let repeats: usize = list.repeated.iter().map(|(_, times)| times - 1).sum();
            prop_assert_eq!(list.names.len() + repeats, wanted);
            prop_assert!(list.names.iter().all(|n| lines.contains(n)));
        }
    }
}
