//! Reads the role and the live sessions of single devices through BIG-IQ's REST proxy. BIG-IQ does not document this,
//! so an error is an ordinary answer here.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::Call;
use bigiq::access_info::AccessInfo;
use bigiq::failover::DeviceFailover;
use curfew_core::ids::MachineId;
use curfew_core::inventory::{HaRole, Reading};

/// The most sessions requested from one device.
const MOST: usize = 10_000;

impl SignedIn {
    /// A device's role in its cluster; unknown if the answer is not understood.
    ///
    /// # Errors
    /// Any [`ApiError`]; many BIG-IQs do not offer this.
    pub async fn role(&self, device: &MachineId) -> Result<HaRole, ApiError> {
        let answer = self.read_optional(&Call::device_failover(device.as_str())).await?;
        let failover: DeviceFailover = self.decoded(&answer)?;
        Ok(failover.role().into())
    }

    /// A device's live sessions; `None` if the answer holds no list of them.
    ///
    /// # Errors
    /// Any [`ApiError`]; many BIG-IQs do not offer this.
    pub async fn live_sessions(&self, device: &MachineId) -> Result<Option<Reading>, ApiError> {
        let began = self.now();
        let answer = self.read_optional(&Call::device_sessions(device.as_str(), MOST)).await?;
        let info: AccessInfo = self.decoded(&answer)?;
        // Sessions may have ended while the list was on its way.
        // guard: reading-began
        Ok(Reading::of(info, MOST, began))
    }
}
