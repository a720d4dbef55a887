//! Several names, numbers or phrases as one part of a sentence.

use crate::argument::{List, isolated};
use crate::functions::more_in_list;
use crate::language::locale;

/// The number of items that a list shows of many.
pub const LISTED: usize = 5;

/// A list of names, each isolated.
pub fn list_of_names<'a>(names: impl Iterator<Item = &'a str>) -> List {
    let names: Vec<&str> = names.collect();
    first_names(&names, names.len())
}

/// A list of names, given only the first [`LISTED`] of `all`.
pub fn first_names(first: &[&str], all: usize) -> List {
    listed(first.iter().take(LISTED).map(|name| isolated(name)).collect(), all)
}

/// A list of all these names, however many: for reports.
pub fn list_of_all_names<'a>(names: impl Iterator<Item = &'a str>) -> List {
    in_words(&names.map(isolated).collect::<Vec<_>>())
}

/// A list of phrases that are texts already.
pub fn list_of_texts(texts: &[String]) -> List {
    first_texts(texts, texts.len())
}

/// A list of phrases, given only the first [`LISTED`] of `all`.
pub fn first_texts(first: &[String], all: usize) -> List {
    listed(first.iter().take(LISTED).cloned().collect(), all)
}

/// A list of numbers, for example of lines, given only the first [`LISTED`] of `all`.
pub fn list_of_numbers(first: &[usize], all: usize) -> List {
    let Some(locale) = locale() else { return List(String::new()) };
    listed(first.iter().take(LISTED).map(|number| locale.integer(*number as u64)).collect(), all)
}

fn listed(mut items: Vec<String>, all: usize) -> List {
    let more = all.saturating_sub(items.len());
    if more > 0 {
        items.push(more_in_list(more));
    }
    in_words(&items)
}

fn in_words(items: &[String]) -> List {
    List(locale().map(|locale| locale.list(items)).unwrap_or_default())
}
