//! Parses and evaluates `$filter`: `name op literal`, joined by `and` and `or`, with brackets.
//!
//! Public clients use field names bare or in single quotes, `/` for nested paths (a segment may
//! contain `:`), `eq` and `ne`, literals bare or in single quotes with `*` as a wildcard, and
//! booleans as text. Everything else is refused.

use serde_json::Value;

use super::error::InvalidQuery;
use super::item::as_text;

/// Maximum nesting of brackets.
const MAX_DEPTH: usize = 32;

/// A parsed filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// `path eq literal`, or `ne` when `negated`.
    Compare {
        /// `/` path of the field.
        path: String,
        /// Whether the operator is `ne`.
        negated: bool,
        /// Text to compare with; `*` matches any characters.
        literal: String,
    },
    /// All parts match.
    All(Vec<Self>),
    /// At least one part matches.
    Any(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Quoted(String),
    Bare(String),
}

impl Filter {
    /// Parses a decoded `$filter`.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidQuery> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: tokens.into_iter().peekable(), text };
        let filter = parser.any_of(0)?;
        match parser.tokens.next() {
            None => Ok(filter),
            Some(_) => Err(parser.refuse("unexpected text after its end")),
        }
    }

    /// Whether an item matches; `field` returns the value at a `/` path of the item.
    pub(crate) fn matches(&self, field: &dyn Fn(&str) -> Option<Value>) -> bool {
        match self {
            Self::Compare { path, negated, literal } => {
                let equal = field(path).is_some_and(|value| equals(&value, literal));
                equal != *negated
            }
            Self::All(parts) => parts.iter().all(|part| part.matches(field)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(field)),
        }
    }
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    text: &'a str,
}

impl Parser<'_> {
    fn any_of(&mut self, depth: usize) -> Result<Filter, InvalidQuery> {
        let mut parts = vec![self.all_of(depth)?];
        while self.takes("or") {
            parts.push(self.all_of(depth)?);
        }
        Ok(Filter::Any(parts))
    }

    fn all_of(&mut self, depth: usize) -> Result<Filter, InvalidQuery> {
        let mut parts = vec![self.one(depth)?];
        while self.takes("and") {
            parts.push(self.one(depth)?);
        }
        Ok(Filter::All(parts))
    }

    fn one(&mut self, depth: usize) -> Result<Filter, InvalidQuery> {
        if depth > MAX_DEPTH {
            return Err(self.refuse("too many nested brackets"));
        }
        let path = match self.tokens.next() {
            Some(Token::Open) => {
                let inner = self.any_of(depth + 1)?;
                return match self.tokens.next() {
                    Some(Token::Close) => Ok(inner),
                    _ => Err(self.refuse("a closing bracket is missing")),
                };
            }
            Some(Token::Quoted(path) | Token::Bare(path)) if !path.is_empty() => path,
            _ => return Err(self.refuse("a field name is missing")),
        };
        let negated = match self.tokens.next() {
            Some(Token::Bare(word)) if word == "eq" => false,
            Some(Token::Bare(word)) if word == "ne" => true,
            _ => return Err(self.refuse("the operator must be eq or ne")),
        };
        match self.tokens.next() {
            Some(Token::Quoted(literal) | Token::Bare(literal)) => {
                Ok(Filter::Compare { path, negated, literal })
            }
            _ => Err(self.refuse("the value to compare with is missing")),
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        self.tokens.next_if(|token| matches!(token, Token::Bare(bare) if bare == word)).is_some()
    }

    fn refuse(&self, reason: &str) -> InvalidQuery {
        InvalidQuery(format!("cannot parse $filter '{}': {reason}", self.text))
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, InvalidQuery> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(&next) = chars.peek() {
        match next {
            '(' | ')' => {
                chars.next();
                found.push(if next == '(' { Token::Open } else { Token::Close });
            }
            '\'' => {
                chars.next();
                found.push(Token::Quoted(quoted(&mut chars, text)?));
            }
            c if c.is_whitespace() => {
                chars.next();
            }
            _ => {
                let mut word = String::new();
                let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\'');
                while let Some(c) = chars.next_if(|&c| !ends(c)) {
                    word.push(c);
                }
                found.push(Token::Bare(word));
            }
        }
    }
    Ok(found)
}

