//! A person says where they are taxed (B-2).

use super::{rules, store};
use crate::{
    accounts,
    db::Txn,
    entity::{billing_detail, ids::AccountId},
    error::Result,
    viewer::Viewer,
};

/// Where a person is taxed, as they write it; empty for nothing.
#[derive(Clone, Copy, Debug)]
pub struct Details<'a> {
    /// The region.
    pub region: &'a str,
    /// The tax id.
    pub tax_id: &'a str,
}

/// Stores where `person` is taxed; what they bought before stays taxed as it was.
///
/// # Errors
/// `INVALID_INPUT`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn set_billing_details(txn: &Txn, person: &Viewer, details: Details<'_>) -> Result<AccountId> {
    let tax_id = rules::checked_tax_id(details.tax_id)?;
    let person = accounts::acting(txn, person.id()).await?;
    let region = rules::checked_region(&person.account().country, details.region)?;
    let row = billing_detail::Model { account_id: person.id(), region, tax_id, set_at: txn.now() };
    store::set_details(txn, row).await?;
    Ok(person.id())
}
