//! Reads dates.

use crate::Timestamp;

/// Days from 1970-01-01 to a proleptic Gregorian date.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn epoch_ms(date: [i64; 3], time: [i64; 3], ms: i64) -> Option<i64> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let plausible = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    plausible.then(|| {
        ((days_from_civil(year, month, day) * 24 + hour) * 60 + minute) * 60_000
            + second * 1000
            + ms
    })
}

fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Three numbers between separators, as in `2016-11-15` and `12:42:31`.
fn three(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(number);
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// Reads `2016-11-15T12:42:31.294-0800` as milliseconds since 1970. The offset has no colon, so this is not RFC 3339
/// (documented, section 2). Offsets with a colon, `Z` and a missing fraction are accepted too.
pub fn parse_date_time(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.trim().split_once('T')?;
    let at = rest.find(['Z', '+', '-'])?;
    let (clock, offset) = rest.split_at_checked(at)?;
    let (time, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let ms = number(&format!("{fraction:0<3}").chars().take(3).collect::<String>())?;
    let offset_minutes = if offset == "Z" {
        0
    } else {
        let digits: String = offset.chars().skip(1).filter(|c| *c != ':').collect();
        let (hours, minutes) = digits.split_at_checked(2).filter(|(_, m)| m.len() <= 2)?;
        let minutes = number(hours)? * 60 + if minutes.is_empty() { 0 } else { number(minutes)? };
        if offset.starts_with('-') { -minutes } else { minutes }
    };
    let local = epoch_ms(three(date, '-')?, three(time, ':')?, ms)?;
    Some(Timestamp(local - offset_minutes * 60_000))
}

/// Reads an HTTP `Date` header, such as `Tue, 15 Nov 1994 08:12:31 GMT`, as milliseconds since 1970.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_ascii_whitespace().skip(1);
    let day = number(words.next()?)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|m| *m == month)? as i64 + 1;
    let year = number(words.next()?)?;
    let time = three(words.next()?, ':')?;
    epoch_ms([year, month, day], time, 0).map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("2016-11-15T12:42:31.294-0800", Some(1_479_242_551_294))]
    #[case("2016-11-15T20:42:31.294Z", Some(1_479_242_551_294))]
    #[case("2016-11-15T21:42:31.294+01:00", Some(1_479_242_551_294))]
    #[case("2016-11-15T20:42:31Z", Some(1_479_242_551_000))]
    #[case("2016-02-29T00:00:00.5+00", Some(1_456_704_000_500))]
    #[case("1969-12-31T23:59:59.999Z", Some(-1))]
    #[case("2016-11-15T20:42:31.294+01:00000", None)]
    #[case("2016-11-15", None)]
    #[case("2016-13-15T20:42:31Z", None)]
    #[case("2016-11-15T20:42Z", None)]
    #[case("2016-11-15T20:42:31", None)]
    #[case("äöü-11-15T20:42:31Z", None)]
    #[case("", None)]
    fn date_times(#[case] text: &str, #[case] expected: Option<i64>) {
        assert_eq!(parse_date_time(text), expected.map(Timestamp));
    }

    #[rstest]
    #[case("Tue, 15 Nov 1994 08:12:31 GMT", Some(784_887_151_000))]
    #[case("Tue, 15 Foo 1994 08:12:31 GMT", None)]
    #[case("", None)]
    fn http_dates(#[case] text: &str, #[case] expected: Option<i64>) {
        assert_eq!(parse_http_date(text), expected.map(Timestamp));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in ".{0,40}") {
            let _ = parse_date_time(&text);
            let _ = parse_http_date(&text);
        }
    }
}
