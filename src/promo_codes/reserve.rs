//! A use of a promo code with a purchase: kept when the payment begins, used once it is paid, released if it failed (B-5).

use super::{
    rejection,
    rules::{self, Offer, PromoRedemptionMove, Use, User, moved},
    store,
};
use crate::{
    clock::Instant,
    connects::{self, Grant, WalletSet, grant},
    db::Txn,
    entity::{
        account,
        enums::{DocumentKind, GiftSource, HistoryKind, MembershipPlan, PromoKind, PromoRedemptionState},
        ids::{AccountId, PromoCodeId, PromoRedemptionId, WalletId},
        promo_code, promo_redemption,
    },
    error::{Fault, Result},
    memberships::{self, Gift},
    money::Connects,
};
use sea_orm::ConnectionTrait;

/// Locks a code, so that what [`offer`] says of it holds until the transaction ends.
///
/// # Errors
/// `PROMO_CODE_UNKNOWN`.
pub async fn lock(txn: &Txn, id: PromoCodeId) -> Result<()> {
    store::lock_code(txn, id).await?.ok_or_else(rejection::unknown)?;
    Ok(())
}

/// What a code gives `account` at `now` for this use.
///
/// # Errors
/// `PROMO_CODE_UNKNOWN`, `PROMO_CODE_EXPIRED`, `PROMO_CODE_USED_UP`, `PROMO_CODE_ALREADY_USED`,
/// `PROMO_CODE_NOT_APPLICABLE`; when the database cannot be reached.
pub async fn offer(
    db: &impl ConnectionTrait,
    account: &account::Model,
    id: PromoCodeId,
    what: Use,
    now: Instant,
) -> Result<Offer> {
    let code = store::find_code(db, id).await?.ok_or_else(rejection::unknown)?;
    let uses = store::list_slots(db, id, account.id).await?.len();
    let plan = memberships::plan_of(db, account.id, now).await?;
    let user = User { country: &account.country, plan, uses: i64::try_from(uses).unwrap_or(i64::MAX) };
    Ok(rules::offer_of(&code, &user, what, now)?)
}

/// Keeps a use of a code, which is locked, for a payment by `account` that is about to begin.
///
/// # Errors
/// When the database refuses.
pub async fn reserve(
    txn: &Txn,
    id: PromoCodeId,
    (account, wallet): (AccountId, WalletId),
    offer: Offer,
) -> Result<PromoRedemptionId> {
    let taken = store::list_slots(txn, id, account).await?;
    let row = promo_redemption::Model {
        id: PromoRedemptionId::new(),
        promo_code_id: id,
        account_id: account,
        wallet_id: wallet,
        slot: rules::free_slot(&taken),
        state: PromoRedemptionState::Reserved,
        connects: offer.bonus,
        discount_cents: offer.discount,
        entry_seq: None,
        redeemed_at: txn.now(),
        ended_at: None,
    };
    let redemption = row.id;
    store::insert_redemption(txn, row).await?;
    store::count(txn, id, 1).await?;
    Ok(redemption)
}

/// Uses what was kept, now that it is paid: the Connects that the code gives are a lot of their own, and months of a plan are
/// the person's.
///
/// # Errors
/// When the database refuses.
pub async fn use_up(txn: &Txn, id: PromoRedemptionId) -> Result<()> {
    let (code, row) = lock_redemption(txn, id).await?;
    let state = moved(row.state, PromoRedemptionMove::UseUp)?;
    let entry = if row.connects > 0 { issue(txn, &row).await? } else { None };
    store::update_redemption(txn, id, state, entry).await?;
    if code.kind == PromoKind::PlanMonths {
        let (plan, months) = (MembershipPlan::Plus, code.amount);
        let gift = Gift { plan, months, source: GiftSource::Promo, actor: None };
        memberships::give(txn, (row.account_id, row.wallet_id), gift).await?;
    }
    Ok(())
}

/// Gives back what was kept, now that the payment has failed: the code can be used again.
///
/// # Errors
/// When the database refuses.
pub async fn release(txn: &Txn, id: PromoRedemptionId) -> Result<()> {
    let (code, row) = lock_redemption(txn, id).await?;
    let state = moved(row.state, PromoRedemptionMove::Release)?;
    store::update_redemption(txn, id, state, None).await?;
    store::count(txn, code.id, -1).await
}

/// Locks the code of a use before the wallet, which it may be about to change.
///
/// # Errors
/// When the database refuses.
pub async fn lock_kept(txn: &Txn, id: PromoRedemptionId) -> Result<()> {
    lock_redemption(txn, id).await?;
    Ok(())
}

/// Locks the code of a use, and reads both.
async fn lock_redemption(
    txn: &Txn,
    id: PromoRedemptionId,
) -> Result<(promo_code::Model, promo_redemption::Model)> {
    let missing = || Fault::Broken(format!("a use of a promo code, {id}, does not exist"));
    let row = store::find_redemption(txn, id).await?.ok_or_else(missing)?;
    let code = store::lock_code(txn, row.promo_code_id).await?.ok_or_else(missing)?;
    // Read again: it may have changed before the code was locked.
    let row = store::find_redemption(txn, id).await?.ok_or_else(missing)?;
    Ok((code, row))
}

/// Issues the Connects of a use; returns the number of the entry.
async fn issue(txn: &Txn, row: &promo_redemption::Model) -> Result<Option<i64>> {
    let ready = connects::ready(txn, WalletSet::of([row.wallet_id])).await?;
    let lot = Grant {
        kind: HistoryKind::Promo,
        quantity: Connects(row.connects),
        effective_at: txn.now(),
        business_key: format!("{}/{}", HistoryKind::Promo, row.id),
        document: (DocumentKind::PromoRedemption, row.id.to_string()),
    };
    grant(txn, &lot, &ready).await?;
    connects::store::find_entry_seq(txn, row.wallet_id, &lot.business_key).await
}
