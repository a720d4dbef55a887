//! Reads of devices, groups and reachability. It must not keep what it read.

use super::{ApiError, SignedIn};
use crate::rt::time::{self, Span};
use bigiq::Call;
use bigiq::call::GroupFlag;
use bigiq::device::{AccessDevice, AccessGroup, DevicePage, GroupPage};
use bigiq::failover::OwnFailover;
use bigiq::stats::DeviceStats;
use curfew_core::{Gap, Inventory, Moment};

/// Devices asked for at once: small enough for one answer to stay well below a second and a few megabytes.
const PAGE: usize = 500;
/// Pages that are read at the most; an estate of this many devices is beyond any BIG-IQ.
const MOST_PAGES: usize = 100;
/// The step from answers to an inventory, as a profiler sees it.
const DECODE: &str = "inventory.decode";

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
        let mut inventory = Inventory::build(devices, &groups, gaps, now);
        if let Ok(stats) = stats {
            inventory.note_reachable(stats.reachable());
        }
        Ok(inventory)
    }

    /// All pages; where BIG-IQ ignores paging, the one answer that holds all. A page may be shorter than was asked for
    /// where a BIG-IQ sends fewer at once: the number of all, which is not to be trusted, is taken for a hint to go on.
    async fn devices(&self) -> Result<(Vec<AccessDevice>, Vec<Gap>), ApiError> {
        let first = self.page(0).await?;
        let (mut devices, mut total) = (first.items, first.total_items);
        let mut read = devices.len();
        for _ in 1..MOST_PAGES {
            let more =
                total.is_some_and(|total| usize::try_from(total).is_ok_and(|n| n > devices.len()));
            if read == 0 || (read != PAGE && !more) {
                break;
            }
            let page = match self.page(devices.len()).await {
                Ok(page) => page,
                Err(ApiError::SignInNeeded) => return Err(ApiError::SignInNeeded),
                Err(_) => return Ok((devices, vec![Gap::Devices])),
            };
            // An estate of exactly one page on a BIG-IQ that ignores paging answers with the same page again.
            if page.items.first().map(AccessDevice::id) == devices.first().map(AccessDevice::id) {
                break;
            }
            read = page.items.len();
            total = page.total_items;
            devices.extend(page.items);
        }
        Ok((devices, Vec::new()))
    }

    async fn page(&self, skip: usize) -> Result<DevicePage, ApiError> {
        let answer = self.read(&Call::access_devices(skip, PAGE)).await?;
        let _span = Span::begin(DECODE);
        self.decoded(&answer)
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
