//! Reads devices, groups and reachability.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::Call;
use bigiq::call::GroupFlag;
use bigiq::device::{AccessGroup, GroupPage};
use bigiq::failover::OwnFailover;
use bigiq::stats::DeviceStats;
use curfew_core::ids::MachineId;
use curfew_core::inventory::{DeviceList, DevicePages, Gap, Inventory, PageRequest};

/// The name of the decoding step in a profile.
const DECODE: &str = "inventory.decode";

/// Measures the steps of a reading. Separate from [`Platform`](crate::platform::Platform), because signing in doesn't
/// need it, so it loads later.
pub trait Profiler {
    /// Forgets earlier steps of this name.
    fn forget(&self, step: &'static str);

    /// A step starts.
    fn start(&self, step: &'static str);

    /// The step ends.
    fn end(&self, step: &'static str);
}

/// A call for one page of a device list.
type ListCall = fn(usize, usize) -> Call;

impl SignedIn {
    /// Reads devices, access groups and reachability. If the groups, a later page or the reachability can't be read,
    /// the inventory notes a gap. `profiler` measures the decoding.
    ///
    /// # Errors
    /// If not even the first page of devices could be read.
    pub async fn inventory(&self, profiler: &dyn Profiler) -> Result<Inventory, ApiError> {
        profiler.forget(DECODE);
        let (devices, groups, stats) =
            futures_util::future::join3(self.devices(profiler), self.groups(), self.stats()).await;
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
        let now = self.now();
        profiler.start(DECODE);
        let mut inventory = devices.inventory(&groups, gaps, now);
        if let Ok(stats) = stats {
            for (id, answers) in stats.reachable() {
                inventory.note_reachable(&MachineId::new(id), answers);
            }
        }
        profiler.end(DECODE);
        Ok(inventory)
    }

    /// Access' own device list, which is not documented. If it fails, is empty or has another form, the documented machineid-resolver
    /// (section 1).
    async fn devices(&self, profiler: &dyn Profiler) -> Result<(DeviceList, Vec<Gap>), ApiError> {
        match self.listed(Call::access_devices, true, profiler).await {
            Ok((pages, gaps)) if pages.are_readable() => return Ok((pages.into_devices(), gaps)),
            Ok(_) | Err(ApiError::Refused { status: 400..=404, .. }) => {}
            Err(ApiError::Unreadable(error)) if !error.html => {}
            Err(error) => return Err(error),
        }
        let (pages, mut gaps) = self.listed(Call::trusted_devices, false, profiler).await?;
        gaps.push(Gap::AccessList);
        Ok((pages.into_devices(), gaps))
    }

    /// All pages of a list. A later page that can't be read leaves a gap. An optional list may refuse a token that
    /// BIG-IQ accepts elsewhere; that does not end the sign-in.
    async fn listed(
        &self,
        call: ListCall,
        is_optional: bool,
        profiler: &dyn Profiler,
    ) -> Result<(DevicePages, Vec<Gap>), ApiError> {
        let mut pages = DevicePages::default();
        while let Some(PageRequest { skip, top }) = pages.next() {
            match self.page(&call(skip, top), is_optional, &mut pages, profiler).await {
                Ok(()) => {}
                Err(ApiError::SignInNeeded) => return Err(ApiError::SignInNeeded),
                Err(error) if pages.is_empty() => return Err(error),
                Err(_) => return Ok((pages, vec![Gap::Devices])),
            }
        }
        Ok((pages, Vec::new()))
    }

    async fn page(
        &self,
        call: &Call,
        is_optional: bool,
        pages: &mut DevicePages,
        profiler: &dyn Profiler,
    ) -> Result<(), ApiError> {
        let answer =
            if is_optional { self.read_optional(call).await? } else { self.read(call).await? };
        profiler.start(DECODE);
        let decoded = self.decoded(&answer).map(|page| pages.add(page));
        profiler.end(DECODE);
        decoded
    }

    /// By the newer flag; by the older one if that finds nothing.
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

    /// Whether this BIG-IQ reports itself as a standby; `None` if it doesn't say.
    pub async fn is_standby(&self) -> Option<bool> {
        let answer = self.read_optional(&Call::own_failover()).await.ok()?;
        let own: OwnFailover = self.decoded(&answer).ok()?;
        own.node_role.is_some().then(|| own.is_standby())
    }
}
