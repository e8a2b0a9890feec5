//! Pure rules of what a contract pays for: milestones or hours (O-1, O-2).

use crate::{
    entity::{enums::Currency, values::Part},
    error::Rejection,
    input,
    money::{Money, half_up},
};

/// The most milestones of an offer.
pub const MILESTONES_AT_MOST: usize = 20;

/// The least and the most that a milestone costs, in minor units.
pub const MILESTONE_CENTS: (i64, i64) = (500, 100_000_000);

/// The least and the most that an hour costs, in minor units.
pub const HOURLY_CENTS: (i64, i64) = (300, 100_000);

/// The most time that an invoice bills: a week.
pub const MINUTES_AT_MOST: i64 = 7 * 24 * 60;

/// What an offered contract pays for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Milestones that are agreed.
    Milestones(Vec<Part>),
    /// Hours, at so many minor units each, which the freelancer invoices.
    Hourly(i64),
}

/// Checks what an offer pays for: milestones, or an hourly rate in minor units, but not both.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked_terms(parts: Vec<(String, i64)>, hourly_cents: Option<i64>) -> Result<Terms, Rejection> {
    let parts = if parts.is_empty() && hourly_cents.is_some() { Vec::new() } else { checked(parts)? };
    let (least, most) = HOURLY_CENTS;
    let hourly = hourly_cents.map(|cents| input::amount("hourlyRate", cents, least, most)).transpose()?;
    match hourly {
        None => Ok(Terms::Milestones(parts)),
        Some(cents) if parts.is_empty() => Ok(Terms::Hourly(cents)),
        Some(_) => {
            let sentence = "An offer has milestones or an hourly rate. Send only one of them.";
            Err(input::invalid("milestones", sentence).by("O-2"))
        }
    }
}

/// What `minutes` cost at a rate for an hour, both in minor units, half a unit rounded up. `None` when it does not fit.
pub fn bill_of(minutes: i64, hourly_cents: i64) -> Option<i64> {
    half_up(minutes, (hourly_cents, 60))
}

/// Checks the time of an invoice at a rate, and what it comes to: as much as a milestone may cost.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked_bill(minutes: i64, hourly_cents: i64) -> Result<i64, Rejection> {
    let (least, most) = MILESTONE_CENTS;
    let minutes_fit = (1..=MINUTES_AT_MOST).contains(&minutes);
    let cents = bill_of(minutes, hourly_cents).filter(|cents| minutes_fit && (least..=most).contains(cents));
    cents.ok_or_else(|| {
        let text = |cents| Money::new(cents, Currency::Usd);
        let sentence = format!(
            "An invoice bills 1 to {MINUTES_AT_MOST} minutes, which come to {} to {}. Bill more at once, or less.",
            text(least),
            text(most)
        );
        input::invalid("minutes", sentence).by("O-2")
    })
}

/// Checks the milestones of an offer.
///
/// # Errors
/// `INVALID_INPUT`.
fn checked(parts: Vec<(String, i64)>) -> Result<Vec<Part>, Rejection> {
    if parts.is_empty() || parts.len() > MILESTONES_AT_MOST {
        let sentence = format!("An offer has 1 to {MILESTONES_AT_MOST} milestones. Put more work into each.");
        return Err(input::invalid("milestones", sentence));
    }
    let (least, most) = MILESTONE_CENTS;
    let part = |(n, (title, cents)): (usize, (String, i64))| {
        let title = input::line(&format!("milestones.{n}.title"), &title, 1, 100)?;
        let amount_cents = input::amount(&format!("milestones.{n}.amount"), cents, least, most)?;
        Ok(Part { title, amount_cents })
    };
    parts.into_iter().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn o_2_an_invoice_costs_its_hours_half_a_cent_rounded_up() {
        let bills = [(60, 5_000), (90, 5_000), (1, 5_000), (1, 30), (1, 29), (7, 333)];
        assert_eq!(
            bills.map(|(minutes, rate)| bill_of(minutes, rate).unwrap()),
            [5_000, 7_500, 83, 1, 0, 39]
        );
        assert_eq!(checked_bill(60, 500), Ok(500));
        for (minutes, rate) in [(59, 500), (0, 5_000), (-60, 5_000), (10_081, 500), (10_080, 1_000_000)] {
            assert_eq!(
                checked_bill(minutes, rate).unwrap_err().code,
                Code::InvalidInput,
                "{minutes} at {rate}"
            );
        }
    }

    #[test]
    fn o_2_an_offer_has_milestones_or_a_rate() {
        let part = || vec![("Draft".to_owned(), 500)];
        assert_eq!(checked_terms(vec![], Some(300)), Ok(Terms::Hourly(300)));
        assert!(matches!(checked_terms(part(), None), Ok(Terms::Milestones(parts)) if parts.len() == 1));
        for bad in [(part(), Some(300)), (vec![], None), (vec![], Some(299)), (vec![], Some(100_001))] {
            assert_eq!(checked_terms(bad.0.clone(), bad.1).unwrap_err().code, Code::InvalidInput, "{bad:?}");
        }
    }

    #[test]
    fn o_1_an_offer_has_one_to_twenty_milestones_of_at_least_five_dollars() {
        let part = |cents| ("Draft".to_owned(), cents);
        assert_eq!(checked(vec![part(500)]).unwrap().len(), 1);
        assert_eq!(checked(vec![part(500); 20]).unwrap().len(), 20);
        for bad in [
            vec![],
            vec![part(500); 21],
            vec![part(499)],
            vec![part(100_000_001)],
            vec![(String::new(), 500)],
        ] {
            assert_eq!(checked(bad.clone()).unwrap_err().code, Code::InvalidInput, "{bad:?}");
        }
    }
}
