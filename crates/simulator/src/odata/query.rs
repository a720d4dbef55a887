//! Parses query strings, and filters, sorts and pages collections.
//!
//! Unknown options are refused, never ignored. The wording of a refusal is invented, since none is
//! published.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::InvalidQuery;
use super::filter::Filter;
use super::item::{Queryable, as_text};
use super::page::Page;
use crate::http::call::Call;
use crate::http::percent_encoding::decode;
use crate::http::rest_error::RestError;
use crate::world::list_rules::PageRules;
use crate::world::rng::Rng;

/// A parsed query string.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Query {
    /// `$filter`.
    pub filter: Option<Filter>,
    /// The decoded text of `$filter`; filtered answers repeat it in `selfLink`.
    pub filter_text: Option<String>,
    /// `$select`: top-level names; unknown ones are ignored.
    pub select: Option<HashSet<String>>,
    /// `$orderby`, most important field first.
    pub order: Vec<OrderBy>,
    /// `$top`.
    pub top: Option<usize>,
    /// `$skip`.
    pub skip: Option<usize>,
    /// `$expand`: names of references to expand.
    pub expand: HashSet<String>,
    rules: PageRules,
}

/// One field of `$orderby`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrderBy {
    /// `/` path of the field.
    pub path: String,
    /// Whether the order is descending.
    pub descending: bool,
}

/// The items that a query selects.
#[derive(Debug)]
pub(crate) struct Found<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Their page; `None` when the answer does not show it.
    pub page: Option<Page>,
}

/// Maximum number of fields in `$orderby`.
const MAX_ORDERS: usize = 8;

impl Query {
    /// Parses the query string of a call.
    pub(crate) fn of(call: &Call) -> Result<Self, RestError> {
        Self::under(call, &PageRules::default())
    }

    /// Parses the query string of a call to a collection that is paged by `rules`.
    pub(crate) fn under(call: &Call, rules: &PageRules) -> Result<Self, RestError> {
        let refused = |InvalidQuery(reason)| RestError::not_understood(&reason);
        let query = Self::parse(&call.query, &rules.ignored).map_err(refused)?;
        Ok(Self { rules: rules.clone(), ..query })
    }

    /// Parses a raw query string. Parameters that do not start with `$`, and those in `ignored`, have no effect.
    pub(crate) fn parse(raw: &str, ignored: &[String]) -> Result<Self, InvalidQuery> {
        let mut query = Self::default();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, text) = (decode(name), decode(value));
            match name.as_str() {
                _ if ignored.contains(&name) => {}
                "$filter" => {
                    query.filter = Some(Filter::parse(&text)?);
                    query.filter_text = Some(text);
                }
                "$select" => query.select = Some(names(&text)),
                "$expand" => query.expand = names(&text),
                "$orderby" => query.order = order(&text)?,
                "$top" => query.top = Some(number("$top", &text)?),
                "$skip" => query.skip = Some(number("$skip", &text)?),
                other if other.starts_with('$') => {
                    return Err(InvalidQuery(format!("query option {other} is not supported")));
                }
                _ => {}
            }
        }
        Ok(query)
    }

    /// Filters, sorts and pages the items.
    pub(crate) fn find<T: Queryable>(&self, mut items: Vec<T>) -> Found<T> {
        if let Some(filter) = &self.filter {
            items.retain(|item| item.with_fields(|field| filter.matches(field)));
        }
        // Sort by the least important field first: the sort is stable.
        for OrderBy { path, descending } in self.order.iter().rev() {
            let key = |item: &T| SortKey(item.field(path));
            if *descending {
                items.sort_by_cached_key(|item| std::cmp::Reverse(key(item)));
            } else {
                items.sort_by_cached_key(key);
            }
        }
        let PageRules { limit, without_totals, unstable, .. } = self.rules;
        let (total, start) = (items.len(), self.skip.unwrap_or(0));
        if unstable && self.order.is_empty() {
            shuffle(&mut items, start);
        }
        let limit = if limit == 0 { total } else { limit };
        if self.top.is_none() && self.skip.is_none() && total <= limit {
            return Found { items, page: None };
        }
        let per_page = self.top.unwrap_or_else(|| total.saturating_sub(start)).min(limit);
        let items: Vec<T> = items.into_iter().skip(start).take(per_page).collect();
        let page = Page { total, start, per_page, shown: items.len() };
        Found { items, page: Some(page).filter(|_| !without_totals) }
    }

    /// Keeps only the selected top-level names, in the item's order.
    pub(crate) fn project(&self, mut item: Map<String, Value>) -> Map<String, Value> {
        if let Some(names) = &self.select {
            item.retain(|name, _| names.contains(name));
        }
        item
    }

    /// Whether the answer contains the top-level field `name`.
    pub(crate) fn shows(&self, name: &str) -> bool {
        self.select.as_ref().is_none_or(|names| names.contains(name))
    }
}

