//! What Connects would cost a person now (B-2).

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, Cost, Place},
    store,
};
use crate::{
    clock::Instant,
    connects,
    entity::account,
    error::{Rejection, Result},
    policy::Policy,
};

/// What Connects cost a person, and until when they could be spent.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What they cost.
    pub cost: Cost,
    /// Where the person is taxed.
    pub place: Place,
    /// When they would expire if they were paid now (L-2).
    pub expires_at: Instant,
}

/// What `quantity` Connects cost `buyer` at `now`, under the `policy` in force then.
///
/// # Errors
/// `INVALID_INPUT` at `quantity`; when the database cannot be reached.
pub async fn quote(
    db: &impl ConnectionTrait,
    policy: &Policy,
    buyer: &account::Model,
    quantity: i64,
    now: Instant,
) -> Result<Quote> {
    let place = store::find_place(db, buyer).await?;
    Ok(of(policy, place, quantity, now)?)
}

/// What each bundle costs `buyer`, the smallest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_bundles(
    db: &impl ConnectionTrait,
    policy: &Policy,
    buyer: &account::Model,
    now: Instant,
) -> Result<Vec<Quote>> {
    let place = store::find_place(db, buyer).await?;
    let bundles = policy.purchases.bundles.iter();
    Ok(bundles.map(|quantity| of(policy, place.clone(), *quantity, now)).collect::<Result<_, _>>()?)
}

fn of(policy: &Policy, place: Place, quantity: i64, now: Instant) -> Result<Quote, Rejection> {
    rules::may_buy(&policy.purchases, quantity)?;
    let cost = rules::cost_of(&policy.purchases, &policy.taxes, &place, quantity);
    Ok(Quote { cost, place, expires_at: connects::rules::expiry_of(now) })
}
