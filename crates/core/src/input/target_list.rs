//! Reads pasted targets: host names, addresses, machine ids, and names of clusters and access groups. An entry that matches
//! nothing is reported with its line.

use super::columns::{DEVICES, UNITS};
use super::pasted::{ColumnName, PastedFormat, SkipReason, SkippedLine, is_nothing};
use super::rows::{QuoteRule, Rows};
use super::table::{Columns, Delimiter, is_drawn, place_of, trimmed, value};
use super::target_name::bare_target;
use crate::ids::MachineId;
use crate::inventory::{DeviceIndex, DeviceMatch, Inventory};
use crate::names::{Compose, Likeness, SimilarName, SimilarNames, is_invisible};
use crate::sorted::SortedSet;
use std::borrow::Cow;

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
    pub devices: SortedSet<MachineId>,
    /// Clusters, by name.
    pub clusters: SortedSet<String>,
    /// Access groups, by name.
    pub groups: SortedSet<String>,
    /// How many entries repeat an earlier target.
    pub repeated: usize,
    /// Entries that match nothing in the inventory.
    pub unknown: Vec<UnmatchedEntry>,
    /// Entries that match several devices.
    pub ambiguous: Vec<UnmatchedEntry>,
    /// The first line (from 1) with a quoted cell that doesn't end on the same line. It and the following lines are not read,
    /// because a name may be part of a comment.
    pub open_quote: Option<usize>,
    /// How the text was read.
    pub format: PastedFormat,
    /// Lines that were left out: headers, and what comes before them.
    pub skipped: Vec<SkippedLine>,
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

/// A target that an unknown entry may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimilarTarget {
    /// An access group, by name.
    Group(String),
    /// A cluster, by name.
    Cluster(String),
    /// A device, by machine id.
    Device(MachineId),
}

impl TargetList {
    /// Reads entries separated by new lines, commas, semicolons, tabs, bars or spaces. A name with spaces is found if it is
    /// between other separators. Of a table with a header, only the column of targets is read.
    pub fn read(text: &str, inventory: &Inventory) -> Self {
        let (rows, list) = (Rows::new(QuoteRule::AnyDelimiterOrSpace), Self::default());
        let mut reader =
            Reader { inventory, index: DeviceIndex::of(inventory), rows, table: None, list };
        let mut rest = text;
        // Whether the next row can come before the entries.
        let mut may_precede = true;
        while let Some(row) = reader.rows.next(&mut rest).or_else(|| reader.rows.last()) {
            // guard: no-targets-after-a-broken-quote
            if row.quotes.is_broken() {
                reader.list.open_quote = Some(row.line);
                break;
            }
            if is_drawn(&row.text) {
                continue;
            }
            may_precede &= reader.table.is_none() && reader.preamble(row.line, &row.text);
            if !may_precede {
                reader.row(row.line, &row.text);
            }
        }
        reader.list
    }

    /// How many targets were found.
    pub fn found(&self) -> usize {
        self.devices.len() + self.clusters.len() + self.groups.len()
    }

    /// For each unknown entry, the targets that it may mean: of another case, of look-alike letters, or with a typing error.
    pub fn similar(&self, inventory: &Inventory, compose: Compose<'_>) -> Vec<Vec<SimilarTarget>> {
        let wanted: Vec<&str> = self.unknown.iter().map(|entry| bare_target(&entry.text)).collect();
        let mut similar = SimilarNames::of(&wanted, compose);
        let mut named: Vec<(&str, SimilarTarget)> = Vec::new();
        let mut add = |name, target| {
            similar.read(name, compose);
            named.push((name, target));
        };
        for group in inventory.groups() {
            add(&*group.name, SimilarTarget::Group(group.name.clone()));
        }
        for cluster in inventory.clusters() {
            add(&cluster.name, SimilarTarget::Cluster(cluster.name.clone()));
        }
        for device in inventory.devices() {
            let label = device.name.split('.').next().unwrap_or_default();
            for name in [&device.name, label] {
                add(name, SimilarTarget::Device(device.id.clone()));
            }
        }
        let targets = |(wanted, found): (&&str, Vec<SimilarName>)| {
            let mut targets = Vec::new();
            // A device with another number is another device, not a misspelt one.
            let letters =
                |name: &str| name.to_ascii_lowercase().replace(|c: char| c.is_ascii_digit(), "");
            let is_sibling = |found: &SimilarName| {
                matches!(found.likeness, Likeness::Typos(_))
                    && letters(&found.name) == letters(wanted)
            };
            for found in found.into_iter().filter(|found| !is_sibling(found)) {
                for (_, target) in named.iter().filter(|(name, _)| **name == *found.name) {
                    if !targets.contains(target) {
                        targets.push(target.clone());
                    }
                }
            }
            targets
        };
        wanted.iter().zip(similar.finish()).map(targets).collect()
    }
}

struct Reader<'a> {
    inventory: &'a Inventory,
    index: DeviceIndex,
    rows: Rows,
    /// The columns of a table, and the index of the targets'.
    table: Option<(Columns, usize)>,
    list: TargetList,
}

