//! Made-up user names, among them those that trip clients up: domain before or after, other case,
//! spaces, quotes, letters beyond ASCII.

use crate::world::rng::Rng;

const ODD: [&str; 9] = [
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

/// A random user: mostly `user10` to `user99`, now and then an odd one. Never `user2`, whose
/// sessions are all named.
pub(super) fn random_user(rng: &mut Rng) -> String {
    if rng.chance(150) {
        return rng.pick(&ODD).copied().unwrap_or("user7").to_owned();
    }
    format!("user{}", rng.between(10, 99))
}
