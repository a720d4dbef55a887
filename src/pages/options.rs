//! Fixed sets of values as radio groups and selects offer them: each value has a name in markup and a label.

use crate::ui::SelectOption;
use text::{Label, List};

/// A text with a list in it.
pub(super) type ListText = fn(&List) -> String;

/// A value and how it is offered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offered<T> {
    pub(super) name: &'static str,
    pub(super) label: Label,
    pub(super) value: T,
}

impl<T: Copy + PartialEq> Offered<T> {
    /// A value, its name in markup, which is unique in its set, and its label.
    pub(super) const fn new(name: &'static str, label: Label, value: T) -> Self {
        Self { name, label, value }
    }

    /// The options of a select.
    pub(super) fn options(all: &[Self]) -> Vec<SelectOption> {
        let option = |one: &Self| SelectOption { value: one.name.to_owned(), label: (one.label)() };
        all.iter().map(option).collect()
    }

    /// A value's name in markup; empty if it is not offered.
    pub(super) fn name_of(all: &[Self], value: T) -> String {
        let found = all.iter().find(|one| one.value == value);
        found.map(|one| one.name.to_owned()).unwrap_or_default()
    }

    /// The value with this name in markup.
    pub(super) fn value_of(all: &[Self], name: &str) -> Option<T> {
        all.iter().find(|one| one.name == name).map(|one| one.value)
    }
}
