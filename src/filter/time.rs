//! Dates and times in filters: `2011-07-04 12:34:56.789`, with `T` and a zone, or `Jul 4, 2011 12:34:56`.
//!
//! Without a zone they are taken for UTC: what a filter lets through must not depend on the machine.

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Nanoseconds since 1970-01-01 00:00 UTC.
pub fn parse(text: &str) -> Option<i64> {
    iso(text.trim()).or_else(|| legacy(text.trim()))
}

/// `2011-07-04`, with a time behind `T` or blanks, and a zone behind that.
fn iso(text: &str) -> Option<i64> {
    let date = text.get(..10)?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let day = days(year, month, day)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return at(day, 0, 0);
    }
    let clock = rest.strip_prefix(['T', ' '])?.trim_start();
    let end = clock.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(clock.len());
    let (of_day, zone) = (time_of_day(clock.get(..end)?, 1)?, clock.get(end..)?.trim_start());
    let offset = match zone {
        "" | "Z" | "UTC" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone.strip_prefix(['+', '-'])?.chars().filter(|c| *c != ':').collect();
            let hours: i64 = digits.get(..2)?.parse().ok()?;
            let minutes: i64 = digits.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
            sign * (hours * 3600 + minutes * 60)
        }
    };
    at(day, of_day, offset)
}

/// `Jul  4, 2011 12:34:56.789`, perhaps with ` UTC`.
fn legacy(text: &str) -> Option<i64> {
    let text = text.strip_suffix("UTC").map_or(text, str::trim_end);
    let mut words = text.split_ascii_whitespace();
    let month = words.next()?.to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| *m == month)? as i64 + 1;
    let day: i64 = words.next()?.strip_suffix(',')?.parse().ok()?;
    let year: i64 = words.next()?.parse().ok()?;
    let of_day = time_of_day(words.next()?, 3)?;
    words.next().is_none().then_some(())?;
    at(days(year, month, day)?, of_day, 0)
}

fn at(day: i64, nanos: i64, offset: i64) -> Option<i64> {
    day.checked_mul(86_400)?.checked_sub(offset)?.checked_mul(1_000_000_000)?.checked_add(nanos)
}

/// Days since 1970-01-01, by counting them.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let in_month = |m: i64| match m {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1900..=2260).contains(&year) || !(1..=12).contains(&month) || !(1..=in_month(month)).contains(&day) {
        return None;
    }
    let years: i64 = if year >= 1970 {
        (1970..year).map(|y| 365 + i64::from(leap(y))).sum()
    } else {
        -(year..1970).map(|y| 365 + i64::from(leap(y))).sum::<i64>()
    };
    Some(years + (1..month).map(in_month).sum::<i64>() + day - 1)
}

/// Nanoseconds since midnight, of `12:34:56.789` with at least so many parts.
fn time_of_day(text: &str, least: usize) -> Option<i64> {
    let (clock, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let parts: Vec<i64> = clock.split(':').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    if parts.len() < least || parts.len() > 3 || part.is_empty() || part.len() > 9 {
        return None;
    }
    let get = |i: usize| parts.get(i).copied().unwrap_or(0);
    let (hour, minute, second) = (get(0), get(1), get(2));
    let nanos: i64 = format!("{part:0<9}").parse().ok()?;
    let sound = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second) && nanos >= 0;
    sound.then_some((hour * 3600 + minute * 60 + second) * 1_000_000_000 + nanos)
}

/// A point in time as [`parse`] reads it: `2011-07-04 12:34:56.789000000`.
pub fn show(nanos: i64) -> String {
    let (seconds, part) = (nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000));
    let (mut day, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Eras of 400 years begin on the first of March: leap days come last (proleptic Gregorian calendar).
    day += 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day_of_month:02} {hour:02}:{minute:02}:{second:02}.{part:09}")
}
