//! Reads a list of devices page by page to its end. BIG-IQ may send fewer devices than requested, ignore paging, or order each
//! page differently, and its total is not reliable (captured). So only an empty page is an end, and it is certain only if no
//! device was listed on two pages and BIG-IQ doesn't report more devices. Links to next pages are not followed.

use crate::inventory::DeviceList;
use bigiq::device::{AccessDevice, DevicePage};

/// Devices per page: few enough that an answer takes less than a second and a few megabytes.
const PAGE: usize = 500;
/// The most pages that are read. No BIG-IQ manages that many devices.
const MOST_PAGES: usize = 200;

/// The part of a list to request next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// How many devices to skip (`$skip`).
    pub skip: usize,
    /// How many devices to request (`$top`).
    pub top: usize,
}

/// The pages that have been read so far.
#[derive(Debug)]
pub struct DevicePages {
    devices: DeviceList,
    /// Whether any of them could be read.
    any_readable: bool,
    /// The id of the first device.
    first: Option<String>,
    /// Whether a later page had a device that was listed before, so that another one may have been missed.
    is_shifted: bool,
    pages: usize,
    next: Option<PageRequest>,
}

impl Default for DevicePages {
    fn default() -> Self {
        Self {
            // Until its end has been read.
            devices: DeviceList { is_whole: false, ..DeviceList::default() },
            any_readable: false,
            first: None,
            is_shifted: false,
            pages: 0,
            next: Some(PageRequest { skip: 0, top: PAGE }),
        }
    }
}

impl DevicePages {
    /// The next request. `None` at the end of the list.
    pub fn next(&self) -> Option<PageRequest> {
        self.next
    }

    /// Whether any device was listed.
    pub fn is_empty(&self) -> bool {
        self.devices.listed == 0
    }

    /// Whether devices were listed, at least one of them in a known form. Otherwise the list as a whole has another form.
    pub fn are_readable(&self) -> bool {
        self.any_readable
    }

    /// Adds the answer to the last request.
    pub fn add(&mut self, page: DevicePage<'_>) {
        let Some(asked) = self.next.take() else { return };
        self.pages += 1;
        let (items, listed) = (page.items, self.devices.listed);
        let total = page.total_items.and_then(|total| usize::try_from(total).ok());
        self.devices.total = total.or(self.devices.total);
        if items.is_empty() {
            // guard: shifted-pages
            self.devices.is_whole = !self.is_shifted;
            return;
        }
        let first = items.first().and_then(AccessDevice::id);
        let starts_again = listed > 0 && first == self.first.as_deref();
        let has_new = items.iter().any(|device| match self.devices.has(device) {
            Some(is_known) => !is_known,
            None => !starts_again,
        });
        // After a short page only one device is requested, because a BIG-IQ that ignores `$skip` may send all of them again.
        let is_probe = listed > 0 && asked.top == 1;
        let has_known = items.iter().any(|device| self.devices.has(device) == Some(true));
        self.is_shifted |= has_known && !starts_again;
        if is_probe && items.len() == 1 && !starts_again && self.pages < MOST_PAGES {
            self.next = Some(PageRequest { skip: listed, top: PAGE });
            return;
        }
        if !has_new || self.pages == MOST_PAGES {
            // BIG-IQ starts again: it ignores `$skip`, and may limit its answers. Its own total shows whether this was all.
            // guard: paging-ignored
            let is_all = starts_again && self.devices.total == Some(listed);
            self.devices.is_whole = is_all && !self.is_shifted;
            return;
        }
        if listed == 0 {
            self.first = first.map(str::to_owned);
        }
        self.is_shifted |= has_known;
        let length = items.len();
        self.any_readable |= items.iter().any(|device| !device.is_unreadable);
        self.devices.add(items);
        // guard: short-page
        let top = if length < PAGE { 1 } else { PAGE };
        self.next = Some(PageRequest { skip: self.devices.listed, top });
    }

