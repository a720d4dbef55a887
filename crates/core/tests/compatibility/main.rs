//! What an earlier version left in browsers, files and links keeps its meaning. Each folder next to this file holds what one
//! version wrote.

#[cfg(test)]
mod protocol;
#[cfg(test)]
mod record;
#[cfg(test)]
mod storage;

/// The text of a file that version 0.1.0 wrote.
#[cfg(test)]
fn written(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compatibility/0.1.0/");
    std::fs::read_to_string([folder, name].concat()).unwrap()
}

/// The same as JSON.
#[cfg(test)]
fn json<T: serde::de::DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&written(name)).unwrap()
}
