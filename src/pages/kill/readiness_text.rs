//! The text for a device that is not ready.

use crate::text::Word;
use curfew_core::inventory::Missing;

/// What a device lacks, in two words.
pub(super) fn readiness(missing: Option<Missing>) -> Word {
    match missing {
        None => Word::Ready,
        Some(Missing::Trust) => Word::MissingTrust,
        Some(Missing::Discovery) => Word::MissingDiscovery,
        Some(Missing::Reach) => Word::MissingReach,
        Some(Missing::Import) => Word::MissingImport,
    }
}

/// What to do about it.
pub(super) fn help(missing: Missing) -> Word {
    match missing {
        Missing::Trust => Word::MissingTrustHelp,
        Missing::Discovery => Word::MissingDiscoveryHelp,
        Missing::Reach => Word::MissingReachHelp,
        Missing::Import => Word::MissingImportHelp,
    }
}
