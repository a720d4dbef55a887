//! Looks devices up that the inventory lacks, among all that BIG-IQ trusts, to tell why it lacks them. It must not keep
//! what it read.

use super::{ApiError, SignedIn};
use bigiq::device::{ResolverDevice, ResolverPage};
use bigiq::odata::{Filter, FilterField};
use bigiq::{Call, decode};
use std::net::IpAddr;

/// Texts asked for in one filter: an address line stays far below what servers take.
const AT_ONCE: usize = 20;

/// Why the inventory lacks a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// BIG-IQ trusts no such device (documented, section 1.1).
    Trust,
    /// It is trusted, and its Access service is not discovered (documented, section 1.2).
    Discovery,
    /// It is discovered: the inventory is older than that.
    Age,
    /// It is no BIG-IP.
    Product,
    /// It can't be looked up: it holds a character that a filter can't.
    Text,
}

impl Lack {
    fn of(device: &ResolverDevice) -> Self {
        if device.product.as_deref().is_some_and(|product| product != "BIG-IP") {
            Self::Product
        } else if device.properties.modules.iter().any(|module| module == "Access") {
            Self::Age
        } else {
            Self::Discovery
        }
    }
}

impl SignedIn {
    /// Says for each of these addresses or host names why the inventory lacks it, in their order.
    ///
    /// # Errors
    /// Any [`ApiError`].
    pub async fn look_up(&self, texts: &[String]) -> Result<Vec<Lack>, ApiError> {
        let mut lacks = vec![Lack::Trust; texts.len()];
        for field in [FilterField::Address, FilterField::Hostname] {
            let of_field = |text: &str| {
                text.parse::<IpAddr>().is_ok() == matches!(field, FilterField::Address)
            };
            let asked: Vec<(usize, &str)> = texts
                .iter()
                .enumerate()
                .map(|(place, text)| (place, text.as_str()))
                .filter(|(_, text)| of_field(text))
                .collect();
            for some in asked.chunks(AT_ONCE) {
                self.look_up_some(field, some, &mut lacks).await?;
            }
        }
        Ok(lacks)
    }

    async fn look_up_some(
        &self,
        field: FilterField,
        asked: &[(usize, &str)],
        lacks: &mut [Lack],
    ) -> Result<(), ApiError> {
        let fits = |text: &str| Filter::any_of(field, &[text]).is_ok();
        let texts: Vec<&str> = asked.iter().map(|(_, text)| *text).filter(|t| fits(t)).collect();
        let found = match Filter::any_of(field, &texts) {
            Ok(Some(filter)) => {
                let answer = self.read(&Call::resolver(&filter)).await?;
                let page: ResolverPage = decode(&answer.text).map_err(ApiError::Unreadable)?;
                page.items
            }
            _ => Vec::new(),
        };
        for (place, text) in asked {
            let is = |device: &&ResolverDevice| {
                let names = [&device.address, &device.hostname];
                names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(text))
            };
            let lack = match found.iter().find(is) {
                Some(device) => Lack::of(device),
                None if fits(text) => Lack::Trust,
                None => Lack::Text,
            };
            if let Some(slot) = lacks.get_mut(*place) {
                *slot = lack;
            }
        }
        Ok(())
    }
}
