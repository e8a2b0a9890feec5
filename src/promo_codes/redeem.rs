//! A person uses a promo code that needs no purchase (B-5).

use super::{rejection, reserve, rules::Use};
use crate::{
    accounts, connects,
    db::Txn,
    entity::ids::{PromoCodeId, PromoRedemptionId},
    error::Result,
    viewer::Viewer,
};

/// Gives `person` what a code gives without a purchase, at once.
///
/// # Errors
/// `NOT_A_FREELANCER`; those of [`offer`](reserve::offer); `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn redeem(txn: &Txn, person: &Viewer, id: PromoCodeId) -> Result<PromoRedemptionId> {
    let person = accounts::acting(txn, person.id()).await?;
    let wallet = connects::store::find_wallet_of(txn, person.id()).await?.ok_or_else(rejection::no_wallet)?;
    reserve::lock(txn, id).await?;
    let offer = reserve::offer(txn, person.account(), id, Use::Alone, txn.now()).await?;
    let redemption = reserve::reserve(txn, id, (person.id(), wallet.id), offer).await?;
    reserve::use_up(txn, redemption).await?;
    Ok(redemption)
}
