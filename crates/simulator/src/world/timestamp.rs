//! A point in time, and the three date formats of BIG-IQ.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Microseconds since 1970, the unit of BIG-IQ's `lastUpdateMicros`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// The latest time that the date code can write: the end of the year 9999.
const LATEST: i64 = 253_402_300_799_000_000;

/// The appliance's offset from UTC; the specification's samples use Pacific time.
const OFFSET_HOURS: i64 = -8;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Timestamp {
    /// From microseconds since 1970, clamped to the years 1970 to 9999.
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(0, LATEST))
    }

    /// From milliseconds since 1970, clamped as in [`Timestamp::from_micros`].
    pub fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1000))
    }

    /// Parses an RFC 3339 date and time.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let parsed = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(parsed.unix_timestamp_nanos() / 1000).ok().map(Self::from_micros)
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0 / 1000
    }

    /// Whole seconds since 1970, the unit of a token's `iat` and `exp`.
    pub fn seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// This time plus `millis`, clamped as in [`Timestamp::from_micros`].
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self::from_micros(self.0.saturating_add(millis.saturating_mul(1000)))
    }

    /// `2016-11-15T12:42:31.294-0800`, the dates of a task (specification, section 3.1).
    pub fn task_date(self) -> String {
        let local = self.plus_millis(OFFSET_HOURS * 3_600_000);
        format!("{}{OFFSET_HOURS:+03}00", local.calendar())
    }

    /// `2016-11-10T19:06:14.804Z`, the dates in device properties (specification, section 1).
    pub fn property_date(self) -> String {
        format!("{}Z", self.calendar())
    }

    /// `Tue, 15 Nov 2016 20:42:31 GMT`, the HTTP `Date` header.
    pub fn http_date(self) -> String {
        let at = self.utc();
        let weekday = at.weekday().to_string();
        let month = MONTHS.get(usize::from(u8::from(at.month())) - 1).copied().unwrap_or("Jan");
        format!(
            "{}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT",
            weekday.get(..3).unwrap_or("Mon"),
            at.day(),
            at.year(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    fn calendar(self) -> String {
        let at = self.utc();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond()
        )
    }

    fn utc(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_dates_of_the_specification() {
        let at = Timestamp::from_rfc3339("2016-11-15T12:42:31.294-08:00").unwrap();
        assert_eq!(at.task_date(), "2016-11-15T12:42:31.294-0800");
        assert_eq!(at.property_date(), "2016-11-15T20:42:31.294Z");
        assert_eq!(at.http_date(), "Tue, 15 Nov 2016 20:42:31 GMT");
        assert_eq!(at.micros(), 1_479_242_551_294_000);
    }

    #[test]
    fn clamps_instead_of_overflowing() {
        let far = Timestamp::from_millis(i64::MAX).plus_millis(i64::MAX);
        assert!(far.task_date().starts_with("9999-12-31"));
        assert_eq!(Timestamp::from_millis(i64::MIN).http_date(), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
