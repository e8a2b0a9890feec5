//! A client funds a milestone: the payment begins (O-2).

use serde::{Deserialize, Serialize};

use super::{
    rejection,
    rules::{self, Move},
    settle, store,
};
use crate::{
    accounts::{self, Acting},
    db::Txn,
    entity::{
        contract,
        enums::{ContractState, PaymentPurpose, PaymentState},
        ids::{MilestoneId, PaymentId},
        milestone,
    },
    error::Result,
    money::Money,
    notifications::notify,
    payments::{self, By},
    viewer::Viewer,
};

/// A milestone whose payment has begun.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Funding {
    /// The milestone.
    pub milestone: MilestoneId,
    /// The payment, for which the provider is to be asked once this is committed.
    pub payment: PaymentId,
}

/// Begins the payment for a milestone of a contract of `client`.
///
/// # Errors
/// `NOT_FOUND`, `CONTRACT_ENDED`, `ILLEGAL_STATE`, `FREELANCER_RESTRICTED`, `INSUFFICIENT_CASH`, `THROTTLED`;
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn fund(txn: &Txn, client: &Viewer, id: MilestoneId, by: By) -> Result<Funding> {
    let client = accounts::acting(txn, client.id()).await?;
    let (contract, milestone) =
        store::lock_milestone(txn, id).await?.ok_or_else(rejection::no_such_milestone)?;
    if contract.client_id != client.id() {
        return Err(rejection::no_such_milestone().into());
    }
    if contract.state == ContractState::Ended {
        return Err(rejection::contract_ended().into());
    }
    rules::moved(milestone.state, Move::Fund)?;
    if accounts::store::find_restriction(txn, contract.freelancer_id, txn.now()).await?.is_some() {
        return Err(rejection::freelancer_restricted().into());
    }
    pay(txn, &client, &contract, milestone, by).await
}

/// Begins the payment for a milestone, which is locked and may be funded; one from the client's cash account is in escrow
/// at once.
///
/// # Errors
/// `NOT_FOUND` at `paymentMethodId`, `ILLEGAL_STATE`, `INSUFFICIENT_CASH`, `THROTTLED`.
pub(super) async fn pay(
    txn: &Txn,
    client: &Acting,
    contract: &contract::Model,
    mut milestone: milestone::Model,
    by: By,
) -> Result<Funding> {
    let id = milestone.id;
    milestone.state = rules::moved(milestone.state, Move::Fund)?;
    let asked = payments::Asked {
        by,
        purpose: PaymentPurpose::Milestone,
        document: id.0,
        amount: Money::new(milestone.amount_cents, contract.currency),
    };
    let payment = payments::begin(txn, client, &asked).await?;
    if payment.state == PaymentState::Paid {
        let arrived = settle::arrive(txn, contract, &mut milestone, &payment).await?;
        notify(txn, vec![arrived]).await?;
    }
    store::update_milestone(txn, milestone).await?;
    Ok(Funding { milestone: id, payment: payment.id })
}
