//! Money.

use super::text_enum;

text_enum! {
    /// A currency, by its ISO 4217 code.
    Currency {
        /// US dollars.
        Usd = "USD",
    }
}
