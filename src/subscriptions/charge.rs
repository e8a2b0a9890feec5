//! The payment of a cycle that has begun, begins (M-7).

use super::settle::paid;
use crate::{
    accounts,
    clock::Instant,
    connects,
    db::Txn,
    entity::{
        enums::PaymentState,
        ids::{AccountId, WalletId},
        renewal,
    },
    error::{Fault, Result},
    memberships::{self, Next},
    payments::Paying,
    purchases::{self, Cycle},
};

/// Begins the payment of a renewal, under the policy in force at the cycle's start; from a cash account, it is paid at once.
/// Returns whether it began. One that has begun, or is not to be paid any more, does nothing; nor does one that waits.
///
/// # Errors
/// Why it cannot be paid, after which [`give_up`] is for the caller: those of payments, `PURCHASES_FROZEN`,
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`. When the database refuses.
pub async fn charge(txn: &Txn, renewal: &renewal::Model, paying: Paying) -> Result<bool> {
    let (wallet, starts_at) = (renewal.wallet_id, renewal.starts_at);
    let payer = accounts::acting(txn, owner_of(txn, wallet).await?).await?;
    let Next::Charge(plan) = memberships::decide_renewal(txn, wallet, starts_at).await? else {
        return Ok(false);
    };
    let priced = purchases::price(txn, txn.version_at(starts_at), payer.account(), plan).await?;
    let cycle = Cycle { wallet, plan, starts_at: Some(starts_at) };
    // Nothing is written before it is sure that the payment begins: in a rehearsal, nothing can be taken back.
    let (purchase, payment) = purchases::order(txn, &payer, cycle, priced, paying).await?;
    memberships::begin_renewal(txn, wallet, starts_at).await?;
    if payment.state == PaymentState::Paid {
        paid(txn, purchase, &payment).await?;
    }
    Ok(true)
}

/// Puts the owner of a renewal that cannot be paid on the free plan, from the cycle's start.
///
/// # Errors
/// When the database refuses.
pub async fn give_up(txn: &Txn, wallet: WalletId, starts_at: Instant) -> Result<()> {
    let owner = owner_of(txn, wallet).await?;
    // Accounts are locked before wallets.
    accounts::store::lock_account(txn, owner).await?;
    memberships::give_up_renewal(txn, (owner, wallet), starts_at).await
}

async fn owner_of(txn: &Txn, wallet: WalletId) -> Result<AccountId> {
    let missing = || Fault::Broken(format!("wallet {wallet} has no owner"));
    Ok(connects::store::find_wallet(txn, wallet).await?.ok_or_else(missing)?.account_id)
}
