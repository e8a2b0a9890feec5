//! The plan that a person is on (M-1).

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, DEFAULT_PLAN},
    store,
};
use crate::{
    clock::Instant,
    connects,
    entity::{enums::MembershipPlan, ids::AccountId},
    error::Result,
};

/// The plan of `account` at `now`; the default one for people without a wallet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn plan_of(db: &impl ConnectionTrait, account: AccountId, now: Instant) -> Result<MembershipPlan> {
    let Some(wallet) = connects::store::find_wallet_of(db, account).await? else { return Ok(DEFAULT_PLAN) };
    let periods = store::list_plan_periods(db, &[wallet.id], now).await?;
    Ok(rules::plan_at(&periods, now))
}
