//! PayPal accounts as a mass payment file: a line each, of address, amount, currency, our name for it and a note.

use super::Batch;
use crate::{
    error::{Fault, Result},
    money::Money,
    payouts::rules::details::Details,
};

/// The file for a batch.
///
/// # Errors
/// [`Fault::Broken`] when a payout does not go to a PayPal account.
pub fn write(batch: &Batch<'_>) -> Result<Vec<u8>> {
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for item in &batch.items {
        let Details::Paypal { email, .. } = &item.details else {
            return Err(Fault::Broken(format!("batch {} has another rail", batch.id)).into());
        };
        let amount = Money::new(item.minor, batch.currency).amount();
        let line = [email.as_str(), &amount, batch.currency.as_str(), &item.reference, "Payout by Connects"];
        csv.write_record(line).map_err(|error| Fault::Broken(error.to_string()))?;
    }
    csv.into_inner().map_err(|error| Fault::Broken(error.to_string()).into())
}
