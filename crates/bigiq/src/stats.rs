//! Which devices BIG-IQ reaches, read from `…/cm-bigip-allBigIpDevices/devices/stats` (captured).

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// The health of devices.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct DeviceStats {
    #[serde(default)]
    entries: Entries,
}

impl DeviceStats {
    /// Each device's machine id, and whether BIG-IQ reaches it. Devices without a readable summary are left out.
    pub fn reachable(&self) -> impl Iterator<Item = (&str, bool)> {
        self.entries.0.iter().map(|(id, reachable)| (id.as_str(), *reachable))
    }
}

/// Keeps one flag of each entry: the entries of 10,000 devices would take more memory than the devices.
#[derive(Debug, Clone, Default)]
struct Entries(Vec<(String, bool)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entries by link")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut known = Vec::new();
        while let Some((link, entry)) = map.next_entry::<String, Value>()? {
            if let (Some(device), Some(reachable)) = (link.strip_suffix("/stats"), summary(&entry))
            {
                known.push((crate::link::last_segment(device).to_owned(), reachable));
            }
        }
        Ok(Entries(known))
    }
}

/// Reachable if `health.summary.available` is 1, or `health.summary` does not contain "unavailable" (both captured).
fn summary(entry: &Value) -> Option<bool> {
    let entries = entry.get("nestedStats").unwrap_or(entry).get("entries")?;
    if let Some(value) = entries.get("health.summary.available").and_then(|v| v.get("value")) {
        return value.as_f64().map(|v| v == 1.0);
    }
    let words = entries.get("health.summary")?.get("description")?.as_str()?;
    Some(!words.to_ascii_lowercase().contains("unavailable"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode;

    #[test]
    fn both_shapes() {
        let stats: DeviceStats = decode(
            r#"{"entries":{
            "https://localhost/mgmt/shared/resolver/device-groups/cm-bigip-allBigIpDevices/devices/a/stats":{"nestedStats":{"entries":{"health.summary.available":{"value":1}}}},
            "https://localhost/x/b/stats":{"nestedStats":{"entries":{"health.summary.available":{"value":0}}}},
            "https://localhost/x/c/stats":{"nestedStats":{"entries":{"health.summary":{"description":"Device is unavailable"}}}},
            "https://localhost/x/d/stats":{"nestedStats":{"entries":{}}}}}"#,
        )
        .unwrap();
        let all: Vec<_> = stats.reachable().collect();
        assert_eq!(all, [("a", true), ("b", false), ("c", false)]);
        assert_eq!(decode::<DeviceStats>("{}").unwrap().reachable().count(), 0);
    }
}
