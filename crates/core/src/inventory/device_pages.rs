//! Reads a list of devices page by page to its real end. BIG-IQ may send fewer devices than requested, or ignore paging and
//! send all of them each time, and its total is not reliable (captured). So only an empty page, or one that starts like the
//! first, is the end.

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
    /// How many entries were listed, including those that are left out.
    listed: usize,
    /// Whether any of them could be read.
    any_readable: bool,
    /// The id of the first device.
    first: Option<String>,
    pages: usize,
    next: Option<PageRequest>,
}

impl Default for DevicePages {
    fn default() -> Self {
        Self {
            devices: DeviceList::default(),
            listed: 0,
            any_readable: false,
            first: None,
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
        self.listed == 0
    }

    /// Whether devices were listed, at least one of them in a known form. Otherwise the list as a whole has another form.
    pub fn are_readable(&self) -> bool {
        self.any_readable
    }

    /// Adds the answer to the last request.
    pub fn add(&mut self, page: DevicePage<'_>) {
        let Some(asked) = self.next.take() else { return };
        self.pages += 1;
        let first = page.items.first().and_then(AccessDevice::id);
        let is_repeated = self.listed > 0 && first == self.first.as_deref();
        if page.items.is_empty() || is_repeated || self.pages == MOST_PAGES {
            return;
        }
        // After a short page only one device is requested, because a BIG-IQ that ignores `$skip` may send all of them again.
        let is_probe = self.listed > 0 && asked.top == 1;
        if is_probe && page.items.len() == 1 {
            self.next = Some(PageRequest { skip: self.listed, top: PAGE });
            return;
        }
        if self.listed == 0 {
            self.first = first.map(str::to_owned);
        }
        let length = page.items.len();
        self.listed += length;
        self.any_readable |= page.items.iter().any(|device| !device.is_unreadable);
        self.devices.add(page.items);
        // guard: short-page
        let top = if length < PAGE { 1 } else { PAGE };
        self.next = Some(PageRequest { skip: self.listed, top });
    }

    /// All devices that were listed.
    pub fn into_devices(self) -> DeviceList {
        self.devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    }

    impl Server {
        fn answer(self, asked: PageRequest) -> String {
            let from = if self.skips { asked.skip } else { 0 };
            let top = if self.tops { asked.top } else { usize::MAX };
            let items = (from..self.devices).take(top.min(self.most));
            let items = items.map(|n| format!(r#"{{"machineId":"d{n}","product":"BIG-IP"}}"#));
            format!(r#"{{"items":[{}]}}"#, items.collect::<Vec<_>>().join(","))
        }

        /// How many devices are found, and the requests that were made.
        fn read(self) -> (usize, Vec<PageRequest>) {
            let (mut pages, mut asked) = (DevicePages::default(), Vec::new());
            while let Some(next) = pages.next() {
                asked.push(next);
                pages.add(bigiq::decode(&self.answer(next)).unwrap());
            }
            let inventory = pages.into_devices().inventory(&[], Vec::new(), Timestamp(0));
            (inventory.devices().len(), asked)
        }
    }

    const WHOLE: Server = Server { devices: 0, most: usize::MAX, skips: true, tops: true };

    #[rstest]
    #[case::none(Server { devices: 0, ..WHOLE }, 1)]
    #[case::a_few(Server { devices: 6, ..WHOLE }, 2)]
    #[case::exactly_one_page(Server { devices: 500, ..WHOLE }, 2)]
    #[case::two_pages(Server { devices: 501, ..WHOLE }, 3)]
    #[case::pages_are_capped(Server { devices: 300, most: 100, ..WHOLE }, 6)]
    #[case::capped_at_one(Server { devices: 3, most: 1, ..WHOLE }, 6)]
    #[case::paging_is_ignored(Server { devices: 1200, skips: false, tops: false, ..WHOLE }, 2)]
    #[case::skip_is_ignored(Server { devices: 6, skips: false, ..WHOLE }, 2)]
    #[case::top_is_ignored(Server { devices: 6, tops: false, ..WHOLE }, 2)]
    fn a_list_is_read_to_its_end(#[case] server: Server, #[case] requests: usize) {
        let (found, asked) = server.read();
        assert_eq!((found, asked.len()), (server.devices, requests), "{asked:?}");
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
