//! A person applies to be an affiliate (F-1).

use super::{
    rejection,
    rules::{self, AffiliateMove},
    store,
};
use crate::{
    accounts,
    db::Txn,
    entity::{affiliate, enums::AffiliateState, ids::AccountId},
    error::Result,
    viewer::Viewer,
};

/// An application; values are checked.
#[derive(Clone, Debug)]
pub struct Application {
    /// Where the person promotes the platform.
    pub website: String,
    /// How.
    pub promotion: String,
    /// The version of the terms that they accept.
    pub terms_version: i64,
}

/// Applies for `person`, who needs no profile on the marketplace. Anyone who was rejected may apply once more.
///
/// # Errors
/// `TERMS_CHANGED`, `ILLEGAL_STATE`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn apply(txn: &Txn, person: &Viewer, application: Application) -> Result<AccountId> {
    let person = accounts::acting(txn, person.id()).await?;
    let current = txn.policy().affiliate.terms_version;
    if application.terms_version != current {
        return Err(rejection::terms_changed(current).into());
    }
    let known = store::lock_affiliate(txn, person.id()).await?;
    if let Some(known) = &known {
        rules::moved(known.state, AffiliateMove::ApplyAgain)?;
    }
    let row = affiliate::Model {
        account_id: person.id(),
        state: AffiliateState::Pending,
        website: application.website,
        promotion: application.promotion,
        terms_version: application.terms_version,
        applied_at: txn.now(),
        decided_at: None,
        decided_by: None,
        reason: None,
        suspended_at: known.as_ref().and_then(|known| known.suspended_at),
    };
    match known {
        Some(_) => store::update_affiliate(txn, row).await?,
        None => store::insert_affiliate(txn, row).await?,
    }
    Ok(person.id())
}
