//! The fingerprint by which another tab recognizes an equal request, without seeing the request itself.

use bigiq::KillRequest;
use siphasher::sip::SipHasher13;
use std::hash::{Hash, Hasher};

/// The hash of a request's JSON, in decimal digits. Tabs with different versions of Curfew compare it, so it does not use
/// the standard library's hasher, which may change; the result is the same as in 0.1.0.
pub fn fingerprint(request: &KillRequest) -> String {
    let mut hasher = SipHasher13::new();
    request.to_json().hash(&mut hasher);
    hasher.finish().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bigiq::Targets;

    #[test]
    fn it_is_the_same_in_all_versions() {
        let of = |name: &str| {
            let targets =
                Targets { clusters: vec!["BlueCluster".to_owned()], ..Targets::default() };
            fingerprint(&KillRequest::ByUser {
                user_name: name.to_owned(),
                targets: targets.into(),
            })
        };

        assert_eq!(of("user2"), "7929443305500637777");
        assert_ne!(of("user2"), of("user3"));
    }
}
