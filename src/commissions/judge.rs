//! What has locked is judged once more before it is paid (F-8, F-9).

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, CommissionMove},
    store,
    sweep::{Flags, case_of, ended, flags_of, write},
};
use crate::{
    affiliates::{self, rules::rings::Case},
    clock::Instant,
    db::Txn,
    entity::{
        affiliate_flag, commission,
        enums::{CommissionReason, FlagKind, FlagState},
        ids::{AccountId, CommissionId},
    },
    error::Result,
    policy::Review,
};

/// Commissions of which something is due, and that are not paid.
#[derive(Clone, Debug, Default)]
pub struct Stopped {
    /// Those of which the hire is outside the terms by now, or that were found to be fraud (F-8, F-9).
    pub outside: Vec<CommissionId>,
    /// Those that may be fraud as it turns out now, which no flag says yet (F-8).
    pub suspected: Vec<CommissionId>,
}

/// The commissions that are due by `now` and not to be paid.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_stopped(db: &impl ConnectionTrait, policy: &Review, now: Instant) -> Result<Stopped> {
    let due = store::list_doubtful(db, now).await?;
    let flags = flags_of(db, &due).await?;
    let found = affiliates::list_suspicions(db, &cases_at(&due, now), policy).await?;
    let known: BTreeSet<_> = flags.values().flatten().map(evidence_in).collect();
    let new = found.iter().filter(|flag| !known.contains(&evidence_in(flag)));
    let clients: BTreeSet<_> = new.map(|flag| flag.client_id).collect();
    let suspected = due.iter().filter(|row| clients.contains(&row.client_id)).map(|row| row.id).collect();
    let outside = outside_among(db, due, &flags, now).await?.into_iter().map(|(row, _)| row.id).collect();
    Ok(Stopped { outside, suspected })
}

/// What is judged once of each client.
fn evidence_in(flag: &affiliate_flag::Model) -> (AccountId, FlagKind, &str) {
    (flag.client_id, flag.kind, &flag.evidence)
}

fn cases_at(rows: &[commission::Model], by: Instant) -> Vec<Case> {
    rows.iter().map(|row| case_of(row, by)).collect()
}

/// Looks at those that something may speak against, before the others are paid: ends those of which the hire is outside the
/// terms or that were found to be fraud, and flags those that may be fraud.
///
/// # Errors
/// When the database refuses.
pub async fn judge_unpaid(txn: &Txn) -> Result<()> {
    let due = store::lock_doubtful(txn).await?;
    affiliates::suspect(txn, &cases_at(&due, txn.due_by())).await?;
    let flags = flags_of(txn, &due).await?;
    let outside = outside_among(txn, due, &flags, txn.due_by()).await?;
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
