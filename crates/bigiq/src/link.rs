//! Links in BIG-IQ's answers. Their host is always `localhost`, so they are never followed: this module reads the id at the
//! end of a link, and builds device references. It must not build URLs for the network.

use serde::{Deserialize, Serialize};

/// The start of every device reference (documented, section 1.6).
const RESOLVER: &str = "https://localhost/mgmt/cm/system/machineid-resolver/";

/// How a kill request names a device: `{"link": "https://localhost/mgmt/cm/system/machineid-resolver/<machineId>"}`.
///
/// ```
/// use bigiq::DeviceReference;
///
/// let device = DeviceReference::of("8e7c4c1d");
/// assert_eq!(device.link, "https://localhost/mgmt/cm/system/machineid-resolver/8e7c4c1d");
/// assert_eq!(device.machine_id(), "8e7c4c1d");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeviceReference {
    /// The link. Its host is always `localhost`, even if the browser uses another (documented).
    pub link: String,
}

impl DeviceReference {
    /// The reference of the device with this machine id. The id's format is not checked: real ones are not always UUIDs.
    pub fn of(machine_id: &str) -> Self {
        Self { link: format!("{RESOLVER}{machine_id}") }
    }

    /// The device's machine id: the last path segment. Works for links of device groups too (captured).
    pub fn machine_id(&self) -> &str {
        last_segment(&self.link)
    }
}

/// Whether a link can contain this id, so that the same id is read from the link again.
pub fn names(id: &str) -> bool {
    !id.is_empty() && !id.bytes().any(|byte| matches!(byte, b'/' | b'?' | b'#'))
}

/// The last path segment of a link, without the query. Compares bytes, because a large estate has ten thousand links.
pub fn last_segment(link: &str) -> &str {
    let end = link.bytes().position(|byte| matches!(byte, b'?' | b'#'));
    let path = end.and_then(|end| link.get(..end)).unwrap_or(link).trim_end_matches('/');
    // guard: link-last-segment
    path.rsplit('/').next().unwrap_or_default()
}

/// A `{"link": …}` object in an answer. The link may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reference {
    /// The link, if there is one.
    pub link: Option<String>,
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
    fn an_id_that_a_link_would_cut_is_not_an_id(#[case] id: &str, #[case] named: bool) {
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
