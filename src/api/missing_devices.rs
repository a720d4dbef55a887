//! Looks up devices that the inventory lacks among all devices that BIG-IQ trusts, to explain why they are missing.

use super::{ApiError, SignedIn};
use bigiq::Call;
use bigiq::device::{ResolverDevice, ResolverPage};
use bigiq::odata::{Filter, FilterField};
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
    /// It is discovered: the inventory was read earlier.
    Age,
    /// It is not a BIG-IP.
    Product,
    /// It can't be looked up: it contains a character that a filter can't express.
    Text,
}

impl MissingReason {
    fn of(device: &ResolverDevice) -> Self {
        let has = |name: &str| device.properties.modules.iter().any(|module| module == name);
        if device.product.as_deref().is_some_and(|product| product != "BIG-IP") {
            Self::Product
        } else if device.state.as_deref().is_some_and(|state| state != "ACTIVE") {
            Self::Pending
        } else if has("Access") {
            Self::Age
        } else if has("adc") {
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
    /// Explains for each of these addresses, host names or machine ids why the inventory lacks it, in their order.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn look_up(&self, texts: &[String]) -> Result<Vec<MissingReason>, ApiError> {
        let mut reasons = vec![MissingReason::Trust; texts.len()];
        for (text, reason) in texts.iter().zip(&mut reasons) {
            if is_id(text) {
                *reason = self.look_up_id(text).await?;
            }
        }
        // A device may be known by an address other than its management address (captured), by the first label of its
        // name, or by an id of any form.
        for (field, fits) in FIELDS {
            let mut asked: Vec<(usize, &str)> = Vec::new();
            for (index, (text, reason)) in texts.iter().zip(&reasons).enumerate() {
                if *reason == MissingReason::Trust && !is_id(text) && fits(text) {
                    asked.push((index, text));
                }
            }
            for some in asked.chunks(AT_ONCE) {
                match self.look_up_some(field, some, &mut reasons).await {
                    // Not every version needs to support a look-up that is not documented.
                    Err(ApiError::Refused { status: 400, .. }) if is_inferred(field) => {}
                    looked => looked?,
                }
            }
        }
        Ok(reasons)
    }

    /// By its own URL, which device references also contain (documented, section 1.6).
    async fn look_up_id(&self, id: &str) -> Result<MissingReason, ApiError> {
        match self.read(&Call::resolver_item(id)).await {
            Ok(answer) => {
                let device: ResolverDevice = self.decoded(&answer)?;
                Ok(MissingReason::of(&device))
            }
            Err(ApiError::Refused { status: 404, from_bigiq: true, .. }) => {
                Ok(MissingReason::Trust)
            }
            Err(error) => Err(error),
        }
    }

    async fn look_up_some(
        &self,
        field: FilterField,
        asked: &[(usize, &str)],
        reasons: &mut [MissingReason],
    ) -> Result<(), ApiError> {
        let fits = |text: &str| Filter::any_of(field, &[text]).is_ok();
        let texts: Vec<&str> = asked.iter().map(|(_, text)| *text).filter(|t| fits(t)).collect();
        let found = match Filter::any_of(field, &texts) {
            Ok(Some(filter)) => {
                let answer = self.read(&Call::resolver(&filter)).await?;
                let page: ResolverPage = self.decoded(&answer)?;
                page.items
            }
            _ => Vec::new(),
        };
        for (index, text) in asked {
            let is = |device: &&ResolverDevice| {
                let names = [
                    &device.address,
                    &device.management_address,
                    &device.hostname,
                    &device.machine_id,
                ];
                let label = |name: &String| name.split('.').next().unwrap_or_default().to_owned();
                let label =
                    device.hostname.as_ref().filter(|_| field == FilterField::HostLabel).map(label);
                let mut names = names.into_iter().flatten().chain(&label);
                names.any(|name| name.eq_ignore_ascii_case(text))
            };
            let reason = match found.iter().find(is) {
                Some(device) => MissingReason::of(device),
                None if fits(text) => MissingReason::Trust,
                None => MissingReason::Text,
            };
            if let Some(slot) = reasons.get_mut(*index) {
                *slot = reason;
            }
        }
        Ok(())
    }
}
