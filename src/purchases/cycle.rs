//! A cycle of a plan as a purchase (M-6, M-7): what it costs, and its payment. What begins and ends with it is not known here.

use sea_orm::ConnectionTrait;

use super::{
    buy::{begin_payment, sketch},
    notifications, rejection,
    rules::{self, Cost, Place},
    settle::{fell_through, sold},
    store,
};
use crate::{
    accounts::Acting,
    clock::Instant,
    db::Txn,
    entity::{
        account,
        enums::{MembershipPlan, PurchaseItem},
        ids::{PurchaseId, WalletId},
        payment, purchase,
    },
    error::{Fault, Result},
    notifications::notify,
    payments::Paying,
    policy::Version,
};

/// A cycle that is bought.
#[derive(Clone, Copy, Debug)]
pub struct Cycle {
    /// The wallet.
    pub wallet: WalletId,
    /// The plan.
    pub plan: MembershipPlan,
    /// When the cycle starts; for an upgrade, once it is paid.
    pub starts_at: Option<Instant>,
}

/// What a cycle costs a person.
#[derive(Clone, Debug)]
pub struct Priced {
    /// What it costs.
    pub cost: Cost,
    /// Where they are taxed.
    pub place: Place,
    /// The policy version that the price and the tax are from.
    pub version: i64,
}

/// What a cycle of `plan` costs `buyer`, with the tax on it (B-2), under this version of the policy.
///
/// # Errors
/// When the database cannot be reached.
pub async fn price(
    db: &impl ConnectionTrait,
    version: &Version,
    buyer: &account::Model,
    plan: MembershipPlan,
) -> Result<Priced> {
    let place = store::find_place(db, buyer).await?;
    let terms = version.policy.terms(plan);
    let cost = rules::taxed(&version.policy.taxes, &place, (terms.paid, terms.monthly_cents, 0));
    Ok(Priced { cost, place, version: version.number })
}

/// Writes the purchase of a cycle by `buyer` and begins its payment.
///
/// # Errors
/// `PURCHASES_FROZEN`; those of [`crate::payments::begin`] and [`crate::payments::way_of`].
pub async fn order(
    txn: &Txn,
    buyer: &Acting,
    cycle: Cycle,
    Priced { cost, place, version }: Priced,
    paying: Paying,
) -> Result<(purchase::Model, payment::Model)> {
    if store::is_frozen(txn, buyer.id()).await? {
        return Err(rejection::purchases_frozen().into());
    }
    let row = purchase::Model {
        item: PurchaseItem::Membership,
        plan: Some(cycle.plan),
        cycle_starts_at: cycle.starts_at,
        policy_version: version,
        ..sketch(txn, buyer, cycle.wallet, cost, place)
    };
    let payment = begin_payment(txn, buyer, &row, paying).await?;
    store::insert_purchase(txn, row.clone()).await?;
    Ok((row, payment))
}

/// The purchase that `payment` is for, locked.
///
/// # Errors
/// [`Fault::Broken`] when there is none.
pub async fn lock_of(txn: &Txn, payment: &payment::Model) -> Result<purchase::Model> {
    let missing = || Fault::Broken(format!("payment {} has no purchase", payment.id));
    let purchase = store::lock_purchase(txn, PurchaseId(payment.document_id)).await?;
    Ok(purchase.ok_or_else(missing)?)
}

/// Books a cycle that is paid, whose paid part was issued by the entry `entry_seq`, and which starts at `starts_at`.
///
/// # Errors
/// `INSUFFICIENT_CASH` when it is paid from a cash account that has less.
pub async fn deliver(
    txn: &Txn,
    purchase: purchase::Model,
    payment: &payment::Model,
    (entry_seq, starts_at): (Option<i64>, Instant),
) -> Result<()> {
    let purchase = purchase::Model { cycle_starts_at: Some(starts_at), ..purchase };
    let sold = sold(txn, purchase, Some(payment), entry_seq).await?;
    store::update_purchase(txn, sold).await
}

/// Ends the purchase of a cycle whose payment has failed. Of an upgrade, the buyer is told; of a renewal, what follows from it
/// is told elsewhere.
///
/// # Errors
/// When the database refuses.
pub async fn fail(txn: &Txn, purchase: purchase::Model) -> Result<()> {
    if purchase.cycle_starts_at.is_none() {
        notify(txn, vec![notifications::failed(&purchase, txn.now())]).await?;
    }
    let failed = fell_through(txn, purchase)?;
    store::update_purchase(txn, failed).await
}
