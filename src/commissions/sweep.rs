//! The sweep over first fundings and the ends of months (F-5, F-6): in batches, each in a transaction of its own. It may run
//! late, twice, or be killed.

use sea_orm::ConnectionTrait;

use super::{
    notifications::about,
    rules::{self, CommissionMove, Looked, Relation, Standing, Terms, calendar::first_lock},
    store::{self, Funded},
};
use crate::{
    clock::Instant,
    db::{Source, Txn},
    entity::{
        commission, commission_lock,
        enums::{AttributionState, CommissionReason, CommissionState, Currency},
        ids::{CommissionId, CommissionLockId},
    },
    error::{Fault, Result},
    notifications::insert_notifications,
};

/// Attributions or commissions of one batch.
const AT_ONCE: u64 = 500;

/// What a batch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Commissions that were recorded.
    pub recorded: u64,
    /// Attributions that were closed without one.
    pub closed: u64,
    /// Parts that locked.
    pub locked: u64,
    /// Commissions of which nothing, or nothing more, is earned.
    pub ended: u64,
    /// Commissions that were looked at.
    pub looked_at: u64,
}

impl Swept {
    /// Whether nothing was due.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// The instant since or from which there is something to sweep; `None` if nothing is in sight.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_due(db: &Source<'_>) -> Result<Option<Instant>> {
    store::find_next(db).await
}

/// Does a batch of what is due: records commissions on first fundings; closes what brought no hire in time; locks what was
/// released by the end of a month; and ends what is not earned any more.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(txn: &Txn) -> Result<Swept> {
    let mut swept = Swept::default();
    record(txn, &mut swept).await?;
    swept.closed += store::close_without_hire(txn).await?;
    look(txn, &mut swept).await?;
    // What locked by the time of a suspension is kept, so this comes last.
    if swept.looked_at == 0 {
        swept.ended += reverse(txn, store::list_suspended(txn, AT_ONCE).await?).await?;
        swept.ended += reverse(txn, store::list_refunded(txn, AT_ONCE).await?).await?;
    }
    Ok(swept)
}

/// Records a commission for each attribution whose client has paid, or closes it if their first hire was not in time.
async fn record(txn: &Txn, swept: &mut Swept) -> Result<()> {
    let funded = store::list_funded(txn, AT_ONCE).await?;
    let relations = store::list_relations(txn, &funded.iter().map(Into::into).collect::<Vec<_>>()).await?;
    let (mut rows, mut late, mut won) = (Vec::new(), Vec::new(), Vec::new());
    for one in &funded {
        if one.hired_at < one.clicked_at || one.hired_at >= one.hire_before {
            late.push((one.client_id, one.funded_at));
            continue;
        }
        let related = relations.get(&one.client_id).cloned().unwrap_or_default();
        won.push((one.client_id, one.funded_at));
        rows.push(recorded(txn, one, rules::outside_of((one.affiliate_id, one.freelancer_id), &related)));
    }
    swept.recorded += rows.len() as u64;
    swept.closed += late.len() as u64;
    let mut writes = txn.writes();
    let told: Vec<_> =
        rows.iter().filter_map(|row| about(row, Terms::in_force(row).earned(row.base_cents))).collect();
    store::close(&mut writes, AttributionState::NoHireInTime, late);
    store::close(&mut writes, AttributionState::Commissioned, won);
    store::insert_commissions(&mut writes, rows);
    insert_notifications(&mut writes, &told);
    writes.run().await
}

/// The commission on a first funding, under the policy in force then (F-5).
fn recorded(txn: &Txn, one: &Funded, outside: Option<CommissionReason>) -> commission::Model {
    let version = txn.version_at(one.funded_at);
    let (policy, terms) = (&version.policy.affiliate, Terms::of(&version.policy.affiliate));
    let suspended =
        one.is_suspended.then_some((CommissionState::Reversed, CommissionReason::AffiliateSuspended));
    let outside = outside.map(|reason| (CommissionState::OutsideTerms, reason)).or(suspended);
    let (state, reason) = outside.map_or((CommissionState::Pending, None), |(state, why)| (state, Some(why)));
    commission::Model {
        id: CommissionId::new(),
        client_id: one.client_id,
        affiliate_id: one.affiliate_id,
        link_id: one.link_id,
        contract_id: one.contract_id,
        milestone_id: one.milestone_id,
        payment_id: one.payment_id,
        freelancer_id: one.freelancer_id,
        base_cents: one.amount_cents,
        rate_basis_points: terms.rate_basis_points,
        cap_cents: terms.cap_cents,
        policy_version: version.number,
        currency: Currency::Usd,
        state,
        reason,
        locked_cents: 0,
        next_lock_at: reason.is_none().then(|| first_lock(one.funded_at, policy.lock_months)),
        funded_at: one.funded_at,
        created_at: txn.now(),
        ended_at: reason.map(|_| one.funded_at),
    }
}

