//! Reads a typed or pasted list of user names. The spelling is kept exactly, because BIG-IP compares names exactly. Unusual
//! entries are reported, never corrected.

use crate::ids::UserName;
use crate::input::table::{Delimiter, Quotes, place_of, unquoted};
use std::collections::BTreeMap;

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
    /// Names with leading or trailing spaces, which are sent as part of the name.
    pub padded: Vec<UserName>,
    /// The column that was read, if the text is a table with a header.
    pub column: Option<String>,
    /// How many rows of the table have no user.
    pub blank: usize,
    /// How many names of the table have spaces around them outside of quotes. These are not part of the name.
    pub trimmed: usize,
    /// The first line (from 1) with a quoted cell that can't be read line by line. The whole list is then refused, because the
    /// rest of such a cell would be read as further users.
    pub refused_line: Option<usize>,
}

/// A name that a list holds more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedName {
    /// The name.
    pub name: UserName,
    /// How often it occurs.
    pub times: usize,
}

/// Column names that mean "user", normalized by `table::plain`.
pub(crate) const USER_COLUMNS: [&str; 5] = ["user", "username", "logonuser", "logonname", "login"];

impl UserList {
    /// Reads one name per line and skips blank lines. If the first line names a user column and other columns, the text is a
    /// table, and only that column is read.
    pub fn parse(text: &str) -> Self {
        let refused_line = refused_line(text);
        if refused_line.is_some() {
            return Self { refused_line, ..Self::default() };
        }
        let mut lines = text
            .trim_start_matches(BYTE_ORDER)
            .lines()
            .filter(|line| !line.trim().is_empty())
            .peekable();
        let table = lines.peek().and_then(|line| Table::of(line));
        let mut list = Self::default();
        if table.is_some() {
            lines.next();
        }
        let mut read: Vec<UserName> = Vec::new();
        for line in lines {
            let Some(table) = &table else {
                read.push(UserName::new(line));
                continue;
            };
            let cell = table.cell(line);
            let name = unescaped(cell);
            if name.trim().is_empty() {
                list.blank += 1;
            } else {
                list.trimmed += usize::from(cell.trim() != cell);
                read.push(UserName::new(name));
            }
        }
        let mut counts: BTreeMap<&UserName, usize> = BTreeMap::new();
        for name in &read {
            let seen = counts.entry(name).or_default();
            *seen += 1;
            if *seen == 1 {
                list.names.push(name.clone());
                if name.as_str().trim() != name.as_str() {
                    list.padded.push(name.clone());
                }
            }
        }
        list.repeated = counts
            .into_iter()
            .filter(|(_, times)| *times > 1)
            .map(|(name, times)| RepeatedName { name: name.clone(), times })
            .collect();
        list.column = table.map(|t| t.name);
        list
    }

    /// The text with `given` replaced by `meant` everywhere; in a table, only in the user column.
    pub fn renamed(text: &str, given: &UserName, meant: &UserName) -> String {
        Self::mended(text, given.as_str(), Some(meant.as_str()))
    }

    /// The text without the lines or table rows of one name.
    pub fn without(text: &str, name: &UserName) -> String {
        Self::mended(text, name.as_str(), None)
    }

    fn mended(text: &str, given: &str, meant: Option<&str>) -> String {
        let bare = text.trim_start_matches(BYTE_ORDER);
        let header = bare.lines().find(|line| !line.trim().is_empty());
        let Some(table) = header.and_then(Table::of) else {
            let lines =
                bare.lines().filter_map(|line| if line == given { meant } else { Some(line) });
            return lines.collect::<Vec<_>>().join("\n");
        };
        let Delimiter::Char(separator) = table.separator else { return text.to_owned() };
        let mut mended = String::with_capacity(text.len());
        for line in bare.lines() {
            let names_it = unescaped(table.cell(line)) == given;
            if names_it && meant.is_none() {
                continue;
            }
            if !mended.is_empty() {
                mended.push('\n');
            }
            let of_user = table.separator.raw(line).into_iter().enumerate();
            for (place, cell) in of_user {
                if place > 0 {
                    mended.push(separator);
                }
                match meant.filter(|_| names_it && place == table.place) {
                    Some(meant) => {
                        mended.push('"');
                        mended.push_str(&meant.replace('"', "\"\""));
                        mended.push('"');
                    }
                    None => mended.push_str(cell),
                }
            }
        }
        mended
    }
}

