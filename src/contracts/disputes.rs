//! Disputes over milestones: one side opens one, and withdraws it, both settle it, or an admin decides it (O-2).

use super::{
    notifications::{decided, opened, released, withdrawn},
    postings,
    refund::{self, Refunding},
    rejection,
    release::set_free,
    rules::{self, DisputeMove, Move},
    store,
};
use crate::{
    accounts,
    audit::{self, Record},
    db::Txn,
    entity::{
        contract, dispute,
        enums::{AuditAction, DisputeState, MilestoneState},
        ids::{AccountId, DisputeId, MilestoneId},
        milestone, refund as refund_row,
    },
    error::{Fault, Result},
    notifications::notify,
    viewer::{Permission, Viewer},
};

/// Opens a dispute over a milestone of `person`. Over what is in escrow, either side can; over what was released, the
/// client, for some days. Somebody who decides disputes and has no part in it can do both, so that no money is stuck between
/// two people who are suspended or silent. What was decided is final.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`, `DISPUTE_TOO_LATE`, `ALREADY_DISPUTED`, `DISPUTE_DECIDED`, `TOO_MANY_DISPUTES`;
/// `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn open(txn: &Txn, person: &Viewer, id: MilestoneId, reason: &str) -> Result<DisputeId> {
    let may_arbitrate = person.may(Permission::Arbitrate);
    let person = accounts::acting(txn, person.id()).await?;
    let found = store::lock_milestone(txn, id).await?;
    let (contract, milestone) = found.ok_or_else(rejection::no_such_milestone)?;
    let told = others(&contract, person.id());
    if told.len() > 1 && !may_arbitrate {
        return Err(rejection::no_such_milestone().into());
    }
    let as_client = person.id() != contract.freelancer_id;
    rules::disputable(&milestone, as_client, txn.now(), &txn.policy().contracts)?;
    rules::another(&store::list_disputes(txn, id).await?, person.id())?;
    let row = dispute::Model {
        id: DisputeId::new(),
        milestone_id: id,
        opened_by: person.id(),
        reason: reason.to_owned(),
        state: DisputeState::Open,
        opened_at: txn.now(),
        ended_at: None,
        decided_by: None,
        decision: None,
        refund_cents: None,
    };
    let id = row.id;
    store::insert_dispute(txn, row).await?;
    notify(txn, told.into_iter().map(|to| opened(&contract, id, to, txn.now())).collect()).await?;
    Ok(id)
}

/// Withdraws a dispute that `person` opened.
///
/// # Errors
/// `NOT_FOUND`, `ILLEGAL_STATE`; `ACCOUNT_CLOSED`.
pub async fn withdraw(txn: &Txn, person: &Viewer, id: DisputeId) -> Result<DisputeId> {
    let person = accounts::acting_even_suspended(txn, person.id()).await?;
    let (contract, _, dispute) = lock(txn, id).await?;
    if dispute.opened_by != person.id() {
        return Err(rejection::no_such_dispute().into());
    }
    rules::dispute_moved(dispute.state, DisputeMove::Withdraw)?;
    end(txn, dispute, DisputeMove::Withdraw).await?;
    let told = others(&contract, person.id());
    notify(txn, told.into_iter().map(|to| withdrawn(&contract, id, to, txn.now())).collect()).await?;
    Ok(id)
}

/// Settles the dispute over a milestone, which is locked, if there is one: its money went to one side.
pub(super) async fn settle(txn: &Txn, milestone: MilestoneId) -> Result<()> {
    match store::lock_open_dispute(txn, milestone).await? {
        Some(dispute) => end(txn, dispute, DisputeMove::Settle).await,
        None => Ok(()),
    }
}

/// What an admin decides.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What goes back to the client, in minor units; what is left of escrow is released.
    pub refund_cents: i64,
    /// Why.
    pub reason: String,
}

