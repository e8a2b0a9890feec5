//! Amounts: money in whole minor units of a currency, and Connects. No floating point comes near them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::entity::enums::Currency;

/// So many Connects, the marketplace's token: indivisible, and no money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Connects(pub i64);

impl fmt::Display for Connects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// How many minor units, such as cents.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Digits before the point at most, so that any amount that can be written fits.
const WHOLE_DIGITS: usize = 12;

/// Basis points of a whole.
const WHOLE: i64 = 10_000;

impl Money {
    /// So many minor units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// An amount in major units as people write it, such as `149.90`: digits, and maybe a point and at most as many
    /// decimals as the currency has. `None` for anything else, such as a sign.
    pub fn parse(text: &str, currency: Currency) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = decimals(currency);
        if !digits(whole) || !digits(part) || part.len() > decimals || whole.len() > WHOLE_DIGITS {
            return None;
        }
        Some(Self::new(format!("{whole}{part:0<decimals$}").parse().ok()?, currency))
    }

    /// The amount in major units, such as `149.90` or `-0.01`.
    pub fn amount(self) -> String {
        let decimals = decimals(self.currency);
        let digits = format!("{:0>1$}", self.minor.unsigned_abs(), decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        format!("{}{whole}.{part}", if self.minor < 0 { "-" } else { "" })
    }

    /// A share of it in basis points (1 % is 100), half a minor unit rounded up, away from zero. `None` when it does
    /// not fit.
    pub fn share(self, basis_points: i64) -> Option<Self> {
        Some(Self::new(half_up(self.minor, (basis_points, WHOLE))?, self.currency))
    }
}

/// `amount` in the proportion of the first number to the second, which is positive; half a unit is rounded up, away from zero.
/// `None` when it does not fit.
pub fn half_up(amount: i64, (part, whole): (i64, i64)) -> Option<i64> {
    let (exact, whole) = (i128::from(amount) * i128::from(part), i128::from(whole));
    i64::try_from((2 * exact.abs() + whole) / (2 * whole) * exact.signum()).ok()
}

/// The amount and the currency's code, such as `149.90 USD`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// Decimals of an amount in major units, as ISO 4217 has them.
const fn decimals(currency: Currency) -> usize {
    match currency {
        Currency::Usd | Currency::Eur | Currency::Gbp => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::Usd)
    }

    #[test]
    fn x_2_money_is_shown_exactly() {
        let amounts = [0, 5, 14_990, -1, -14_990].map(|minor| usd(minor).amount());
        assert_eq!(amounts, ["0.00", "0.05", "149.90", "-0.01", "-149.90"]);
        assert_eq!(usd(i64::MIN).to_string(), "-92233720368547758.08 USD");
    }

    #[test]
    fn x_2_money_comes_in_exactly_or_not_at_all() {
        let read = |text| Money::parse(text, Currency::Usd).map(|money| money.minor);
        assert_eq!(["149.90", "0.05", "7", "7.5"].map(read), [Some(14_990), Some(5), Some(700), Some(750)]);
        for bad in ["", ".", "1.", ".5", "-1", "+1", "1.234", "1e3", "NaN", "1,5", "9999999999999"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn x_2_half_a_cent_of_a_share_rounds_up() {
        let share = |minor, points| usd(minor).share(points).map(|money| money.minor);
        assert_eq!(
            [share(50, 100), share(49, 100), share(-50, 100), share(999, 10_000)],
            [1, 0, -1, 999].map(Some)
        );
        assert_eq!(share(i64::MAX, 10_001), None);
    }

    proptest! {
        #[test]
        fn x_2_what_is_shown_is_read_back(minor in 0i64..100_000_000_000_000) {
            prop_assert_eq!(Money::parse(&usd(minor).amount(), Currency::Usd), Some(usd(minor)));
        }

        #[test]
        fn x_2_a_share_is_within_half_a_cent_of_the_exact_one(minor: i64, points in 0i64..=10_000) {
            let share = usd(minor).share(points).unwrap();
            let apart = i128::from(share.minor) * i128::from(WHOLE) - i128::from(minor) * i128::from(points);
            prop_assert!(apart.abs() * 2 <= i128::from(WHOLE));
            // Of two that are equally near, the one further from zero.
            prop_assert!(apart.abs() * 2 < i128::from(WHOLE) || apart.signum() == i128::from(minor.signum()));
        }
    }
}
