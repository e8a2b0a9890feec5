//! Files that banks and PayPal accept, of the payouts of a batch, and the answers that they give (W-2).

mod answers;
mod bacs;
mod iso20022;
mod paypal;
pub(super) mod text;

use chrono::NaiveDate;

pub use answers::{Amount, Answered, Answers, Form, Whole, read};

use crate::{
    config::payouts::Payer,
    entity::{
        enums::{Currency, PayoutRail},
        ids::{PayoutBatchId, PayoutId},
    },
    error::Result,
    money::Money,
    payouts::rules::details::Details,
};

/// What a file is written of.
#[derive(Debug)]
pub struct Batch<'a> {
    /// Identity.
    pub id: PayoutBatchId,
    /// By which way.
    pub rail: PayoutRail,
    /// In which currency.
    pub currency: Currency,
    /// On which day it is put together.
    pub day: NaiveDate,
    /// Who pays.
    pub payer: &'a Payer,
    /// What is paid.
    pub items: Vec<Item>,
}

/// A payout of a batch.
#[derive(Debug)]
pub struct Item {
    /// What the bank calls it in its answer.
    pub reference: String,
    /// How much, in minor units of the batch's currency.
    pub minor: i64,
    /// Where it goes.
    pub details: Details,
}

impl Batch<'_> {
    /// What is paid together.
    fn total(&self) -> Money {
        Money::new(self.items.iter().map(|item| item.minor).sum(), self.currency)
    }

    /// The name of its file.
    pub fn file_name(&self) -> String {
        let (rail, kind) = match self.rail {
            PayoutRail::BankTransfer => ("pain001", "xml"),
            PayoutRail::Bacs => ("bacs18", "txt"),
            PayoutRail::Paypal => ("paypal", "csv"),
        };
        format!("{rail}-{}-{}-{}.{kind}", self.currency, self.day, self.id)
    }

    /// The file, which is the same whenever it is written.
    ///
    /// # Errors
    /// [`Fault::Broken`](crate::error::Fault::Broken) when the details are of another rail; a fault when it cannot be written.
    pub fn write(&self) -> Result<Vec<u8>> {
        match self.rail {
            PayoutRail::BankTransfer => iso20022::write(self),
            PayoutRail::Bacs => bacs::write(self),
            PayoutRail::Paypal => paypal::write(self),
        }
    }
}

/// What a payout is called in a file and in the answer to it: as much of its id as there is room for.
pub fn reference_of(rail: PayoutRail, id: PayoutId) -> String {
    let hex = id.0.simple().to_string();
    match rail {
        PayoutRail::BankTransfer => hex,
        // What differs between ids that are made at the same time is at their end.
        PayoutRail::Bacs => hex[14..].to_ascii_uppercase(),
        PayoutRail::Paypal => hex[2..].to_owned(),
    }
}

#[cfg(test)]
mod tests;
