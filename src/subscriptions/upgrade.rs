//! A person upgrades to a plan (M-6): the first cycle is bought, and begins once it is paid.

use serde::{Deserialize, Serialize};

use super::{Preview, preview, rejection, settle::begin_paid};
use crate::{
    accounts, connects,
    connects::WalletSet,
    db::Txn,
    entity::{
        enums::{Currency, MembershipPlan, PaymentState},
        ids::{PaymentId, PurchaseId, WalletId},
    },
    error::{Rejection, Result},
    memberships,
    money::Money,
    payments::Paying,
    purchases::{self, Cycle},
    viewer::Viewer,
};

/// What a person upgrades to.
#[derive(Clone, Copy, Debug)]
pub struct Upgrading {
    /// The plan.
    pub plan: MembershipPlan,
    /// What the person saw that is charged; another amount is refused.
    pub expected: Money,
    /// How many Connects the person saw that it brings, if they say it; another number is refused.
    pub expected_connects: Option<i64>,
    /// How they pay.
    pub paying: Paying,
}

/// An upgrade that is paid, or whose payment has begun.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Upgraded {
    /// The wallet.
    pub wallet: WalletId,
    /// The purchase of the first cycle, and its payment; none if a month that was given is used.
    pub bought: Option<(PurchaseId, PaymentId)>,
}

/// Upgrades `person` to a plan. A month that was given to them is used first; otherwise nothing begins before the payment is
/// paid, which it is at once from a cash account.
///
/// # Errors
/// `NOT_A_FREELANCER`, `PLAN_UNCHANGED`, `UPGRADE_PENDING`, `PRICE_CHANGED`, `CONFLICT` for other Connects than expected,
/// `PURCHASES_FROZEN`, and those of payments;
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn upgrade(txn: &Txn, person: &Viewer, upgrading: Upgrading) -> Result<Upgraded> {
    let person = accounts::acting(txn, person.id()).await?;
    let wallet = connects::store::find_wallet_of(txn, person.id()).await?;
    let wallet = wallet.ok_or_else(memberships::rejection::not_a_freelancer)?.id;
    // What has begun is issued first: it may use months that were given.
    connects::store::lock_all(txn, &WalletSet::of([wallet])).await?;
    memberships::issue_due_of(txn, wallet).await?;
    let preview = preview(txn, txn.version(), (person.account(), wallet), upgrading.plan, txn.now()).await?;
    must_be_expected(&preview, &upgrading)?;
    if preview.is_given {
        memberships::use_next(txn, (person.id(), wallet), upgrading.plan).await?;
        return Ok(Upgraded { wallet, bought: None });
    }
    let cycle = Cycle { wallet, plan: upgrading.plan, starts_at: None };
    let (purchase, payment) = purchases::order(txn, &person, cycle, preview.priced, upgrading.paying).await?;
    let bought = Some((purchase.id, payment.id));
    if payment.state == PaymentState::Paid {
        begin_paid(txn, purchase, &payment).await?;
    }
    Ok(Upgraded { wallet, bought })
}

fn must_be_expected(preview: &Preview, upgrading: &Upgrading) -> Result<(), Rejection> {
    let charged = Money::new(preview.charged(), Currency::Usd);
    if upgrading.expected != charged {
        return Err(rejection::price_changed(charged));
    }
    match upgrading.expected_connects {
        Some(seen) if seen != preview.connects() => {
            Err(rejection::connects_changed(seen, preview.connects()))
        }
        _ => Ok(()),
    }
}
