//! Writes dates.

use crate::Timestamp;

const DAY: i64 = 86_400_000;

impl Timestamp {
    /// RFC 3339 with milliseconds, in a zone this many minutes ahead of UTC: `2026-11-23T03:12:07.120+01:00`.
    pub fn to_rfc3339(self, offset_minutes: i32) -> String {
        let local = self.0.saturating_add(i64::from(offset_minutes) * 60_000);
        let (year, month, day) = civil(local.div_euclid(DAY));
        let of_day = local.rem_euclid(DAY);
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, ms) = (of_day / 1000 % 60, of_day % 1000);
        let (sign, ahead) =
            if offset_minutes < 0 { ('-', -offset_minutes) } else { ('+', offset_minutes) };
        let (hours, minutes) = (ahead / 60, ahead % 60);
        format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}{sign}{hours:02}:{minutes:02}"
        )
    }
}

/// The Gregorian date of a day counted from 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from March, a year has its leap day at the end.
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
        assert_eq!(Timestamp(at).to_rfc3339(offset), text);
    }

    proptest! {
        /// What is written is read back by the parser.
        #[test]
        fn reads_back(at in -60_000_000_000_000_i64..250_000_000_000_000, offset in -840..=840) {
            let text = Timestamp(at).to_rfc3339(offset);
            prop_assert_eq!(crate::parse_date_time(&text), Some(Timestamp(at)), "{}", text);
        }
    }
}
