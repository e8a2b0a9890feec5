//! Pure rules of purchases: what so many Connects cost, and the tax on it.

use super::rejection;
use crate::{
    entity::enums::PurchaseState::{self, ChargedBack, Failed, Paid, Pending},
    error::{Fault, Rejection, Result},
    input::invalid,
    money::half_up,
    moves::moves,
    policy::{Purchases, Tax},
};

moves! {
    /// An action on a purchase (B-3, B-4).
    PurchaseMove of PurchaseState {
        /// The payment is paid.
        Pay: Pending => Paid,
        /// The payment failed.
        Fail: Pending => Failed,
        /// The bank takes the payment back.
        ChargeBack: Paid => ChargedBack,
        /// The bank gives it back.
        Restore: ChargedBack => Paid,
    }
}

/// The state of a purchase in `state` after the action.
///
/// # Errors
/// [`Fault::Broken`] where it is not allowed: its payment says something else.
pub fn moved(state: PurchaseState, way: PurchaseMove) -> Result<PurchaseState> {
    let wrong = || Fault::Broken(format!("a purchase that is {state} cannot {way:?}"));
    Ok(way.after(state).ok_or_else(wrong)?)
}

/// Millionths of a whole.
const WHOLE: i64 = 1_000_000;

/// The most characters of a region and of a tax id.
const REGION_AT_MOST: usize = 3;
const TAX_ID: (usize, usize) = (4, 20);

/// Where a buyer is taxed (B-2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The country, as ISO 3166-1 alpha-2 has it.
    pub country: String,
    /// The region, as ISO 3166-2 has it after the dash.
    pub region: Option<String>,
    /// The tax id, which companies have.
    pub tax_id: Option<String>,
}

/// What so many Connects cost, in minor units of USD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// How many.
    pub quantity: i64,
    /// Before a discount.
    pub list: i64,
    /// The discount.
    pub discount: i64,
    /// After it.
    pub net: i64,
    /// The tax on that, half a cent rounded up.
    pub tax: i64,
    /// What is paid.
    pub total: i64,
    /// How it was taxed; absent where no tax is known.
    pub taxed: Option<Taxed>,
}

/// A tax as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxed {
    /// What a receipt calls it.
    pub name: String,
    /// The rate that was applied, in millionths: nothing under reverse charge.
    pub rate_micros: i64,
    /// Whether the buyer accounts for it, because they have a tax id.
    pub reverse_charge: bool,
}

/// Checks that so many Connects can be bought at once (B-1).
///
/// # Errors
/// `INVALID_INPUT` at `quantity`.
pub fn may_buy(policy: &Purchases, quantity: i64) -> Result<(), Rejection> {
    let (least, most) = policy.custom;
    if policy.bundles.contains(&quantity) || (least..=most).contains(&quantity) {
        return Ok(());
    }
    Err(rejection::quantity_out_of_range(least, most))
}

/// What `quantity` Connects cost a buyer in `place` with such a discount, in minor units (B-1, B-2, B-6): half a cent of the
/// price rounds up, and so does half a cent of the tax.
pub fn cost_of(policy: &Purchases, taxes: &[Tax], place: &Place, quantity: i64, discount: i64) -> Cost {
    taxed(taxes, place, (quantity, list_of(policy, quantity), discount))
}

/// What so many Connects cost a buyer in `place` whose price without discount and tax is `list`.
pub fn taxed(taxes: &[Tax], place: &Place, (quantity, list, discount): (i64, i64, i64)) -> Cost {
    let discount = discount.clamp(0, list);
    let taxed = taxed_in(taxes, place);
    let net = list - discount;
    let tax = taxed.as_ref().map_or(0, |taxed| share(net, taxed.rate_micros));
    Cost { quantity, list, discount, net, tax, total: net + tax, taxed }
}

/// The price without tax: each Connect at the price of the largest step that the quantity reaches.
pub fn list_of(policy: &Purchases, quantity: i64) -> i64 {
    let step = policy.prices.iter().rev().find(|step| step.from <= quantity).or(policy.prices.first());
    // In millionths of a dollar, of which a cent is ten thousand.
    step.map_or(0, |step| share(quantity * 100, step.micros))
}

/// The tax of the buyer's region, or else of their country (B-2).
fn taxed_in(taxes: &[Tax], place: &Place) -> Option<Taxed> {
    let of = |region: Option<&str>| {
        taxes.iter().find(|tax| tax.country == place.country && tax.region.as_deref() == region)
    };
    let tax = place.region.as_deref().and_then(|region| of(Some(region))).or_else(|| of(None))?;
    let reverse_charge = tax.reverse_charge && place.tax_id.is_some();
    let rate_micros = if reverse_charge { 0 } else { tax.rate_micros };
    Some(Taxed { name: tax.name.clone(), rate_micros, reverse_charge })
}

/// A rate in millionths as a percentage, such as `6.35`, without zeros at its end.
pub fn percent_of(rate_micros: i64) -> String {
    let text = format!("{}.{:04}", rate_micros / 10_000, rate_micros % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The tax in the first `cents` that a bank takes back of a `total` with so much `tax`, half a cent rounded up.
pub fn tax_in((total, tax): (i64, i64), cents: i64) -> i64 {
    half_up(cents, (tax, total.max(1))).unwrap_or(tax)
}

/// So many millionths of an amount that is not negative, half rounded up.
fn share(amount: i64, micros: i64) -> i64 {
    half_up(amount, (micros, WHOLE)).unwrap_or(i64::MAX)
}

/// A region of `country` as it is stored: what ISO 3166-2 has after the dash. With the country before it, it is understood
/// too.
///
/// # Errors
/// `INVALID_INPUT` at `region`.
pub fn checked_region(country: &str, typed: &str) -> Result<Option<String>, Rejection> {
    let typed = typed.trim().to_uppercase();
    let region = typed.strip_prefix(country).and_then(|rest| rest.strip_prefix('-')).unwrap_or(&typed);
    let is_one = region.len() <= REGION_AT_MOST && region.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_one {
        let sentence = "This is not a region. Write it as ISO 3166-2 does, such as CT or US-CT.";
        return Err(invalid("region", sentence).by("B-2"));
    }
    Ok(Some(region.to_owned()).filter(|region| !region.is_empty()))
}

/// A tax id as it is stored: letters and digits, without what people write between them.
///
/// # Errors
/// `INVALID_INPUT` at `taxId`.
pub fn checked_tax_id(typed: &str) -> Result<Option<String>, Rejection> {
    let id: String = typed.chars().filter(|c| !c.is_whitespace() && !"-./".contains(*c)).collect();
    let (least, most) = TAX_ID;
    let is_one = (least..=most).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match id.as_str() {
        "" => Ok(None),
        _ if is_one => Ok(Some(id.to_uppercase())),
        _ => {
            let sentence =
                format!("A tax id has {least} to {most} letters and digits. Copy it from your tax office.");
            Err(invalid("taxId", sentence).by("B-2"))
        }
    }
}

#[cfg(test)]
mod tests;
