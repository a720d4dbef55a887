//! What is typed into the search for sessions: words, quoted texts, fields and networks. All of them must match.

use crate::ids::UserName;
use crate::names::halfwidth;
use std::cell::RefCell;
use std::net::IpAddr;

/// A search for sessions. A field with a quoted value must be equal: a user exactly, as a kill compares it
/// (`user:"user2"`), any other field whatever its case.
///
/// ```
/// use curfew_core::find::Query;
///
/// let query = Query::parse(r#"user:"user 2" 198.51.100.0/24"#);
/// assert_eq!(query.user().unwrap(), "user 2");
/// assert_eq!(Query::parse("CORP\\user2").user().unwrap(), "CORP\\user2");
/// assert_eq!(Query::parse("198.51.100.0/24").user(), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
    /// The text as typed, without spaces at its ends.
    text: String,
}

/// A part of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    field: Field,
    /// In lower case.
    text: String,
    /// In lower case and half width, if that differs: input methods write fullwidth letters and digits.
    halfwidth: Option<String>,
    /// As typed.
    typed: String,
    network: Option<Network>,
    /// Whether the whole field must be equal: it was quoted.
    is_whole: bool,
}

/// Where a term is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Any,
    User,
    Client,
    Session,
    Device,
    Cluster,
    Group,
}

/// The texts of a session that can be searched. Absent ones are empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Searched<'a> {
    pub(super) user: &'a str,
    pub(super) client: &'a str,
    pub(super) session: &'a str,
    pub(super) device: &'a str,
    pub(super) cluster: &'a str,
    pub(super) group: &'a str,
}

impl Query {
    /// Reads a search. Every text is one; a quote that isn't closed reaches to the end.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let mut terms = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (field, value) = field(rest);
            let (typed, after) = value_of(value);
            rest = after.trim_start();
            if typed.trim().is_empty() {
                continue;
            }
            let half: String = typed.chars().map(halfwidth).collect();
            let network = match field {
                // guard: fullwidth-address
                Field::Any | Field::Client => Network::parse(&half),
                _ => None,
            };
            let is_whole = field != Field::Any && value.starts_with(is_quote);
            terms.push(Term {
                field,
                text: typed.to_lowercase(),
                halfwidth: (half != typed).then(|| half.to_lowercase()),
                typed: typed.to_owned(),
                network,
                is_whole,
            });
        }
        Self { terms, text: text.to_owned() }
    }

    /// The text of a search for exactly this user, or for its name, if it has quotes itself.
    pub fn text_of_user(user: &str) -> String {
        let quoted = ["user:\"", user, "\""].concat();
        let texts = [user, quoted.as_str()];
        let text = texts
            .into_iter()
            .find(|text| Self::parse(text).user().is_some_and(|read| read.as_str() == user));
        text.unwrap_or(user).to_owned()
    }

    /// Whether it matches every session.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The exact user name that it stands for, if it stands for one: the value of its only field `user`, or the whole text if
    /// it has neither fields nor networks.
    pub fn user(&self) -> Option<UserName> {
        let named: Vec<&Term> = self.of(Field::User).collect();
        match (named.as_slice(), self.terms.as_slice()) {
            ([user], _) => Some(UserName::new(&*user.typed)),
            ([], [only]) if only.is_plain() => Some(UserName::new(&*only.typed)),
            // A name may contain spaces.
            ([], [_, _, ..]) if self.terms.iter().all(Term::is_plain) => {
                Some(UserName::new(&*self.text))
            }
            _ => None,
        }
    }

    /// Whether it finds every session of [its user](Self::user): nothing else narrows it.
    pub fn finds_all_of_user(&self) -> bool {
        matches!(self.terms.as_slice(), [_]) || self.terms.iter().all(Term::is_plain)
    }

    fn of(&self, field: Field) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.field == field)
    }

    /// Whether all terms match.
    pub(super) fn matches(&self, searched: Searched<'_>) -> bool {
        self.terms.iter().all(|term| term.matches(searched))
    }

    /// Whether it finds nothing that the search `earlier` does not find: its terms contain those of the earlier one.
    pub fn narrows(&self, earlier: &str) -> bool {
        let earlier = Self::parse(earlier);
        let is_kept = |old: &Term| {
            let contains = |new: &Term| {
                new == old
                    || (new.field == old.field
                        && new.network.is_none()
                        && old.network.is_none()
                        && !old.is_whole
                        && new.text.contains(&old.text))
            };
            self.terms.iter().any(contains)
        };
        !earlier.is_empty() && earlier.terms.iter().all(is_kept)
    }

    /// [`Self::narrows`] for many texts, most of which are the same.
    pub fn covers(&self) -> impl Fn(&str) -> bool {
        let last: RefCell<Option<(String, bool)>> = RefCell::new(None);
        move |earlier| {
            let mut last = last.borrow_mut();
            match &*last {
                Some((text, narrows)) if text == earlier => *narrows,
                _ => {
                    let narrows = self.narrows(earlier);
                    *last = Some((earlier.to_owned(), narrows));
                    narrows
                }
            }
        }
    }

    /// The text as typed, without spaces at its ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How well the user's name fits: 0 is best.
    pub(super) fn distance(&self, user: &str) -> u8 {
        let whole = if user == self.text { 0 } else { 4 };
        if self.terms.is_empty() {
            return whole;
        }
        let lower = user.to_lowercase();
        let of_term = |term: &Term| match term.field {
            Field::Any | Field::User if user == term.typed => 0,
            Field::Any | Field::User if lower == term.text => 1,
            Field::Any | Field::User if lower.starts_with(&term.text) => 2,
            Field::Any | Field::User if lower.contains(&term.text) => 3,
            _ => 4,
        };
        self.terms.iter().map(of_term).min().unwrap_or(4).min(whole)
    }

    /// Whether a term names this device, its cluster or its access group, so that its sessions should be read first.
    pub(super) fn names_place(&self, searched: Searched<'_>) -> bool {
        self.terms.iter().any(|term| {
            matches!(term.field, Field::Any | Field::Device | Field::Cluster | Field::Group)
                && term.matches(searched)
        })
    }
}

