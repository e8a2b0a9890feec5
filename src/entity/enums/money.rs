//! Money.

use super::text_enum;

text_enum! {
    /// A currency, by its ISO 4217 code.
    Currency {
        /// US dollars.
        Usd = "USD",
        /// Euros; only payouts are made in them (W-5).
        Eur = "EUR",
        /// Pounds sterling; only payouts are made in them (W-5).
        Gbp = "GBP",
    }
}
