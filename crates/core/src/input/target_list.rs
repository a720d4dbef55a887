//! Reads pasted targets: host names, addresses, machine ids, and names of clusters and access groups. An entry that matches
//! nothing is reported with its line.

use super::rows::{QuoteRule, Rows};
use super::table::{Delimiter, trimmed, value};
use crate::ids::MachineId;
use crate::inventory::{DeviceIndex, DeviceMatch, Inventory};
use std::collections::BTreeSet;

/// The result of reading pasted targets. Each entry is counted in exactly one place.
///
/// ```
/// use bigiq::device::{AccessDevice, AccessProperties};
/// use curfew_core::input::TargetList;
/// use curfew_core::inventory::DeviceList;
/// use curfew_core::timestamp::Timestamp;
///
/// let edge = AccessDevice {
///     machine_id: Some("m1".into()),
///     hostname: Some("edge-1.example.test".into()),
///     properties: AccessProperties { cluster_name: Some("Blue".into()), ..AccessProperties::default() },
///     ..AccessDevice::default()
/// };
/// let inventory = DeviceList::of([edge]).inventory(&[], Vec::new(), Timestamp(0));
///
/// let targets = TargetList::read("edge-1, Blue\nedge-9", &inventory);
/// assert_eq!(targets.found(), 2);
/// assert_eq!((targets.unknown[0].line, targets.unknown[0].text.as_str()), (2, "edge-9"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetList {
    /// Devices, by machine id.
    pub devices: BTreeSet<MachineId>,
    /// Clusters, by name.
    pub clusters: BTreeSet<String>,
    /// Access groups, by name.
    pub groups: BTreeSet<String>,
    /// How many entries repeat an earlier target.
    pub repeated: usize,
    /// Entries that match nothing in the inventory.
    pub unknown: Vec<UnmatchedEntry>,
    /// Entries that match several devices.
    pub ambiguous: Vec<UnmatchedEntry>,
    /// The first line (from 1) with a quoted cell that doesn't end on the same line. It and the following lines are not read,
    /// because a name may be part of a comment.
    pub open_quote: Option<usize>,
}

/// An entry that is not exactly one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedEntry {
    /// Line number, from 1.
    pub line: usize,
    /// The entry as written.
    pub text: String,
    /// The machine ids of the devices that it matches.
    pub meant: Vec<MachineId>,
}

impl TargetList {
    /// Reads entries separated by new lines, commas, semicolons, tabs, bars or spaces. A name with spaces is found if it is
    /// between other separators.
    pub fn read(text: &str, inventory: &Inventory) -> Self {
        let mut reader =
            Reader { inventory, index: DeviceIndex::of(inventory), paste: Self::default() };
        let (mut rows, mut rest) = (Rows::new(QuoteRule::AnyDelimiterOrSpace), text);
        while let Some(row) = rows.next(&mut rest).or_else(|| rows.last()) {
            if row.quotes.is_broken() {
                reader.paste.open_quote = Some(row.line);
                break;
            }
            match Delimiter::of(&row.text) {
                Some(delimiter @ Delimiter::Char(_)) => {
                    for cell in delimiter.cells(&row.text) {
                        reader.cell(row.line, cell);
                    }
                }
                Some(Delimiter::Gap | Delimiter::Blank) | None => {
                    reader.cell(row.line, &row.text);
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
        let entry = value(cell);
        if entry.is_empty() || self.take(line, &entry) {
            return;
        }
        // guard: quoted-cell-is-one-entry
        let is_quoted = trimmed(cell).len() > entry.len();
        let words = if is_quoted { vec![&*entry] } else { entry.split_whitespace().collect() };
        for word in words {
            if !self.take(line, word) {
                let text = word.to_owned();
                self.paste.unknown.push(UnmatchedEntry { line, text, meant: Vec::new() });
            }
        }
    }

    /// Adds an entry. Returns whether it matches something in the inventory.
    fn take(&mut self, line: usize, text: &str) -> bool {
        let new = match self.index.find(text) {
            DeviceMatch::One(id) => self.paste.devices.insert(id.clone()),
            DeviceMatch::Several(ids) => {
                let meant = ids.into_iter().cloned().collect();
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
        let paste = TargetList::read("blue-a\nred-a,\"not\nlone\nBlue", &inventory());
        assert_eq!(paste.devices, set(&["blue-a"]));
        assert_eq!((paste.found(), paste.open_quote), (1, Some(2)));
    }

    #[test]
    fn a_quoted_cell_is_one_entry() {
        let paste = TargetList::read("blue-a,\"not\nlone\"\nBlue", &inventory());
        assert_eq!((paste.devices, paste.clusters), (set(&["blue-a"]), set(&["Blue"])));
        assert_eq!(paste.unknown.len(), 1);
    }

    #[test]
    fn every_entry_is_found_or_reported() {
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