/// Looks at the commissions whose month is over: what had been released by then locks, unless the hire is outside the terms
/// by now.
async fn look(txn: &Txn, swept: &mut Swept) -> Result<()> {
    let due = store::lock_due(txn, AT_ONCE).await?;
    swept.looked_at = due.len() as u64;
    if due.is_empty() {
        return Ok(());
    }
    let standings = store::list_standings(txn, &due).await?;
    let relations = store::list_relations(txn, &due.iter().map(Into::into).collect::<Vec<_>>()).await?;
    let (mut locks, mut changed) = (Vec::new(), Vec::new());
    for row in due {
        let at = row.next_lock_at.ok_or_else(|| Fault::Broken(format!("commission {} is over", row.id)))?;
        let standing = standings.get(&row.id).copied().unwrap_or(NOTHING);
        let mut related = relations.get(&row.client_id).cloned().unwrap_or_default();
        related.remove(&Relation::ClientWithOlder);
        let (row, lock) = match rules::outside_of((row.affiliate_id, row.freelancer_id), &related) {
            Some(reason) => (ended(&row, CommissionMove::Exclude, reason, at), None),
            None => after(&row, at, standing, txn),
        };
        locks.extend(lock);
        changed.push(row);
    }
    swept.locked += locks.len() as u64;
    swept.ended += changed.iter().filter(|row| row.reason.is_some()).count() as u64;
    write(txn, changed, locks).await
}

/// Nothing is known of the payment in the journal.
const NOTHING: Standing = Standing { released_cents: 0, escrow_cents: 0, is_charged_back: false };

/// A commission after the end of a month at `at`, and what locks of it.
fn after(
    row: &commission::Model,
    at: Instant,
    standing: Standing,
    txn: &Txn,
) -> (commission::Model, Option<commission_lock::Model>) {
    let Looked { locks_cents, due_at, next_lock_at, state, reason } =
        rules::looked_at(row, at, standing, &txn.policy_at(row.funded_at).affiliate);
    let lock = (locks_cents > 0).then(|| commission_lock::Model {
        id: CommissionLockId::new(),
        commission_id: row.id,
        affiliate_id: row.affiliate_id,
        locked_at: at,
        released_cents: standing.released_cents,
        amount_cents: locks_cents,
        due_at,
        payout_id: None,
    });
    let locked_cents = row.locked_cents + locks_cents;
    let ended_at = next_lock_at.is_none().then_some(at);
    (commission::Model { locked_cents, next_lock_at, state, reason, ended_at, ..row.clone() }, lock)
}

fn ended(
    row: &commission::Model,
    way: CommissionMove,
    why: CommissionReason,
    at: Instant,
) -> commission::Model {
    commission::Model {
        state: way.to(),
        reason: Some(why),
        next_lock_at: None,
        ended_at: Some(at),
        ..row.clone()
    }
}

/// Ends pending commissions, each for a reason since an instant. One of which a part has locked keeps that.
async fn reverse(txn: &Txn, due: Vec<(commission::Model, CommissionReason, Instant)>) -> Result<u64> {
    let count = due.len() as u64;
    let end = |(row, why, at): (commission::Model, _, _)| match row.locked_cents {
        0 => ended(&row, CommissionMove::Reverse, why, at),
        _ => commission::Model {
            state: CommissionMove::Lock.to(),
            next_lock_at: None,
            ended_at: Some(at),
            ..row
        },
    };
    write(txn, due.into_iter().map(end).collect(), Vec::new()).await?;
    Ok(count)
}

async fn write(txn: &Txn, rows: Vec<commission::Model>, locks: Vec<commission_lock::Model>) -> Result<()> {
    let mut writes = txn.writes();
    let told: Vec<_> =
        rows.iter().filter(|row| row.reason.is_some()).filter_map(|row| about(row, 0)).collect();
    store::update_commissions(&mut writes, rows);
    store::insert_locks(&mut writes, locks);
    insert_notifications(&mut writes, &told);
    writes.run().await
}

/// The commissions that are due by `now` and of which the hire is outside the terms by then (F-9).
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_outside(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<CommissionId>> {
    let outside = outside_among(db, store::list_unpaid(db, now).await?, now).await?;
    Ok(outside.into_iter().map(|(row, _)| row.id).collect())
}

/// Ends these commissions, before the others are paid; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn exclude_outside(txn: &Txn) -> Result<u64> {
    let due = store::lock_unpaid(txn).await?;
    let outside = outside_among(txn, due, txn.due_by()).await?;
    let count = outside.len() as u64;
    let end = |(row, reason): (commission::Model, _)| ended(&row, CommissionMove::Exclude, reason, txn.now());
    write(txn, outside.into_iter().map(end).collect(), Vec::new()).await?;
    Ok(count)
}

async fn outside_among(
    db: &impl ConnectionTrait,
    due: Vec<commission::Model>,
    now: Instant,
) -> Result<Vec<(commission::Model, CommissionReason)>> {
    let people: Vec<_> = due.iter().map(|row| store::People::at(row, now)).collect();
    let relations = store::list_relations(db, &people).await?;
    let outside = |row: commission::Model| {
        let mut related = relations.get(&row.client_id)?.clone();
        related.remove(&Relation::ClientWithOlder);
        let reason = rules::outside_of((row.affiliate_id, row.freelancer_id), &related)?;
        Some((row, reason))
    };
    Ok(due.into_iter().filter_map(outside).collect())
}
