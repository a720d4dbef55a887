//! How long a fault makes a client wait.

use serde::{Deserialize, Serialize};

use crate::world::rng::Rng;

/// A time in milliseconds: one number, `[least, most]`, or `{"median": ms, "p99": ms}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wait {
    /// Always the same.
    Fixed(u32),
    /// Random between the two.
    Between(u32, u32),
    /// Mostly short and sometimes very long, like a busy server's answers (log-logistic).
    Tail {
        /// Half of all waits are shorter.
        #[serde(rename = "median")]
        median_ms: u32,
        /// One in a hundred is longer.
        #[serde(rename = "p99")]
        p99_ms: u32,
    },
}

/// Limit of [`Wait::Tail`], whose distribution is unbounded.
const MAX_MS: u64 = 120_000;

impl Wait {
    /// A random time in milliseconds.
    pub fn pick_ms(self, rng: &mut Rng) -> u64 {
        match self {
            Self::Fixed(millis) => millis.into(),
            Self::Between(least, most) => {
                u64::try_from(rng.between(least.into(), most.into())).unwrap_or(0)
            }
            Self::Tail { median_ms, p99_ms } => {
                // Strictly between 0 and 1, so that the odds are finite.
                let share = (rng.below(1_000_000) as f64 + 0.5) / 1e6;
                let steepness =
                    (f64::from(p99_ms.max(1)) / f64::from(median_ms.max(1))).ln() / 99_f64.ln();
                let length = f64::from(median_ms) * (share / (1.0 - share)).powf(steepness);
                // `as` saturates, and NaN becomes 0.
                (length as u64).min(MAX_MS)
            }
        }
    }
}