impl Reader<'_> {
    /// Reads what comes before the entries: `sep=`, a comment, a header. Returns whether this row is that.
    fn preamble(&mut self, line: usize, text: &str) -> bool {
        let reason = if text.starts_with("sep=") || text.starts_with('#') {
            SkipReason::Preamble
        } else if self.header(text) {
            SkipReason::Header
        } else {
            return false;
        };
        self.list.skipped.push(SkippedLine { line, reason });
        true
    }

    fn header(&mut self, text: &str) -> bool {
        let delimiter = Delimiter::of(text).filter(|delimiter| *delimiter != Delimiter::Blank);
        let delimiter = delimiter.unwrap_or(Delimiter::Gap);
        let cells = delimiter.cells(text);
        let column = place_of(&cells, DEVICES).or_else(|| place_of(&cells, UNITS));
        // A device may be called like a column.
        let Some(column) = column.filter(|_| !cells.iter().any(|cell| self.is_target(cell))) else {
            return false;
        };
        if let Delimiter::Char(delimiter) = delimiter {
            self.rows.set_rule(QuoteRule::After(delimiter));
        }
        let name = cells.get(column).map(|cell| value(cell).into_owned()).unwrap_or_default();
        self.list.format = PastedFormat::Table(ColumnName::Named(name));
        self.table = Some((Columns::of(text, delimiter), column));
        true
    }

    fn row(&mut self, line: usize, text: &str) {
        if let Some((columns, column)) = self.table.take() {
            match columns.cells(text) {
                Some(cells) => {
                    let cell = value(cells.get(column).copied().unwrap_or_default());
                    if !is_nothing(&cell) && !self.take(line, &cell) {
                        self.unknown(line, &cell);
                    }
                }
                None => {
                    let reason = SkipReason::OtherColumns;
                    self.list.skipped.push(SkippedLine { line, reason });
                    self.unknown(line, text);
                }
            }
            self.table = Some((columns, column));
            return;
        }
        match Delimiter::of(text) {
            Some(delimiter @ Delimiter::Char(_)) => {
                for cell in delimiter.cells(text) {
                    self.cell(line, cell);
                }
            }
            Some(Delimiter::Gap | Delimiter::Blank) | None => self.cell(line, text),
        }
    }

    fn cell(&mut self, line: usize, cell: &str) {
        let entry = value(cell);
        if entry.is_empty() || self.take(line, &entry) {
            return;
        }
        let words: Vec<&str> = entry.split_whitespace().collect();
        let known = words.iter().filter(|word| self.is_target(word)).count();
        // guard: quoted-cell-is-one-entry
        let is_quoted = trimmed(cell).len() > entry.len();
        // A sentence that happens to contain the name of a device is not a list. Addresses, ids and full names are.
        let is_address = |word: &&str| word.bytes().any(|b| matches!(b, b'0'..=b'9' | b'.' | b':'));
        let is_list = known * 2 >= words.len() || words.iter().all(is_address);
        if is_quoted || !is_list {
            return self.unknown(line, &entry);
        }
        for word in words {
            if !self.take(line, word) {
                self.unknown(line, word);
            }
        }
    }

    fn unknown(&mut self, line: usize, text: &str) {
        let text = text.to_owned();
        self.list.unknown.push(UnmatchedEntry { line, text, meant: Vec::new() });
    }

    fn is_target(&self, text: &str) -> bool {
        self.index.find(text) != DeviceMatch::Nobody || self.unit(text).is_some()
    }

    /// The cluster or access group with this name.
    fn unit(&self, text: &str) -> Option<SimilarTarget> {
        let names = [trimmed(text), bare_target(text)];
        let cluster = names.iter().find_map(|name| self.inventory.cluster(name));
        let cluster = cluster.map(|cluster| SimilarTarget::Cluster(cluster.name.clone()));
        cluster.or_else(|| {
            let group = names.iter().find_map(|name| self.inventory.group(name))?;
            Some(SimilarTarget::Group(group.name.clone()))
        })
    }

    /// Adds an entry. Returns whether it matches something in the inventory.
    fn take(&mut self, line: usize, text: &str) -> bool {
        let text = &*shown(text);
        let new = match self.index.find(text) {
            DeviceMatch::One(id) => self.list.devices.insert(id.clone()),
            DeviceMatch::Several(ids) => {
                let meant = ids.into_iter().cloned().collect();
                self.list.ambiguous.push(UnmatchedEntry { line, text: text.to_owned(), meant });
                return true;
            }
            DeviceMatch::Nobody => match self.unit(text) {
                Some(SimilarTarget::Cluster(name)) => self.list.clusters.insert(name),
                Some(SimilarTarget::Group(name)) => self.list.groups.insert(name),
                Some(SimilarTarget::Device(_)) | None => return false,
            },
        };
        self.list.repeated += usize::from(!new);
        true
    }
}

/// A text without characters that have no width: no name of a target has any.
fn shown(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|char| !is_invisible(*char)).collect())
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
            let unknown: usize = paste.unknown.iter().map(|entry| entry.text.split(' ').count()).sum();
            let counted = paste.found() + paste.repeated + unknown + paste.ambiguous.len();
            prop_assert_eq!(counted, entries.len());
        }
    }
}
