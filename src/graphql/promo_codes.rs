//! Promo codes.

pub mod loaders;
pub mod mutations;
pub mod of_admin;
pub mod of_viewer;
pub mod promo_code;
pub mod promo_redemption;

use async_graphql::Context;

use crate::{
    db::Txn,
    entity::ids::PromoCodeId,
    error::Result,
    graphql::kit::{
        context::{Request, request},
        mutation::{Answer, Outcome, answer},
    },
    idempotency::{self, Key},
    promo_codes,
};

/// The promo code that the signed-in person typed, if they typed one. A wrong one counts as a guess.
///
/// # Errors
/// `PROMO_CODE_UNKNOWN`, `THROTTLED`.
pub async fn promo_code_of(request: &Request, typed: Option<&str>) -> Result<Option<PromoCodeId>> {
    let Some(typed) = typed.filter(|typed| !typed.trim().is_empty()) else { return Ok(None) };
    let who = (request.person()?, request.origin);
    Ok(Some(promo_codes::find(&request.db, &request.gate, who, typed).await?))
}

/// The same for a mutation: the code, or the outcome of one that is refused. A retry, whose outcome is remembered under `key`, needs none:
/// it is no guess.
///
/// # Errors
/// Top-level ones: faults, and refusals of visitors.
pub async fn promo_code_in(
    ctx: &Context<'_>,
    key: Result<Option<Key>>,
    typed: Option<&str>,
) -> Answer<Result<Option<PromoCodeId>, Outcome>> {
    let looked_up = answer(ctx, async {
        let (request, key) = (request(ctx), key?);
        let is_used = async |txn: &Txn| idempotency::is_used(txn, key.as_ref()).await;
        if typed.is_some() && key.is_some() && request.db.write(is_used).await? {
            return Ok(None);
        }
        promo_code_of(request, typed).await
    });
    let (found, user_errors) = looked_up.await?;
    Ok(found.ok_or(Outcome { replayed: false, user_errors }))
}
