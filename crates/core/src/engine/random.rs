//! Random numbers that spread the polls of many tasks and tabs. Not for secrets.

/// A xorshift generator.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(test, derive(PartialEq, Eq))]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        // Zero would stay zero.
        Self(seed | 1)
    }

    /// Always 0.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self(0)
    }

    /// A number from 0 to 1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as f64 / f64::from(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_between_0_and_1() {
        for seed in [0, 1, 2, u64::MAX] {
            let mut random = Random::new(seed);
            let numbers: Vec<f64> = (0..1_000).map(|_| random.next()).collect();
            assert!(numbers.iter().all(|n| (0.0..=1.0).contains(n)));
            let mean = numbers.iter().sum::<f64>() / 1_000.0;
            assert!((0.4..0.6).contains(&mean), "{seed}: {mean}");
        }
    }
}