impl Term {
    fn is_plain(&self) -> bool {
        self.field == Field::Any && self.network.is_none()
    }

    fn matches(&self, searched: Searched<'_>) -> bool {
        let Searched { user, client, session, device, cluster, group } = searched;
        if let Some(network) = self.network
            && let Ok(address) = client.parse()
        {
            // guard: whole-address
            return network.contains(address);
        }
        let is_in = |text: &str, typed: &str| {
            if self.is_whole { equals(text, typed) } else { contains(text, typed) }
        };
        // A user with a fullwidth name is another user.
        // guard: fullwidth-user
        let is_user = is_in(user, &self.text);
        let holds = |text: &str| {
            is_in(text, &self.text) || self.halfwidth.as_ref().is_some_and(|half| is_in(text, half))
        };
        match self.field {
            Field::Any => {
                is_user || [client, session, device, cluster, group].into_iter().any(holds)
            }
            // BIG-IQ compares user names exactly (inferred): what is found is what a kill of this user reaches.
            // guard: quoted-user-exact
            Field::User if self.is_whole => user == self.typed,
            Field::User => is_user,
            Field::Client => holds(client),
            Field::Session => holds(session),
            Field::Device => holds(device),
            Field::Cluster => holds(cluster),
            Field::Group => holds(group),
        }
    }
}

/// Whether a text is `lower`, which is in lower case, whatever its own case.
fn equals(text: &str, lower: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(lower) } else { text.to_lowercase() == lower }
}

/// Whether a text contains `lower`, which is in lower case, whatever its own case. It runs for every field of every session, so it
/// allocates nothing for ASCII.
fn contains(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let Some((first, rest)) = lower.split_first() else { return true };
    // Most places differ in the first letter.
    text.iter().enumerate().any(|(at, letter)| {
        letter.to_ascii_lowercase() == *first
            && text
                .get(at + 1..=at + rest.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(rest))
    })
}

/// The field at the start of a text, and the text after its colon.
fn field(text: &str) -> (Field, &str) {
    // Chinese and Japanese input methods write a fullwidth colon.
    let Some((name, value)) = text.split_once([':', '：']) else { return (Field::Any, text) };
    let field = match name {
        "user" => Field::User,
        "client" | "ip" => Field::Client,
        "session" => Field::Session,
        "device" => Field::Device,
        "cluster" => Field::Cluster,
        "group" => Field::Group,
        // `192.0.2.30:443`, `2001:db8::5`.
        _ => return (Field::Any, text),
    };
    (field, value)
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂')
}

/// The value at the start of a text, without its quotes, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    match text.strip_prefix(is_quote) {
        Some(quoted) => {
            let end = quoted.find(is_quote).unwrap_or(quoted.len());
            let (value, after) = quoted.split_at_checked(end).unwrap_or((quoted, ""));
            (value, after.strip_prefix(is_quote).unwrap_or(after))
        }
        None => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            text.split_at_checked(end).unwrap_or((text, ""))
        }
    }
}