/// Decides a dispute, for somebody who has no part in it. What the freelancer does not have of what goes back, they owe
/// (O-5). Returns the refund that has begun, if anything goes back.
///
/// # Errors
/// `NOT_ALLOWED`, `NOT_FOUND`, `ILLEGAL_STATE`, `INVALID_INPUT`, `FREELANCER_RESTRICTED`.
pub async fn decide(
    txn: &Txn,
    admin: &Viewer,
    id: DisputeId,
    decision: Decision,
) -> Result<Option<Refunding>> {
    admin.must(Permission::Arbitrate)?;
    let (contract, milestone, dispute) = lock(txn, id).await?;
    if others(&contract, admin.id()).len() == 1 {
        return Err(rejection::own_dispute().into());
    }
    rules::dispute_moved(dispute.state, DisputeMove::Decide)?;
    rules::decidable(&milestone, decision.refund_cents)?;
    let refunding = carry_out(txn, admin.id(), &contract, milestone, decision.refund_cents).await?;
    let facts = serde_json::json!({ "refund_cents": decision.refund_cents, "reason": decision.reason });
    let record = Record::new(AuditAction::DisputeDecided, Some(admin.id()));
    audit::record(txn, record.to(contract.freelancer_id).on(id.to_string()).with(facts)).await?;
    let told = [contract.client_id, contract.freelancer_id];
    notify(txn, told.map(|to| decided(&contract, id, to, txn.now())).to_vec()).await?;
    let decided = dispute::Model {
        decided_by: Some(admin.id()),
        decision: Some(decision.reason),
        refund_cents: Some(decision.refund_cents),
        ..dispute
    };
    end(txn, decided, DisputeMove::Decide).await?;
    Ok(refunding)
}

/// The reason of a refund that was decided; the admin's own words are with the dispute.
const REASON: &str = "A dispute was decided.";

/// Moves the money of a milestone as it was decided.
async fn carry_out(
    txn: &Txn,
    admin: AccountId,
    contract: &contract::Model,
    mut milestone: milestone::Model,
    cents: i64,
) -> Result<Option<Refunding>> {
    let id = milestone.id;
    let refund = match cents {
        0 => None,
        cents => Some(refund::begin(txn, &milestone, cents, REASON).await?),
    };
    if milestone.state == MilestoneState::Funded {
        divide(txn, admin, contract, &mut milestone, refund.as_ref()).await?;
    } else if let Some(refund) = &refund {
        let fee = refund::reverse(&mut milestone, cents)?;
        postings::reclaim_earnings(txn, contract, refund, (id, fee), admin).await?;
    }
    milestone.refunded_cents += cents;
    store::update_milestone(txn, milestone).await?;
    Ok(refund.map(|refund| Refunding { milestone: id, refund: refund.id }))
}

/// Divides what is in escrow: what is not refunded is released.
async fn divide(
    txn: &Txn,
    admin: AccountId,
    contract: &contract::Model,
    milestone: &mut milestone::Model,
    refund: Option<&refund_row::Model>,
) -> Result<()> {
    let rest = rules::left_of(milestone) - refund.map_or(0, |refund| refund.amount_cents);
    if rest == 0 {
        milestone.state = rules::moved(milestone.state, Move::Refund)?;
        return postings::divide(txn, contract, refund, None, admin).await;
    }
    set_free(txn, milestone, rest)?;
    if accounts::store::find_restriction(txn, contract.freelancer_id, txn.now()).await?.is_some() {
        return Err(rejection::decided_freelancer_restricted().into());
    }
    postings::divide(txn, contract, refund, Some(milestone), admin).await?;
    notify(txn, vec![released(contract, milestone, txn.now())]).await
}

/// Locks a dispute by its contract.
async fn lock(txn: &Txn, id: DisputeId) -> Result<(contract::Model, milestone::Model, dispute::Model)> {
    let found = store::find_dispute(txn, id).await?.ok_or_else(rejection::no_such_dispute)?;
    let vanished = || Fault::Broken(format!("the milestone of dispute {id} vanished"));
    let (contract, milestone) = store::lock_milestone(txn, found.milestone_id).await?.ok_or_else(vanished)?;
    // Read again: before the lock was taken, someone else may have ended it.
    let dispute = store::find_dispute(txn, id).await?.ok_or_else(vanished)?;
    Ok((contract, milestone, dispute))
}

async fn end(txn: &Txn, dispute: dispute::Model, way: DisputeMove) -> Result<()> {
    let state = rules::dispute_moved(dispute.state, way)?;
    store::update_dispute(txn, dispute::Model { state, ended_at: Some(txn.now()), ..dispute }).await
}

/// The sides of a contract that are not `person`: one for a side, both for somebody who has no part in it.
fn others(contract: &contract::Model, person: AccountId) -> Vec<AccountId> {
    [contract.client_id, contract.freelancer_id].into_iter().filter(|side| *side != person).collect()
}
