//! What a person's plan gives besides Connects (M-11).

use sea_orm::ConnectionTrait;

use super::{plan_of, rejection};
use crate::{
    clock::Instant,
    entity::{enums::Perk, ids::AccountId},
    error::Result,
    policy::Policy,
};

/// Succeeds if the plan of `account` at `now` gives `perk`.
///
/// # Errors
/// `PLAN_REQUIRED`.
pub async fn must_have(
    db: &impl ConnectionTrait,
    account: AccountId,
    perk: Perk,
    (policy, now): (&Policy, Instant),
) -> Result<()> {
    let plan = plan_of(db, account, now).await?;
    if policy.perks(plan).contains(&perk) { Ok(()) } else { Err(rejection::plan_required(plan, perk).into()) }
}
