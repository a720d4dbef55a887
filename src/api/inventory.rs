//! Reads of devices, groups and reachability. It must not keep what it read.

use super::{ApiError, SignedIn};
use crate::rt::time::{self, Span};
use bigiq::Call;
use bigiq::call::GroupFlag;
use bigiq::device::{AccessDevice, AccessGroup, DevicePage, GroupPage};
use bigiq::failover::OwnFailover;
use bigiq::stats::DeviceStats;
use curfew_core::{DeviceList, Gap, Inventory, Moment};

/// Devices asked for at once: small enough for one answer to stay well below a second and a few megabytes.
const PAGE: usize = 500;
/// Pages that are read at the most; an estate of this many devices is beyond any BIG-IQ.
const MOST_PAGES: usize = 100;
/// The step from answers to an inventory, as a profiler sees it.
const DECODE: &str = "inventory.decode";

/// The pages that are read so far.
#[derive(Default)]
struct Pages {
    devices: DeviceList,
    /// How many devices they list, those that are left out too.
    listed: usize,
    /// The first device's id.
    first: Option<String>,
}

impl Pages {
    /// Adds the next one. Whether there may be another: a page may be shorter than was asked for where a BIG-IQ sends fewer
    /// at once; the number of all, which is not to be trusted, is taken for a hint to go on.
    fn add(&mut self, page: DevicePage<'_>) -> bool {
        let first = page.items.first().and_then(AccessDevice::id);
        if self.listed == 0 {
            self.first = first.map(str::to_owned);
        } else if first == self.first.as_deref() {
            // An estate of exactly one page on a BIG-IQ that ignores paging answers with the same page again.
            return false;
        }
        let length = page.items.len();
        self.listed += length;
        self.devices.add(page.items);
        let total = page.total_items.and_then(|total| usize::try_from(total).ok());
        length == PAGE || (length > 0 && total.is_some_and(|total| total > self.listed))
    }
}

impl SignedIn {
    /// Reads devices, access groups and reachability. A list of groups, a later page or reachability that can't be read
    /// leaves a gap.
    ///
    /// # Errors
    /// Where not even the first page of devices could be read.
    pub async fn inventory(&self) -> Result<Inventory, ApiError> {
        Span::forget(DECODE);
        let (devices, groups, stats) =
            futures_util::future::join3(self.devices(), self.groups(), self.stats()).await;
        let (devices, mut gaps) = devices?;
        let groups = match groups {
            Ok(groups) => groups,
            Err(ApiError::SignInNeeded) => return Err(ApiError::SignInNeeded),
            Err(_) => {
                gaps.push(Gap::Groups);
                Vec::new()
            }
        };
        if stats.is_err() {
            gaps.push(Gap::Reach);
        }
        let now = Moment(time::epoch_ms());
        let _span = Span::begin(DECODE);
        let mut inventory = devices.inventory(&groups, gaps, now);
        if let Ok(stats) = stats {
            inventory.note_reachable(stats.reachable());
        }
        Ok(inventory)
    }

    /// All pages; where BIG-IQ ignores paging, the one answer that holds all.
    async fn devices(&self) -> Result<(DeviceList, Vec<Gap>), ApiError> {
        let mut pages = Pages::default();
        for _ in 0..MOST_PAGES {
            match self.page(&mut pages).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(ApiError::SignInNeeded) => return Err(ApiError::SignInNeeded),
                Err(error) if pages.listed == 0 => return Err(error),
                Err(_) => return Ok((pages.devices, vec![Gap::Devices])),
            }
        }
        Ok((pages.devices, Vec::new()))
    }

    /// Reads the next page. Whether there may be another.
    async fn page(&self, pages: &mut Pages) -> Result<bool, ApiError> {
        let answer = self.read(&Call::access_devices(pages.listed, PAGE)).await?;
        let _span = Span::begin(DECODE);
        Ok(pages.add(self.decoded(&answer)?))
    }

    /// By the newer flag, and by the older one where that finds nothing.
    async fn groups(&self) -> Result<Vec<AccessGroup>, ApiError> {
        for flag in [GroupFlag::AccessGroup, GroupFlag::ConfigGroup] {
            let answer = self.read(&Call::access_groups(flag)).await?;
            let page: GroupPage = self.decoded(&answer)?;
            if !page.items.is_empty() {
                return Ok(page.items);
            }
        }
        Ok(Vec::new())
    }

    async fn stats(&self) -> Result<DeviceStats, ApiError> {
        let answer = self.read_optional(&Call::device_stats()).await?;
        self.decoded(&answer)
    }

    /// Whether this BIG-IQ calls itself a standby; `None` where it does not say.
    pub async fn is_standby(&self) -> Option<bool> {
        let answer = self.read_optional(&Call::own_failover()).await.ok()?;
        let own: OwnFailover = self.decoded(&answer).ok()?;
        own.node_role.is_some().then(|| own.is_standby())
    }
}
