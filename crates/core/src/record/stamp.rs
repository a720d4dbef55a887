//! A time with its zone, as evidence needs it. It must not know which zone it is in: whoever has a browser says so.

use crate::timestamp::Timestamp;
use serde::{Serialize, Serializer};

/// A zone: its name, and how many minutes it is ahead of UTC at a time.
#[derive(Clone, Copy)]
pub struct Zone<'a> {
    /// As the browser names it, for instance `Europe/Berlin`.
    pub name: &'a str,
    /// Minutes ahead of UTC; negative to the west.
    pub offset: &'a dyn Fn(Timestamp) -> i32,
}

impl std::fmt::Debug for Zone<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Zone<'_> {
    pub(super) fn stamp(&self, at: Timestamp) -> Stamp {
        Stamp { at, text: rfc3339(at, (self.offset)(at)) }
    }
}

/// A time and its RFC 3339 form, with milliseconds and the zone's offset. In JSON it is the latter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The time.
    pub at: Timestamp,
    /// As `2026-11-23T03:12:07.120+01:00`.
    pub text: String,
}

impl Serialize for Stamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

const DAY: i64 = 86_400_000;

fn rfc3339(at: Timestamp, offset: i32) -> String {
    let local = at.0.saturating_add(i64::from(offset) * 60_000);
    let (year, month, day) = civil(local.div_euclid(DAY));
    let of_day = local.rem_euclid(DAY);
    let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (second, ms) = (of_day / 1000 % 60, of_day % 1000);
    let (sign, ahead) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    let (hours, minutes) = (ahead / 60, ahead % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}{sign}{hours:02}:{minutes:02}"
    )
}

/// The Gregorian date of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years that begin in March have the leap day at their end.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let of_year_400 = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_year_400 + of_year_400 / 4 - of_year_400 / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = of_year_400 + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, 0, "1970-01-01T00:00:00.000+00:00")]
    #[case(1_795_399_927_120, 60, "2026-11-23T03:12:07.120+01:00")]
    #[case(1_709_164_799_999, -210, "2024-02-28T20:29:59.999-03:30")]
    #[case(1_709_164_800_000, 0, "2024-02-29T00:00:00.000+00:00")]
    #[case(-1, 0, "1969-12-31T23:59:59.999+00:00")]
    fn times(#[case] at: i64, #[case] offset: i32, #[case] text: &str) {
        assert_eq!(rfc3339(Timestamp(at), offset), text);
    }

    proptest! {
        /// Against BIG-IQ's date reader, which goes the other way.
        #[test]
        fn reads_back(at in -60_000_000_000_000_i64..250_000_000_000_000, offset in -840..=840) {
            let text = rfc3339(Timestamp(at), offset);
            prop_assert_eq!(bigiq::parse_date_time(&text), Some(at), "{}", text);
        }
    }
}
