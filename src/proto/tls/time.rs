//! Moments as Wireshark prints them: "Oct 15, 2014 01:51:36.000000000 UTC".
//!
//! In: seconds or milliseconds since 1970. Out: text, in UTC: the machine's time zone is not asked.

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

pub fn of_seconds(seconds: u64) -> String {
    text(seconds, 0)
}

pub fn of_millis(millis: u64) -> String {
    text(millis / 1000, millis % 1000 * 1_000_000)
}

fn text(seconds: u64, nanos: u64) -> String {
    let (year, month, day) = date(seconds / 86_400);
    let month = MONTHS.get(month).copied().unwrap_or("?");
    let (h, m, s) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{month} {day:2}, {year} {h:02}:{m:02}:{s:02}.{nanos:09} UTC")
}

/// Year, month (from 0) and day (from 1) of a day since 1970-01-01, in years of 400-year cycles that begin in March.
fn date(days: u64) -> (u64, usize, u64) {
    let days = days.saturating_add(719_468);
    let (cycle, of_cycle) = (days / 146_097, days % 146_097);
    let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = year + cycle * 400 + u64::from(march_month >= 10);
    (year, usize::try_from(month).unwrap_or(0), day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_printed_as_wireshark_does() {
        assert_eq!(of_seconds(0x543d_d328), "Oct 15, 2014 01:51:36.000000000 UTC");
        assert_eq!(of_seconds(0xe39b_5bf4), "Jan  2, 2091 20:54:12.000000000 UTC");
        assert_eq!(of_seconds(0), "Jan  1, 1970 00:00:00.000000000 UTC");
        assert_eq!(of_seconds(951_782_400), "Feb 29, 2000 00:00:00.000000000 UTC");
        assert_eq!(of_millis(1_500), "Jan  1, 1970 00:00:01.500000000 UTC");
        let _ = of_millis(u64::MAX);
    }
}
