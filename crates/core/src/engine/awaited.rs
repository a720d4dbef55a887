//! The devices that have been asked for their sessions and have not answered yet.

use crate::ids::MachineId;
use std::time::Duration;

/// Devices that answer sooner are not shown: their names would flicker.
const LONG: Duration = Duration::from_secs(2);

/// The devices whose answers are pending, and since when. A device may be asked twice at a time.
#[derive(Debug, Default)]
pub struct Awaited(Vec<(MachineId, Duration)>);

impl Awaited {
    /// Notes that a device was asked.
    pub fn begin(&mut self, device: &MachineId, now: Duration) {
        self.0.push((device.clone(), now));
    }

    /// Notes that it has answered, or that its time is over.
    pub fn end(&mut self, device: &MachineId) {
        if let Some(place) = self.0.iter().position(|(id, _)| id == device) {
            self.0.remove(place);
        }
    }

    /// Those of a job's devices that have been silent for a while, the longest first.
    pub fn silent(&self, is_of_job: impl Fn(&MachineId) -> bool, now: Duration) -> Vec<MachineId> {
        let mut silent: Vec<MachineId> = Vec::new();
        for (device, since) in &self.0 {
            // guard: awaited-for-long
            let is_long = now.saturating_sub(*since) >= LONG;
            if is_long && is_of_job(device) && !silent.contains(device) {
                silent.push(device.clone());
            }
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::machine;

    #[test]
    fn a_device_is_named_after_a_while_and_until_it_answers() {
        let (a, b, other) = (machine("a"), machine("b"), machine("other"));
        let seconds = Duration::from_secs;
        let mut awaited = Awaited::default();
        let silent = |awaited: &Awaited, now| awaited.silent(|id| *id != "other", seconds(now));
        for (device, now) in [(&a, 1), (&b, 2), (&other, 1), (&a, 3)] {
            awaited.begin(device, seconds(now));
        }
        assert!(silent(&awaited, 2).is_empty());
        assert_eq!(silent(&awaited, 3), ["a"]);
        assert_eq!(silent(&awaited, 60), ["a", "b"], "each once, and none of other jobs");
        awaited.end(&b);
        awaited.end(&a);
        assert_eq!(silent(&awaited, 60), ["a"], "it was asked twice");
        awaited.end(&a);
        awaited.end(&b);
        assert!(silent(&awaited, 60).is_empty());
    }
}