/// An address or a network in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    /// The bits of the address; those of IPv4 are the first 32.
    bits: u128,
    is_ipv4: bool,
    /// How many bits must be equal.
    length: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let (bits, is_ipv4) = bits_of(address);
        let most = if is_ipv4 { 32 } else { 128 };
        let length = length.unwrap_or(most);
        (length <= most).then_some(Self { bits, is_ipv4, length })
    }

    fn contains(self, address: IpAddr) -> bool {
        let (bits, is_ipv4) = bits_of(address);
        let different = bits ^ self.bits;
        is_ipv4 == self.is_ipv4 && different.leading_zeros() >= self.length
    }
}

fn bits_of(address: IpAddr) -> (u128, bool) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const SESSION: Searched<'_> = Searched {
        user: "CORP\\user2",
        client: "198.51.100.7",
        session: "2a5d7604",
        device: "blue-a.example.test",
        cluster: "BlueCluster",
        group: "TestGroup",
    };

    #[rstest]
    #[case::nothing("  ", true)]
    #[case::part_of_a_name("user2", true)]
    #[case::any_case("corp\\USER2", true)]
    #[case::all_terms("user2 blue", true)]
    #[case::one_term_of_two("user2 red", false)]
    #[case::a_field("user:user2", true)]
    #[case::another_field("device:user2", false)]
    #[case::every_field("user:2 client:198 session:2a5d device:blue cluster:blue group:test", true)]
    #[case::an_address("198.51.100.7", true)]
    #[case::a_part_of_an_address("198.51.100", true)]
    #[case::a_shorter_address_is_another("198.51.100.0", false)]
    #[case::a_network("198.51.100.0/24", true)]
    #[case::a_network_written_by_a_member("ip:198.51.100.200/24", true)]
    #[case::another_network("198.51.101.0/24", false)]
    #[case::everywhere("0.0.0.0/0", true)]
    #[case::a_fullwidth_address("１９８．５１．１００．７", true)]
    #[case::a_fullwidth_network("ｉｐ：１９８．５１．１００．０／２４", false)]
    #[case::a_fullwidth_network_of_a_field("ip：１９８．５１．１００．０／２４", true)]
    #[case::another_fullwidth_network("１９８．５１．１０１．０／２４", false)]
    #[case::a_part_of_a_fullwidth_address("１９８．５１", true)]
    #[case::fullwidth_terms("ｂｌｕｅ－Ａ　２Ａ５Ｄ", true)]
    #[case::a_fullwidth_name_is_another("ｕｓｅｒ２", false)]
    #[case::a_fullwidth_name_of_a_field("user：ｕｓｅｒ２", false)]
    #[case::a_fullwidth_colon("user：user2", true)]
    #[case::fullwidth_quotes("user：＂CORP\\user2＂", true)]
    #[case::ipv6("2001:db8::/32", false)]
    #[case::no_network("198.51.100.7/33", false)]
    #[case::a_whole_field("user:\"CORP\\user2\"", true)]
    #[case::another_case_is_another_user("user:\"corp\\user2\"", false)]
    #[case::another_case_without_quotes("user:corp\\user2", true)]
    #[case::another_case_of_a_device("device:\"BLUE-A.example.test\"", true)]
    #[case::not_the_whole_field("user:\"user2\"", false)]
    #[case::quoted("\"corp\\user2\"", true)]
    #[case::quoted_together("\"user2 blue\"", false)]
    #[case::curly("“user2”", true)]
    #[case::unclosed("\"user2", true)]
    #[case::unknown_field("name:user2", false)]
    #[case::empty_field("user: user2", true)]
    fn matching(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(Query::parse(text).matches(SESSION), expected);
    }

    #[rstest]
    #[case::the_same("user2", "user2", true)]
    #[case::more_letters("user", "user2", true)]
    #[case::one_more_term("user", "user blue", true)]
    #[case::other_letters("user2", "user3", false)]
    #[case::fewer_letters("user2", "user", false)]
    #[case::another_field("user:a", "client:a", false)]
    #[case::a_field_instead_of_any("user2", "user:user2", false)]
    #[case::a_network("198.51.100.0/24", "198.51.100.0/25", false)]
    #[case::the_same_network("198.51.100.0/24", "198.51.100.0/24 user2", true)]
    #[case::a_whole_field("user:\"user\"", "user:\"user2\"", false)]
    #[case::from_a_part_to_the_whole("user:use", "user:\"user2\"", true)]
    #[case::nothing_finds_everything("", "user2", false)]
    fn narrower(#[case] earlier: &str, #[case] query: &str, #[case] expected: bool) {
        assert_eq!(Query::parse(query).narrows(earlier), expected);
        assert_eq!(Query::parse(query).covers()(earlier), expected);
    }

    #[rstest]
    #[case("198.51.100.7", "198.51.100.77", false)]
    #[case("2001:db8::5", "2001:0db8:0:0:0:0:0:5", true)]
    #[case("2001:db8::/48", "2001:db8:0:1::7", true)]
    #[case("0.0.0.0/0", "2001:db8::5", false)]
    #[case("198.51.100.7", "", false)]
    fn clients(#[case] text: &str, #[case] client: &str, #[case] expected: bool) {
        let session = Searched { client, ..Searched::default() };
        assert_eq!(Query::parse(text).matches(session), expected);
    }

    #[rstest]
    #[case("user2", Some("user2"))]
    #[case(" user 2 ", Some("user 2"))]
    #[case("user:\"user 2\"", Some("user 2"))]
    #[case("user:user2 device:lone", Some("user2"))]
    #[case("\"user2\"", Some("user2"))]
    #[case("user:a user:b", None)]
    #[case("device:lone", None)]
    #[case("198.51.100.7", None)]
    #[case("user2 198.51.100.0/24", None)]
    #[case("user2@example.test", Some("user2@example.test"))]
    #[case("ｕｓｅｒ２", Some("ｕｓｅｒ２"))]
    #[case("user：ｕｓｅｒ２", Some("ｕｓｅｒ２"))]
    #[case("１９８．５１．１００．７", None)]
    #[case("", None)]
    fn users(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(Query::parse(text).user().as_ref().map(UserName::as_str), expected);
    }

    #[rstest]
    #[case::one_word("user2", true)]
    #[case::several_words("user 2", true)]
    #[case::a_field("user:\"user 2\"", true)]
    #[case::on_a_device("user:user2 device:lone", false)]
    #[case::with_another_word("user:user2 blue", false)]
    fn all_sessions_of_its_user(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(Query::parse(text).finds_all_of_user(), expected);
    }

    #[rstest]
    #[case::plain("user2", "user2")]
    #[case::spaces("user 2", "user 2")]
    #[case::an_address("198.51.100.7", "user:\"198.51.100.7\"")]
    #[case::a_field("device:lone", "user:\"device:lone\"")]
    #[case::a_fullwidth_field("device：lone", "user:\"device：lone\"")]
    #[case::a_fullwidth_address("１９８．５１．１００．７", "user:\"１９８．５１．１００．７\"")]
    #[case::a_quote("a\"b", "a\"b")]
    fn the_search_for_a_user(#[case] user: &str, #[case] text: &str) {
        assert_eq!(Query::text_of_user(user), text);
        assert_eq!(Query::parse(text).user().unwrap(), user);
    }

    #[test]
    fn the_best_names_first() {
        let query = Query::parse("user2");
        let distances =
            ["user2", "User2", "user22", "CORP\\user2", "x"].map(|user| query.distance(user));
        assert_eq!(distances, [0, 1, 2, 3, 4]);
        assert_eq!(Query::parse("user 2").distance("user 2"), 0);
        assert_eq!(Query::parse("device:user2").distance("user2"), 4);
    }

    #[rstest]
    #[case("blue", true)]
    #[case("group:test", true)]
    #[case("user:corp", false)]
    fn places(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(Query::parse(text).names_place(Searched { user: "", ..SESSION }), expected);
    }

    proptest! {
        #[test]
        fn a_narrower_search_finds_nothing_else(
            earlier in "[ab:u. ａ：]{0,6}", later in "[ab:u. ａ：]{0,8}", user in "[ab.ａ]{0,6}", client in "[ab.]{0,6}",
        ) {
            let (old, new) = (Query::parse(&earlier), Query::parse(&later));
            let session = Searched { user: &user, client: &client, ..Searched::default() };
            if new.narrows(&earlier) && new.matches(session) {
                prop_assert!(old.matches(session));
            }
        }

        #[test]
        fn case_is_ignored_like_in_lower_case(text in "[a-zA-ZäÄßİ.]{0,8}", part in "[a-zA-ZäÄ.]{0,3}") {
            let part = part.to_lowercase();
            prop_assert_eq!(contains(&text, &part), text.to_lowercase().contains(&part));
            prop_assert_eq!(equals(&text, &part), text.to_lowercase() == part);
        }

        #[test]
        fn every_text_is_a_search(text in "[\\PC \"“:/.0-9]{0,40}") {
            let query = Query::parse(&text);
            prop_assert_eq!(query.is_empty(), query.terms.is_empty());
            // Reading it again from its own text changes nothing.
            prop_assert_eq!(&Query::parse(&query.text), &query);
        }

        #[test]
        fn a_quoted_name_is_found_exactly(name in "[^\"“”„\\s][^\"“”„]{0,20}[^\"“”„\\s]") {
            let query = Query::parse(&format!("user:\"{name}\""));
            prop_assert_eq!(query.user(), Some(UserName::new(&*name)));
            prop_assert_eq!(query.distance(&name), 0);
        }
    }
}
