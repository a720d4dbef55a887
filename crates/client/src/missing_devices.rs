//! Looks up devices that the inventory lacks among all devices that BIG-IQ trusts: to add them, or to explain why they are
//! missing.

use crate::error::ApiError;
use crate::signed_in::SignedIn;
use bigiq::Call;
use bigiq::device::{AccessDevice, DevicePage};
use bigiq::link::last_segment;
use bigiq::odata::{Filter, FilterField};
use curfew_core::inventory::DeviceList;
use std::net::IpAddr;

/// Texts in one filter: the URL stays far shorter than servers allow.
const AT_ONCE: usize = 20;

/// Why the inventory lacks a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingReason {
    /// BIG-IQ trusts no such device (documented, section 1.1).
    Trust,
    /// BIG-IQ lists it, but trust is not established: its state is not `ACTIVE` (captured).
    Pending,
    /// It is trusted, but its Local Traffic service (`adc`), which Access requires, is not discovered (documented,
    /// section 1.2).
    Traffic,
    /// Its Local Traffic service is discovered, but its Access service is not (documented, section 1.2).
    Discovery,
    /// It is not missing: BIG-IQ has it, or can't say, and its id is known.
    Known,
    /// It is not a BIG-IP.
    Product,
    /// It can't be looked up: it contains a character that a filter can't express.
    Text,
}

impl MissingReason {
    fn of(device: &AccessDevice<'_>) -> Self {
        if device.product.as_deref().is_some_and(|product| product != "BIG-IP") {
            Self::Product
        } else if device.state.as_deref().is_some_and(|state| state != "ACTIVE") {
            Self::Pending
        } else if device.properties.discovered == Some(true) {
            Self::Known
        } else if device.has_traffic_module {
            Self::Discovery
        } else {
            Self::Traffic
        }
    }
}

/// Whether a text is a machine id and not a name: groups of hexadecimal digits. One id in F5's how-to is a digit short,
/// so lengths are not checked.
fn is_id(text: &str) -> bool {
    text.split('-').count() == 5 && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// The machine id of a device that is named by it or by a reference link (documented, section 1.6).
fn id_of(text: &str) -> Option<&str> {
    let id = last_segment(text);
    (is_id(id) || text.contains("/machineid-resolver/")).then_some(id)
}

/// What a look-up has found so far.
#[derive(Debug, Default)]
pub struct LookedUp {
    /// Why each text is missing in the inventory, in their order.
    pub reasons: Vec<MissingReason>,
    /// The devices that are known.
    pub devices: DeviceList,
}

impl LookedUp {
    fn set(&mut self, index: usize, reason: MissingReason) {
        if let Some(slot) = self.reasons.get_mut(index) {
            *slot = reason;
        }
    }

    /// Keeps what is known about a device that was asked for.
    fn note(&mut self, index: usize, device: &mut AccessDevice<'_>) {
        let reason = MissingReason::of(device);
        self.set(index, reason);
        if reason == MissingReason::Known {
            self.devices.add(vec![std::mem::take(device)]);
        }
    }
}

/// Whether this look-up is only known from other lists.
fn is_inferred(field: FilterField) -> bool {
    matches!(field, FilterField::HostLabel | FilterField::MachineId)
}

/// A field, and which texts it can hold.
type Field = (FilterField, fn(&str) -> bool);

/// The fields that a text is looked up in. Ids of the usual form are read directly.
const FIELDS: [Field; 5] = [
    (FilterField::Address, is_address),
    (FilterField::ManagementAddress, is_address),
    (FilterField::Hostname, is_name),
    (FilterField::HostLabel, is_label),
    (FilterField::MachineId, is_name),
];

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn is_name(text: &str) -> bool {
    !is_address(text)
}

fn is_label(text: &str) -> bool {
    is_name(text) && !text.contains('.')
}

impl SignedIn {
    /// Looks up these addresses, host names, machine ids or reference links.
    ///
    /// # Errors
    /// Any [`ApiError`]; what was found before it stays.
    pub async fn look_up(&self, texts: &[String], found: &mut LookedUp) -> Result<(), ApiError> {
        found.reasons = vec![MissingReason::Trust; texts.len()];
        for (index, text) in texts.iter().enumerate() {
            if let Some(id) = id_of(text) {
                self.look_up_id(id, index, found).await?;
            }
        }
        // A device may be known by an address other than its management address (captured), by the first label of its
        // name, or by an id of any form.
        for (field, fits) in FIELDS {
            let mut asked: Vec<(usize, &str)> = Vec::new();
            for (index, (text, reason)) in texts.iter().zip(&found.reasons).enumerate() {
                if *reason == MissingReason::Trust && id_of(text).is_none() && fits(text) {
                    asked.push((index, text));
                }
            }
            for some in asked.chunks(AT_ONCE) {
                match self.look_up_some(field, some, found).await {
                    // Not every version needs to support a look-up that is not documented.
                    Err(ApiError::Refused { status: 400, .. }) if is_inferred(field) => {}
                    looked => looked?,
                }
            }
        }
        Ok(())
    }

    /// By its own URL, which device references also contain (documented, section 1.6).
    async fn look_up_id(
        &self,
        id: &str,
        index: usize,
        found: &mut LookedUp,
    ) -> Result<(), ApiError> {
        match self.read(&Call::resolver_item(id)).await {
            Ok(mut answer) => {
                answer.text = ["{\"items\":[", &answer.text, "]}"].concat();
                let mut page: DevicePage<'_> = self.decoded(&answer)?;
                if let Some(device) = page.items.first_mut() {
                    found.note(index, device);
                }
                Ok(())
            }
            Err(ApiError::Refused { status: 404, from_bigiq: true, .. }) => Ok(()),
            // A kill needs no more than the id.
            // guard: id-is-enough
            Err(ApiError::Refused { status: 401..=404, .. }) => {
                found.devices.add_id(id);
                found.set(index, MissingReason::Known);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn look_up_some(
        &self,
        field: FilterField,
        asked: &[(usize, &str)],
        found: &mut LookedUp,
    ) -> Result<(), ApiError> {
        let fits = |text: &str| Filter::any_of(field, &[text]).is_ok();
        let texts: Vec<&str> = asked.iter().map(|(_, text)| *text).filter(|t| fits(t)).collect();
        let answer = match Filter::any_of(field, &texts) {
            Ok(Some(filter)) => Some(self.read(&Call::resolver(&filter)).await?),
            _ => None,
        };
        let mut page = DevicePage::default();
        if let Some(answer) = &answer {
            page = self.decoded(answer)?;
        }
        for (index, text) in asked {
            let is = |device: &&mut AccessDevice<'_>| {
                let names = [
                    &device.address,
                    &device.management_address,
                    &device.hostname,
                    &device.machine_id,
                ];
                let mut names = names.into_iter().flatten();
                let label = device.hostname.as_deref().and_then(|name| name.split('.').next());
                let is_label = field == FilterField::HostLabel
                    && label.is_some_and(|label| label.eq_ignore_ascii_case(text));
                is_label || names.any(|name| name.eq_ignore_ascii_case(text))
            };
            match page.items.iter_mut().find(is) {
                Some(device) => found.note(*index, device),
                None if fits(text) => {}
                None => found.set(*index, MissingReason::Text),
            }
        }
        Ok(())
    }
}
