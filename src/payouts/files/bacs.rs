//! Transfers between British accounts as a BACS Standard 18 file: labels of 80 characters, records of 100.

use chrono::{Datelike, Days, NaiveDate};

use super::{Batch, Item, text::bacs};
use crate::{
    error::{Fault, Result},
    payouts::rules::details::Details,
};

/// The code of a credit to a payee, and that of the debit of the payer that balances the file.
const CREDIT: &str = "99";
const CONTRA: &str = "17";

/// Days for which a file is kept.
const KEPT_DAYS: u64 = 30;

/// The file for a batch.
///
/// # Errors
/// [`Fault::Broken`] when a payout does not go to a British account.
pub fn write(batch: &Batch<'_>) -> Result<Vec<u8>> {
    let mut lines = vec![volume(batch)];
    lines.extend([header(batch, "HDR1"), second_header("HDR2"), user_header(batch)]);
    for item in &batch.items {
        let other = || Fault::Broken(format!("batch {} has another rail", batch.id));
        lines.push(credit(batch, item).ok_or_else(other)?);
    }
    lines.extend([contra(batch), header(batch, "EOF1"), second_header("EOF2"), user_trailer(batch)]);
    Ok((lines.join("\r\n") + "\r\n").into_bytes())
}

/// What tells this file from others of the same payer.
fn serial(batch: &Batch<'_>) -> String {
    batch.id.0.simple().to_string()[26..].to_ascii_uppercase()
}

fn volume(batch: &Batch<'_>) -> String {
    let owner = format!("    {}    ", batch.payer.service_user);
    format!("VOL1{} {:26}{owner}{:28}1", serial(batch), "", "")
}

fn header(batch: &Batch<'_>, label: &str) -> String {
    let user = &batch.payer.service_user;
    let (made, until) = (day_of_year(batch.day), day_of_year(batch.day + Days::new(KEPT_DAYS)));
    format!("{label}A{user}S  1{user}{}00010001      {made}{until} 000000{:20}", serial(batch), "")
}

fn second_header(label: &str) -> String {
    format!("{label}F0200000100{:35}00{:28}", "", "")
}

fn user_header(batch: &Batch<'_>) -> String {
    format!("UHL1{}999999    000000001 DAILY  001{:40}", day_of_year(batch.day), "")
}

fn credit(batch: &Batch<'_>, item: &Item) -> Option<String> {
    let Details::Bacs { holder, sort_code, account_number } = &item.details else { return None };
    let payer = batch.payer;
    Some(format!(
        "{sort_code}{account_number}0{CREDIT}{}{}    {:011}{}{}{}",
        payer.sort_code,
        payer.account_number,
        item.minor,
        bacs(&payer.name, 18),
        bacs(&item.reference, 18),
        bacs(holder, 18),
    ))
}

fn contra(batch: &Batch<'_>) -> String {
    let payer = batch.payer;
    let account = format!("{}{}", payer.sort_code, payer.account_number);
    format!(
        "{account}0{CONTRA}{account}    {:011}{}{}{}",
        batch.total().minor,
        bacs("PAYOUTS", 18),
        bacs("CONTRA", 18),
        bacs(&payer.name, 18),
    )
}

fn user_trailer(batch: &Batch<'_>) -> String {
    let (total, count) = (batch.total().minor, batch.items.len());
    format!("UTL1{total:013}{total:013}{:07}{count:07}{:36}", 1, "")
}

/// A day as a space, two digits of the year and the number of the day in it.
fn day_of_year(day: NaiveDate) -> String {
    format!(" {:02}{:03}", day.year() % 100, day.ordinal())
}
