//! A freelancer chooses what they show of themselves (M-11).

use super::{
    rejection,
    rules::{self, MOST_SLUGS},
    store,
};
use crate::{
    accounts, connects,
    db::Txn,
    entity::{enums::Perk, ids::AccountId, profile_slug},
    error::Result,
    memberships,
};

/// What changes; `None` stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Changes<'a> {
    /// Whether the freelancer hides what they have earned.
    pub hides_earnings: Option<bool>,
    /// The address of their profile, as they type it; no text to give it up.
    pub slug: Option<Option<&'a str>>,
}

/// Changes what a freelancer shows. A perk can be given up on any plan.
///
/// # Errors
/// `NOT_A_FREELANCER`, `PLAN_REQUIRED`, `INVALID_INPUT`, `PROFILE_URL_TAKEN`, `TOO_MANY_PROFILE_URLS`;
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn set(txn: &Txn, person: AccountId, changes: Changes<'_>) -> Result<()> {
    let slug = changes.slug.flatten().map(rules::checked_slug).transpose()?;
    let person = accounts::acting(txn, person).await?.id();
    if connects::store::find_wallet_of(txn, person).await?.is_none() {
        return Err(rejection::not_a_freelancer().into());
    }
    let perks =
        [(changes.hides_earnings == Some(true), Perk::HiddenEarnings), (slug.is_some(), Perk::ProfileUrl)];
    for (_, perk) in perks.into_iter().filter(|(is_used, _)| *is_used) {
        memberships::must_have(txn, person, perk, (txn.policy(), txn.now())).await?;
    }
    if let Some(slug) = &slug {
        may_take(txn, person, slug).await?;
    }
    if let Some(hides) = changes.hides_earnings {
        store::upsert_profile(txn, person, hides).await?;
    }
    match (changes.slug, slug) {
        (Some(_), slug) => take(txn, person, slug).await,
        (None, _) => Ok(()),
    }
}

/// Checks that an address is nobody else's, and that the person has not chosen too many.
async fn may_take(txn: &Txn, person: AccountId, slug: &str) -> Result<()> {
    match store::find_slug(txn, slug).await? {
        Some(row) if row.account_id != person => Err(rejection::slug_taken().into()),
        Some(_) => Ok(()),
        None if store::list_slugs(txn, &[person]).await?.len() >= MOST_SLUGS => {
            Err(rejection::too_many_slugs(MOST_SLUGS).into())
        }
        None => Ok(()),
    }
}

/// Puts another address, or none, in the place of the one in use.
async fn take(txn: &Txn, person: AccountId, slug: Option<String>) -> Result<()> {
    store::give_up_slug(txn, person, slug.as_deref()).await?;
    let Some(slug) = slug else { return Ok(()) };
    let row = profile_slug::Model { slug, account_id: person, chosen_at: txn.now(), given_up_at: None };
    // Somebody else may have chosen it at this very moment.
    if store::upsert_slug(txn, row).await? { Ok(()) } else { Err(rejection::slug_taken().into()) }
}