/// The first line whose quotes make it unsafe to read the text line by line. In a plain list, a quote is part of the name;
/// in a table it could hide separators.
fn refused_line(text: &str) -> Option<usize> {
    let text = text.trim_start_matches(BYTE_ORDER);
    let header = text.lines().find(|line| !line.trim().is_empty());
    let is_table = header.and_then(Table::of).is_some();
    let refused = |line: &str| match Quotes::of(line) {
        Quotes::Closed => false,
        Quotes::Stray => is_table,
        // guard: quoted-line-break
        Quotes::Open => true,
    };
    text.lines().position(refused).map(|place| place + 1)
}

/// The byte order mark, which some programs write before a text. It is not part of the first name.
const BYTE_ORDER: char = '\u{feff}';

/// A cell's text: without the spaces and quotes around it, and with doubled quotes replaced by one.
fn unescaped(cell: &str) -> String {
    let bare = unquoted(cell);
    let is_quoted = cell.trim().len() > bare.len();
    if is_quoted { bare.replace("\"\"", "\"") } else { bare.to_owned() }
}

/// The separator and the index of the user column.
struct Table {
    separator: Delimiter,
    place: usize,
    name: String,
}

impl Table {
    fn of(header: &str) -> Option<Self> {
        let separator = ['\t', ';', ','].into_iter().find(|s| header.contains(*s))?;
        let separator = Delimiter::Char(separator);
        let cells = separator.cells(header);
        let place = place_of(&cells, &USER_COLUMNS)?;
        let name = cells.get(place).copied().unwrap_or_default().to_owned();
        Some(Self { separator, place, name })
    }

    /// The user's cell, unchanged.
    fn cell<'a>(&self, line: &'a str) -> &'a str {
        self.separator.raw(line).get(self.place).copied().unwrap_or_default()
    }
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
    #[case::over_lines("user,comment\nuser2,\"leaves today, replaced by\nUser2\nfrom Monday\"", 2)]
    #[case::another_line_end("user;comment\r\nuser3;x\r\nuser2;\"replaced by\r\nUser2\"", 3)]
    #[case::unknown_columns("SamAccountName,Note\nuser2,\"replaced by\nUser2\"", 2)]
    #[case::its_header("\"user\nname\",ip\nuser2,x", 1)]
    #[case::plain("\"user2\nUser2\"", 1)]
    #[case::stray_in_a_table("user,ip\nit\"s,y", 2)]
    #[case::text_after_a_quote("user,ip\n\"a\"b,y", 2)]
    #[case::byte_order_mark("\u{feff}user,comment\n\nuser2,\"a\nb\"", 3)]
    fn a_cell_over_lines_refuses_the_list(#[case] text: &str, #[case] line: usize) {
        let list = UserList::parse(text);
        assert_eq!(list, UserList { refused_line: Some(line), ..UserList::default() });
    }

    #[test]
    fn unusual_names_are_reported_not_corrected() {
        let list = UserList::parse("user2\n user2\nuser2\nuser3 ");
        assert_eq!(list.names, ["user2", " user2", "user3 "]);
        assert_eq!(list.repeated, [RepeatedName { name: "user2".into(), times: 2 }]);
        assert_eq!(list.padded, [" user2", "user3 "]);
    }

    #[test]
    fn blank_rows_and_trimmed_names_are_counted() {
        let list = UserList::parse("ip,user\n1, user2\n2,\n3,\" user3\"\n4\n5,user4");
        assert_eq!(list.names, ["user2", " user3", "user4"]);
        assert_eq!((list.blank, list.trimmed), (2, 1));
        assert_eq!(list.padded, [" user3"], "quoted spaces are part of the name");
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
        assert_eq!(UserList::renamed(text, &given.into(), &meant.into()), expected);
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
        assert_eq!(UserList::without(text, &user(name)), expected);
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
            let users: Vec<&str> = rows.iter().map(|(user, _)| user.as_str()).collect();
            prop_assert!(list.names.iter().all(|name| users.contains(&name.as_str())), "{list:?}");
            prop_assert!(list.names.is_empty() == list.refused_line.is_some());
        }

        #[test]
        fn no_line_is_lost(lines in prop::collection::vec("[a-z@.\\\\ ]{1,8}", 0..20)) {
            let list = UserList::parse(&lines.join("\n"));
            let wanted = lines.iter().filter(|l| !l.trim().is_empty()).count();
            let repeats: usize = list.repeated.iter().map(|repeated| repeated.times - 1).sum();
            prop_assert_eq!(list.names.len() + repeats, wanted);
            prop_assert!(list.names.iter().all(|n| lines.iter().any(|line| *n == line.as_str())));
        }
    }
}
