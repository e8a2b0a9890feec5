//! What has locked is judged once more before it is paid (F-8, F-9).

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, CommissionMove},
    store,
    sweep::{Flags, case_of, ended, write},
};
use crate::{
    affiliates,
    clock::Instant,
    db::Txn,
    entity::{
        affiliate_flag, commission,
        enums::{CommissionReason, FlagState},
        ids::CommissionId,
    },
    error::Result,
    policy::Review,
};

/// Commissions of which something is due, and that are not paid.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    /// Those of which the hire is outside the terms by now (F-9).
    pub outside: Vec<CommissionId>,
    /// Those that may be fraud, on which an admin has yet to decide (F-8).
    pub under_review: Vec<CommissionId>,
}

/// The commissions that are due by `now` and not to be paid.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_stopped(db: &impl ConnectionTrait, policy: &Review, now: Instant) -> Result<Stopped> {
    let due = store::list_unpaid(db, now).await?;
    let clients: Vec<_> = due.iter().map(|row| row.client_id).collect();
    let (known, found) =
        (affiliates::list_flags(db, &clients).await?, suspicions(db, &due, policy, now).await?);
    let is_suspected = |row: &commission::Model| {
        let known = known.get(&row.client_id).map_or(&[][..], Vec::as_slice);
        let is_new = |flag: &affiliate_flag::Model| flag.client_id == row.client_id && !is_known(flag, known);
        known.iter().any(|flag| flag.state == FlagState::Open) || found.iter().any(is_new)
    };
    let under_review = due.iter().filter(|row| is_suspected(row)).map(|row| row.id).collect();
    let outside = outside_among(db, due, &known, now).await?.into_iter().map(|(row, _)| row.id).collect();
    Ok(Stopped { outside, under_review })
}

fn is_known(flag: &affiliate_flag::Model, known: &[affiliate_flag::Model]) -> bool {
    known.iter().any(|other| (other.kind, &other.evidence) == (flag.kind, &flag.evidence))
}

async fn suspicions(
    db: &impl ConnectionTrait,
    due: &[commission::Model],
    policy: &Review,
    now: Instant,
) -> Result<Vec<affiliate_flag::Model>> {
    let case = |row: &commission::Model| case_of((row.client_id, row.affiliate_id, row.freelancer_id), now);
    affiliates::list_suspicions(db, &due.iter().map(case).collect::<Vec<_>>(), policy).await
}

/// Ends those of which the hire is outside the terms, and flags those that may be fraud, before the others are paid.
///
/// # Errors
/// When the database refuses.
pub async fn judge_unpaid(txn: &Txn) -> Result<()> {
    let due = store::lock_unpaid(txn).await?;
    let now = txn.due_by();
    let case = |row: &commission::Model| case_of((row.client_id, row.affiliate_id, row.freelancer_id), now);
    affiliates::suspect(txn, &due.iter().map(case).collect::<Vec<_>>()).await?;
    let known = affiliates::list_flags(txn, &due.iter().map(|row| row.client_id).collect::<Vec<_>>()).await?;
    let outside = outside_among(txn, due, &known, now).await?;
    let end = |(row, reason): (commission::Model, _)| ended(&row, CommissionMove::Exclude, reason, txn.now());
    write(txn, outside.into_iter().map(end).collect(), Vec::new()).await
}

async fn outside_among(
    db: &impl ConnectionTrait,
    due: Vec<commission::Model>,
    flags: &Flags,
    now: Instant,
) -> Result<Vec<(commission::Model, CommissionReason)>> {
    let people: Vec<_> = due.iter().map(|row| store::People::at(row, now)).collect();
    let relations = store::list_relations(db, &people).await?;
    let outside = |row: commission::Model| {
        let related = relations.get(&row.client_id).cloned().unwrap_or_default();
        let reason = rules::outside_of((row.affiliate_id, row.freelancer_id), &related);
        let is_fraud = flags
            .get(&row.client_id)
            .is_some_and(|flags| flags.iter().any(|flag| flag.state == FlagState::Upheld));
        Some((row, reason.or(is_fraud.then_some(CommissionReason::Fraud))?))
    };
    Ok(due.into_iter().filter_map(outside).collect())
}