/// Reads up to the closing quote. A doubled quote is one quote, as in OData.
fn quoted(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    text: &str,
) -> Result<String, InvalidQuery> {
    let mut word = String::new();
    while let Some(c) = chars.next() {
        if c != '\'' || chars.next_if_eq(&'\'').is_some() {
            word.push(c);
        } else {
            return Ok(word);
        }
    }
    Err(InvalidQuery(format!("cannot parse $filter '{text}': a closing quote is missing")))
}

/// Whether `value` equals the literal. A list matches when one of its members does, an object
/// never.
fn equals(value: &Value, literal: &str) -> bool {
    match value {
        Value::Array(members) => members.iter().any(|member| equals(member, literal)),
        Value::Object(_) => false,
        other => wildcard(literal, &as_text(other)),
    }
}

/// Matches `text` against a pattern in which `*` stands for any characters.
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return text.ends_with(part);
        }
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::item::at_path;
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn matches(filter: &str) -> bool {
        let Value::Object(item) = json!({
            "address": "10.255.4.124",
            "product": "BIG-IP",
            "httpsPort": 443,
            "isVirtual": true,
            "deviceReference": {"link": "https://localhost/mgmt/x/901695c8"},
            "properties": {"cm:access:access_group": true, "cm:gui:module": ["adc", "Access"]},
        }) else {
            unreachable!()
        };
        Filter::parse(filter).unwrap().matches(&|path| at_path(&item, path).cloned())
    }

    #[rstest]
    #[case("('address' eq '10.255.4.124')", true)]
    #[case("address eq 10.255.4.124", true)]
    #[case("('address' eq '10.255.4.1' or 'address' eq '10.255.4.124' )", true)]
    #[case("('address' eq '10.255.4.1' or 'address' eq '10.255.4.2' )", false)]
    #[case("product eq 'BIG-IP' and address ne '10.255.4.124'", false)]
    #[case("product eq 'x' and address eq 'y' or httpsPort eq 443", true)]
    #[case("product eq 'x' and (address eq 'y' or httpsPort eq 443)", false)]
    #[case("'properties/cm:access:access_group' eq 'true'", true)]
    #[case("properties/cm:gui:module eq 'Access'", true)]
    #[case("deviceReference/link eq '*901695c8*'", true)]
    #[case("deviceReference/link eq '*901695c8'", true)]
    #[case("deviceReference/link eq '901695c8*'", false)]
    #[case("isVirtual eq true", true)]
    #[case("nothing eq 'x'", false)]
    #[case("nothing ne 'x'", true)]
    #[case("product eq 'O''Hara'", false)]
    fn matches_items(#[case] filter: &str, #[case] expected: bool) {
        assert_eq!(matches(filter), expected, "{filter}");
    }

    #[rstest]
    #[case("")]
    #[case("address")]
    #[case("address eq")]
    #[case("address gt 5")]
    #[case("address eq 'a' address eq 'b'")]
    #[case("(address eq 'a'")]
    #[case("address eq 'a")]
    #[case("contains(address,'10')")]
    #[case("not address eq 'a'")]
    fn refuses_unknown_syntax(#[case] filter: &str) {
        assert!(Filter::parse(filter).is_err(), "{filter}");
    }

    #[test]
    fn deep_nesting_is_refused_and_does_not_overflow() {
        let deep = "(".repeat(100_000);
        assert!(Filter::parse(&deep).is_err());
    }

    #[rstest]
    #[case("*", "", true)]
    #[case("a*b*c", "aXbYc", true)]
    #[case("a*b*c", "aXcYb", false)]
    #[case("*a*", "bab", true)]
    #[case("a*a", "a", false)]
    fn wildcards(#[case] pattern: &str, #[case] text: &str, #[case] expected: bool) {
        assert_eq!(wildcard(pattern, text), expected);
    }

    proptest! {
        #[test]
        fn never_panics(text in "[a-z'() *eqornd/]{0,60}") {
            let _ = Filter::parse(&text);
        }
    }
}
