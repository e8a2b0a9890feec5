//! What Connects would cost a person now (B-2).

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, Cost, Place},
    store,
};
use crate::{
    clock::Instant,
    connects,
    entity::{account, ids::PromoCodeId},
    error::Result,
    policy::Policy,
    promo_codes::{
        self,
        rules::{Offer, Use},
    },
};

/// What Connects cost a person, and until when they could be spent.
#[derive(Clone, Debug)]
pub struct Quote {
    /// What they cost.
    pub cost: Cost,
    /// Where the person is taxed.
    pub place: Place,
    /// What a promo code gives, its discount among it (B-5).
    pub offer: Offer,
    /// When they would expire if they were paid now (L-2).
    pub expires_at: Instant,
}

/// What a person wants to know the price of.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// How many Connects.
    pub quantity: i64,
    /// With which promo code.
    pub promo: Option<PromoCodeId>,
}

/// What Connects cost `buyer` at `now`, under the `policy` in force then.
///
/// # Errors
/// `INVALID_INPUT` at `quantity`; those of [`promo_codes::offer`]; when the database cannot be reached.
pub async fn quote(
    db: &impl ConnectionTrait,
    policy: &Policy,
    buyer: &account::Model,
    Wanted { quantity, promo }: Wanted,
    now: Instant,
) -> Result<Quote> {
    rules::may_buy(&policy.purchases, quantity)?;
    let offer = match promo {
        Some(code) => {
            let list = rules::list_of(&policy.purchases, quantity);
            promo_codes::offer(db, buyer, code, Use::Purchase(list), now).await?
        }
        None => Offer::default(),
    };
    let place = store::find_place(db, buyer).await?;
    Ok(of(policy, place, (quantity, offer), now))
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
    Ok(bundles.map(|quantity| of(policy, place.clone(), (*quantity, Offer::default()), now)).collect())
}

fn of(policy: &Policy, place: Place, (quantity, offer): (i64, Offer), now: Instant) -> Quote {
    let cost = rules::cost_of(&policy.purchases, &policy.taxes, &place, quantity, offer.discount);
    Quote { cost, place, offer, expires_at: connects::rules::expiry_of(now) }
}
