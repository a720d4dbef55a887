//! Links inside BIG-IQ's answers. They always name host `localhost` and are never followed as they are:
//! this module reduces them to what they identify. It must not build URLs for the network.

use serde::{Deserialize, Deserializer, Serialize};

/// Where device references point (documented, section 1.6).
const RESOLVER: &str = "https://localhost/mgmt/cm/system/machineid-resolver/";

/// How a kill request names a device: `{"link": "https://localhost/mgmt/cm/system/machineid-resolver/<machineId>"}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceReference {
    /// The link, always with host `localhost`, whatever host the browser talks to (documented).
    pub link: String,
}

impl DeviceReference {
    /// The reference of the device with this machine id. Ids are not checked: real ones are not always UUIDs.
    pub fn of(machine_id: &str) -> Self {
        Self { link: format!("{RESOLVER}{machine_id}") }
    }

    /// The device's machine id: the last path segment, also of the device-groups form (captured).
    pub fn machine_id(&self) -> &str {
        last_segment(&self.link)
    }
}

/// Whether a link can name what has this id, so that it is read from the link again.
pub fn names(id: &str) -> bool {
    !id.is_empty() && !id.bytes().any(|byte| matches!(byte, b'/' | b'?' | b'#'))
}

/// The last path segment of a link, without query. An estate has ten thousand: bytes are looked at, not characters.
pub fn last_segment(link: &str) -> &str {
    let end = link.bytes().position(|byte| matches!(byte, b'?' | b'#'));
    let path = end.and_then(|end| link.get(..end)).unwrap_or(link).trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default()
}

/// A `{"link": …}` object as answers hold it, perhaps without the link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// The link, where there is one.
    pub link: Option<String>,
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let [link] = crate::lenient::scalars(d, &["link"])?;
        Ok(Self { link: link.owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("3f320100-2177-42e0-8a46-2e33cd3366d", true)]
    #[case("not a UUID", true)]
    #[case("", false)]
    #[case("a/b", false)]
    #[case("a?b", false)]
    #[case("a#b", false)]
    fn what_a_link_would_cut_is_no_id(#[case] id: &str, #[case] named: bool) {
        assert_eq!(names(id), named);
        assert_eq!(DeviceReference::of(id).machine_id() == id, named);
    }

    #[rstest]
    #[case(
        "https://localhost/mgmt/cm/system/machineid-resolver/3f320100-2177-42e0-8a46-2e33cd3366d"
    )]
    #[case(
        "https://localhost/mgmt/shared/resolver/device-groups/cm-access-allBigIpDevices/devices/3f320100-2177-42e0-8a46-2e33cd3366d"
    )]
    #[case("https://192.0.2.9/x/3f320100-2177-42e0-8a46-2e33cd3366d/?$select=a")]
    fn every_form_names_the_same_device(#[case] link: &str) {
        let reference = DeviceReference { link: link.to_owned() };
        assert_eq!(reference.machine_id(), "3f320100-2177-42e0-8a46-2e33cd3366d");
    }

    #[test]
    fn of_is_the_documented_form() {
        assert_eq!(
            DeviceReference::of("98901455-6384-47cd-bc41-00a39dfe338f").link,
            "https://localhost/mgmt/cm/system/machineid-resolver/98901455-6384-47cd-bc41-00a39dfe338f"
        );
    }
}
