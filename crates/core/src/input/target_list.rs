//! From pasted text to chosen targets: host names, addresses, ids, and names of clusters and access groups. What is
//! not found is told, with its line. It must not select anything itself.

use crate::input::table::{Delimiter, Quotes, unquoted};
use crate::inventory::{DeviceIndex, DeviceMatch, Inventory};
use std::collections::BTreeSet;

/// What a text of targets says. Each entry of it is counted in exactly one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetList {
    /// Devices, by machine id.
    pub devices: BTreeSet<String>,
    /// Clusters, by name.
    pub clusters: BTreeSet<String>,
    /// Access groups, by name.
    pub groups: BTreeSet<String>,
    /// Entries for which a target was found before.
    pub repeated: usize,
    /// Entries that mean nothing that is known.
    pub unknown: Vec<UnmatchedEntry>,
    /// Entries that mean several devices.
    pub ambiguous: Vec<UnmatchedEntry>,
    /// The first line, from 1, with a quoted cell that doesn't close on it. Nothing from there on is read: a name may be
    /// part of a comment.
    pub open_quote: Option<usize>,
}

/// A part of a pasted text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedEntry {
    /// Its line, from 1.
    pub line: usize,
    /// The entry as it stands there.
    pub text: String,
    /// The machine ids that it may mean.
    pub meant: Vec<String>,
}

impl TargetList {
    /// Reads entries separated by lines, commas, semicolons, tabs, bars or blanks. A name with blanks is found if it
    /// stands between other separators.
    pub fn read(text: &str, inventory: &Inventory) -> Self {
        let mut reader =
            Reader { inventory, index: DeviceIndex::of(inventory), paste: Self::default() };
        for (number, line) in text.lines().enumerate() {
            if Quotes::of(line) == Quotes::Open {
                reader.paste.open_quote = Some(number + 1);
                break;
            }
            match Delimiter::of(line) {
                Some(separator @ Delimiter::Char(_)) => {
                    for cell in separator.cells(line) {
                        reader.cell(number + 1, cell);
                    }
                }
                Some(Delimiter::Gap | Delimiter::Blank) | None => {
                    reader.cell(number + 1, unquoted(line));
                }
            }
        }
        reader.paste
    }

    /// How many targets were found.
    pub fn found(&self) -> usize {
        self.devices.len() + self.clusters.len() + self.groups.len()
    }
}

struct Reader<'a> {
    inventory: &'a Inventory,
    index: DeviceIndex,
    paste: TargetList,
}

impl Reader<'_> {
    fn cell(&mut self, line: usize, cell: &str) {
        if cell.is_empty() || self.take(line, cell) {
            return;
        }
        for word in cell.split_whitespace() {
            if !self.take(line, word) {
                let text = word.to_owned();
                self.paste.unknown.push(UnmatchedEntry { line, text, meant: Vec::new() });
            }
        }
    }

    /// Whether the text means something that is known.
    fn take(&mut self, line: usize, text: &str) -> bool {
        let new = match self.index.find(text) {
            DeviceMatch::One(id) => self.paste.devices.insert(id.to_owned()),
            DeviceMatch::Several(ids) => {
                let meant = ids.into_iter().map(str::to_owned).collect();
                self.paste.ambiguous.push(UnmatchedEntry { line, text: text.to_owned(), meant });
                return true;
            }
            DeviceMatch::Nobody if self.inventory.cluster(text).is_some() => {
                self.paste.clusters.insert(text.to_owned())
            }
            DeviceMatch::Nobody if self.inventory.group(text).is_some() => {
                self.paste.groups.insert(text.to_owned())
            }
            DeviceMatch::Nobody => return false,
        };
        self.paste.repeated += usize::from(!new);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{inventory, set};
    use proptest::prelude::*;

    #[test]
    fn nothing_is_read_after_a_quote_that_does_not_close() {
        let paste = TargetList::read("blue-a\nred-a,\"not\nlone\"\nBlue", &inventory());
        assert_eq!(paste.devices, set(&["blue-a"]));
        assert_eq!((paste.found(), paste.open_quote), (1, Some(2)));
    }

    #[test]
    fn everything_is_found_or_told() {
        let text = "blue-a, blue-b.example.test\nBlue;G1\n\nLONE nobody\tEmpty\n\"red-a\"\nlone";
        let paste = TargetList::read(text, &inventory());
        assert_eq!(paste.devices, set(&["blue-a", "blue-b", "lone", "red-a"]));
        assert_eq!(paste.clusters, set(&["Blue"]));
        assert_eq!(paste.groups, set(&["Empty", "G1"]));
        assert_eq!(paste.repeated, 1);
        let unknown: Vec<_> = paste.unknown.iter().map(|e| (e.line, e.text.as_str())).collect();
        assert_eq!(unknown, [(4, "nobody")]);
        assert_eq!(paste.found(), 7);
    }

    proptest! {
        #[test]
        fn no_entry_is_lost(
            entries in prop::collection::vec("blue-a|lone|Blue|G1|Nobody|[a-z0-9.]{1,8}", 0..20),
            separator in "[,;\t\n ]",
        ) {
            let paste = TargetList::read(&entries.join(&separator), &inventory());
            let counted = paste.found() + paste.repeated + paste.unknown.len() + paste.ambiguous.len();
            prop_assert_eq!(counted, entries.len());
        }
    }
}
