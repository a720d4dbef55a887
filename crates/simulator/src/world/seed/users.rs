//! Generated user names, including difficult ones: domain before or after, other case, spaces,
//! quotes, non-ASCII letters.

use crate::world::rng::Rng;

const DIFFICULT_NAMES: [&str; 9] = [
    "CORP\\user7",
    "user7@example.test",
    "USER7",
    "user 7",
    "o'user7",
    "\"user7\"",
    "üser7",
    "ユーザー7",
    "svc-backup",
];

/// A random user: usually `user10` to `user99`, sometimes a difficult name. Never `user2`, whose
/// sessions are all named.
pub(super) fn random_user(rng: &mut Rng) -> String {
    if rng.chance(150) {
        return rng.pick(&DIFFICULT_NAMES).copied().unwrap_or("user7").to_owned();
    }
    format!("user{}", rng.between(10, 99))
}