    /// All devices that were listed.
    pub fn into_devices(self) -> DeviceList {
        self.devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Count::{self, AtLeast, Exactly};
    use crate::inventory::{Gap, Inventory};
    use crate::timestamp::Timestamp;
    use rstest::rstest;

    /// A BIG-IQ with this many devices.
    #[derive(Clone, Copy)]
    struct Server {
        devices: usize,
        /// The most devices in one answer.
        most: usize,
        skips: bool,
        tops: bool,
        /// The total that it reports.
        total: Option<usize>,
        /// Whether each page starts this many devices earlier than it should.
        back: usize,
    }

    impl Server {
        fn answer(self, asked: PageRequest) -> String {
            let from = if self.skips { asked.skip.saturating_sub(self.back) } else { 0 };
            let top = if self.tops { asked.top } else { usize::MAX };
            let items = (from..self.devices).take(top.min(self.most));
            let items = items.map(|n| format!(r#"{{"machineId":"d{n}","product":"BIG-IP"}}"#));
            let items = items.collect::<Vec<_>>().join(",");
            let total = self.total.map(|total| format!(r#","totalItems":{total}"#));
            format!(r#"{{"items":[{items}]{}}}"#, total.unwrap_or_default())
        }

        /// The inventory, and the requests that were made.
        fn read(self) -> (Inventory, Vec<PageRequest>) {
            let (mut pages, mut asked) = (DevicePages::default(), Vec::new());
            while let Some(next) = pages.next() {
                asked.push(next);
                pages.add(bigiq::decode(&self.answer(next)).unwrap());
            }
            (pages.into_devices().inventory(&[], Vec::new(), Timestamp(0)), asked)
        }
    }

    const WHOLE: Server =
        Server { devices: 0, most: usize::MAX, skips: true, tops: true, total: None, back: 0 };

    #[rstest]
    #[case::none(Server { devices: 0, ..WHOLE }, 1)]
    #[case::a_few(Server { devices: 6, ..WHOLE }, 2)]
    #[case::exactly_one_page(Server { devices: 500, ..WHOLE }, 2)]
    #[case::two_pages(Server { devices: 501, ..WHOLE }, 3)]
    #[case::pages_are_capped(Server { devices: 300, most: 100, ..WHOLE }, 6)]
    #[case::capped_at_one(Server { devices: 3, most: 1, ..WHOLE }, 6)]
    #[case::top_is_ignored(Server { devices: 6, tops: false, ..WHOLE }, 2)]
    #[case::skip_is_ignored_and_the_total_agrees(
        Server { devices: 6, skips: false, total: Some(6), ..WHOLE }, 2
    )]
    #[case::the_total_is_too_small(Server { devices: 6, total: Some(1), ..WHOLE }, 2)]
    fn a_list_is_read_to_its_end(#[case] server: Server, #[case] requests: usize) {
        let (inventory, asked) = server.read();
        let found = (inventory.device_count(), asked.len());
        assert_eq!(found, (Exactly(server.devices), requests), "{asked:?}");
    }

    /// What is left out is not known, so the number is "at least".
    #[rstest]
    #[case::paging_is_ignored(Server { devices: 1200, skips: false, tops: false, ..WHOLE }, 1200)]
    #[case::skip_is_ignored(Server { devices: 6, skips: false, ..WHOLE }, 6)]
    #[case::capped_and_skip_is_ignored(
        Server { devices: 300, most: 100, skips: false, ..WHOLE }, 100
    )]
    #[case::the_total_is_larger(Server { devices: 6, total: Some(7), ..WHOLE }, 6)]
    #[case::pages_overlap(Server { devices: 900, most: 400, back: 1, ..WHOLE }, 900)]
    #[case::endless(Server { devices: 1_000_000, ..WHOLE }, 99_500)]
    fn an_uncertain_end_is_reported(#[case] server: Server, #[case] found: usize) {
        let (inventory, asked) = server.read();
        assert_eq!(inventory.device_count(), AtLeast(found), "{asked:?}");
        assert_eq!(inventory.member_count(2), AtLeast(2));
        let reported = server.total.map(|reported| Gap::OtherTotal { reported, listed: found });
        assert_eq!(inventory.gaps(), [reported.unwrap_or(Gap::End)]);
    }

    #[rstest]
    #[case::none(None, &[], true)]
    #[case::equal(Some(6), &[], true)]
    #[case::smaller(Some(1), &[Gap::OtherTotal { reported: 1, listed: 6 }], true)]
    #[case::larger(Some(7), &[Gap::OtherTotal { reported: 7, listed: 6 }], false)]
    fn a_total_that_disagrees_is_reported(
        #[case] total: Option<usize>,
        #[case] gaps: &[Gap],
        #[case] is_whole: bool,
    ) {
        let (inventory, _) = Server { devices: 6, total, ..WHOLE }.read();
        assert_eq!((inventory.gaps(), inventory.knows_members()), (gaps, is_whole));
        assert!(gaps.iter().all(|gap| gap.matters() != is_whole));
    }

    #[test]
    fn a_list_that_breaks_off_has_no_known_end() {
        let mut pages = DevicePages::default();
        let asked = pages.next().unwrap();
        pages.add(bigiq::decode(&Server { devices: 6, ..WHOLE }.answer(asked)).unwrap());
        let gaps = vec![Gap::Devices];
        let inventory = pages.into_devices().inventory(&[], gaps.clone(), Timestamp(0));
        assert_eq!((inventory.device_count(), inventory.gaps()), (AtLeast(6), &gaps[..]));
    }

    #[rstest]
    #[case::nothing_odd(r#"{"machineId":"a"},{"machineId":"b"}"#, Exactly(2), true)]
    #[case::twice_on_a_page(r#"{"machineId":"a"},{"machineId":"a"}"#, Exactly(1), true)]
    #[case::no_id(r#"{"machineId":"a"},{"hostname":"b"}"#, AtLeast(1), false)]
    #[case::unreadable(
        r#"{"machineId":"a"},{"machineId":"b","properties":"x"}"#,
        Exactly(2),
        false
    )]
    #[case::no_device("", Exactly(0), true)]
    fn field_broken_items_make_counts_uncertain(
        #[case] items: &str,
        #[case] devices: Count,
        #[case] is_known: bool,
    ) {
        let mut pages = DevicePages::default();
        pages.add(bigiq::decode(&format!(r#"{{"items":[{items}]}}"#)).unwrap());
        pages.add(bigiq::decode(r#"{"items":[]}"#).unwrap());
        let inventory = pages.into_devices().inventory(&[], Vec::new(), Timestamp(0));
        assert_eq!(inventory.device_count(), devices);
        let members = if is_known { Exactly(1) } else { AtLeast(1) };
        assert_eq!(inventory.member_count(1), members);
        assert_eq!(inventory.member_count(0), Count::Unknown);
    }

    #[rstest]
    #[case::none("[]", false)]
    #[case::all_broken(r#"[{"machineId":"a","properties":"x"},"b"]"#, false)]
    #[case::one_broken(r#"[{"machineId":"a","properties":"x"},{"machineId":"b"}]"#, true)]
    fn a_list_with_one_readable_device_is_readable(#[case] items: &str, #[case] readable: bool) {
        let mut pages = DevicePages::default();
        pages.add(bigiq::decode(&format!(r#"{{"items":{items}}}"#)).unwrap());
        assert_eq!(pages.are_readable(), readable);
    }

    #[test]
    fn an_endless_list_is_abandoned() {
        let (_, asked) = Server { devices: 1_000_000, ..WHOLE }.read();
        assert_eq!(asked.len(), MOST_PAGES);
    }

    #[test]
    fn after_a_short_page_one_device_is_asked_for() {
        let (_, asked) = Server { devices: 6, ..WHOLE }.read();
        assert_eq!(asked[1], PageRequest { skip: 6, top: 1 });
    }
}