/// Another order for each page but the first.
fn shuffle<T>(items: &mut [T], page_start: usize) {
    let mut rng = Rng::new(page_start as u64);
    for last in (1..items.len()).rev().take_while(|_| page_start > 0) {
        let other = rng.below(last as u64 + 1);
        items.swap(last, usize::try_from(other).unwrap_or(last));
    }
}

/// A sort key: missing values first, numbers by value, everything else as text.
struct SortKey(Option<Value>);

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => compare(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    }
}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for SortKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for SortKey {}

fn names(text: &str) -> HashSet<String> {
    text.split(',').map(|name| name.trim().trim_matches('\'').to_owned()).collect()
}

fn order(text: &str) -> Result<Vec<OrderBy>, InvalidQuery> {
    let mut fields = Vec::new();
    for part in text.split(',') {
        let mut words = part.split_whitespace();
        let field = words.next().map(|w| w.trim_matches('\'').to_owned());
        let descending = match words.next() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(other) => {
                return Err(InvalidQuery(format!(
                    "$orderby must be followed by asc or desc, not '{other}'"
                )));
            }
        };
        match (field, words.next()) {
            (Some(path), None) => fields.push(OrderBy { path, descending }),
            _ => return Err(InvalidQuery(format!("cannot parse $orderby '{text}'"))),
        }
        if fields.len() > MAX_ORDERS {
            return Err(InvalidQuery(format!("$orderby takes at most {MAX_ORDERS} fields")));
        }
    }
    Ok(fields)
}

fn number(name: &str, text: &str) -> Result<usize, InvalidQuery> {
    text.trim()
        .parse()
        .map_err(|_| InvalidQuery(format!("{name} must be a whole number, not '{text}'")))
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => as_text(a).cmp(&as_text(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    impl Queryable for i64 {
        fn field(&self, _: &str) -> Option<Value> {
            Some(json!(self))
        }
    }

    fn run(query: &str) -> Found<i64> {
        let query = Query::parse(query, &[]).unwrap();
        query.find((1..=7).collect())
    }

    #[rstest]
    #[case("", &[1, 2, 3, 4, 5, 6, 7])]
    #[case("$top=2", &[1, 2])]
    #[case("$skip=5", &[6, 7])]
    #[case("$top=2&$skip=6&x=1", &[7])]
    #[case("$orderby=a+desc&$top=1", &[7])]
    #[case("%24orderby=a%20asc&%24top=3", &[1, 2, 3])]
    #[case("$top=0", &[])]
    #[case("$skip=100", &[])]
    fn sorts_and_pages(#[case] query: &str, #[case] expected: &[i64]) {
        assert_eq!(run(query).items, expected);
    }

    #[test]
    fn a_page_states_its_position() {
        let mut map = Map::new();
        run("$top=3&$skip=3").page.unwrap().write(&mut map);
        assert_eq!(
            Value::from(map),
            json!({"totalItems": 7, "totalPages": 3, "pageIndex": 2, "itemsPerPage": 3,
                   "currentItemCount": 3, "startIndex": 4})
        );
    }

    #[rstest]
    #[case("$count=true")]
    #[case("$inlinecount=allpages")]
    #[case("$top=ten")]
    #[case("$top=-1")]
    #[case("$orderby=a sideways")]
    #[case("$orderby=")]
    #[case("$orderby=a,a,a,a,a,a,a,a,a")]
    #[case("$filter=")]
    fn refuses_unknown_options_and_values(#[case] query: &str) {
        assert!(Query::parse(query, &[]).is_err(), "{query}");
    }

    #[test]
    fn selects_top_level_names_and_ignores_unknown_ones() {
        let query = Query::parse("$select=status,result,nothing", &[]).unwrap();
        let Value::Object(item) = json!({"id": 1, "result": "COMPLETE", "status": "FINISHED"})
        else {
            unreachable!()
        };
        let projected = Value::from(query.project(item)).to_string();
        assert_eq!(projected, r#"{"result":"COMPLETE","status":"FINISHED"}"#);
        assert!(query.shows("status") && !query.shows("properties"));
    }
}
