//! What a provider said of the payment of a cycle takes effect (M-6, M-7, M-12).

use crate::{
    accounts,
    db::Txn,
    entity::{
        enums::{DocumentKind, MembershipPlan, PaymentState, PlanBasis, RestrictionKind},
        ids::PaymentId,
        payment, purchase,
    },
    error::{Fault, Result},
    memberships::{self, Beginning},
    money::Connects,
    payments::{self, Outcome},
    purchases,
};

/// Writes what the provider said of `payment`, which is for a cycle, with all that follows from it; returns whether it is over
/// now. An outcome that comes twice does nothing.
///
/// # Errors
/// When the database refuses.
pub async fn settle(txn: &Txn, payment: &payment::Model, outcome: &Outcome<PaymentId>) -> Result<bool> {
    let purchase = purchases::lock_of(txn, payment).await?;
    let Some(payment) = payments::record(txn, outcome).await? else { return Ok(false) };
    match payment.state {
        PaymentState::Paid => paid(txn, purchase, &payment).await?,
        PaymentState::Failed => failed(txn, purchase).await?,
        PaymentState::Pending | PaymentState::Unknown => return Ok(false),
    }
    Ok(true)
}

/// What `payment` is for begins, or goes on.
pub(super) async fn paid(txn: &Txn, purchase: purchase::Model, payment: &payment::Model) -> Result<()> {
    let Some(starts_at) = purchase.cycle_starts_at else {
        return begin_paid(txn, purchase, payment).await;
    };
    let whose = (purchase.account_id, purchase.wallet_id);
    let entry = memberships::pay_renewal(txn, whose, (starts_at, Connects(purchase.quantity))).await?;
    purchases::deliver(txn, purchase, payment, (entry, starts_at)).await
}

/// The plan of an upgrade that is paid begins now.
pub(super) async fn begin_paid(txn: &Txn, purchase: purchase::Model, payment: &payment::Model) -> Result<()> {
    let document = (DocumentKind::Purchase, purchase.id.to_string());
    let (owner, plan) = (purchase.account_id, plan_of(&purchase)?);
    let paid = Connects(purchase.quantity);
    // Closing an account ends its plan, and this one, too.
    let restriction = accounts::store::find_restriction(txn, owner, txn.now()).await?;
    let ends_with_cycle = restriction.is_some_and(|(kind, _)| kind == RestrictionKind::Closed);
    let beginning = Beginning { owner, plan, basis: PlanBasis::Charged, paid, ends_with_cycle, document };
    let entry = memberships::begin_plan(txn, purchase.wallet_id, &beginning).await?;
    purchases::deliver(txn, purchase, payment, (entry, txn.now())).await
}

/// Of an upgrade, nothing begins; after a renewal, the person is on the free plan.
async fn failed(txn: &Txn, purchase: purchase::Model) -> Result<()> {
    if let Some(starts_at) = purchase.cycle_starts_at {
        memberships::fail_renewal(txn, (purchase.account_id, purchase.wallet_id), starts_at).await?;
    }
    purchases::fail(txn, purchase).await
}

fn plan_of(purchase: &purchase::Model) -> Result<MembershipPlan> {
    let missing = || Fault::Broken(format!("purchase {} is of no plan", purchase.id));
    Ok(purchase.plan.ok_or_else(missing)?)
}
