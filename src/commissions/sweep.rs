//! The sweep over first fundings and the ends of months (F-5, F-6): in batches, each in a transaction of its own. It may run
//! late, twice, or be killed.

use std::collections::{BTreeSet, HashMap};

use sea_orm::ConnectionTrait;

use super::{
    notifications::{self, about},
    rules::{
        self, CommissionMove, Standing, Terms,
        calendar::{first_lock, next_lock},
    },
    store::{self, Funded},
};
use crate::{
    affiliates::{
        self,
        rules::rings::{self, Case},
    },
    clock::Instant,
    db::{Source, Txn},
    entity::{
        affiliate_flag, commission, commission_lock,
        enums::{AttributionState, CommissionReason, CommissionState, Currency},
        ids::{AccountId, CommissionId, CommissionLockId},
    },
    error::{Fault, Result},
    notifications::{insert_notifications, notify},
};

/// Attributions or commissions of one batch, at most.
const AT_ONCE: u64 = 5_000;

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
        swept.ended += exclude(txn, store::list_upheld(txn, AT_ONCE).await?).await?;
    }
    Ok(swept)
}

/// Records a commission for each attribution whose client has paid, or closes it if their first hire was not in time.
async fn record(txn: &Txn, swept: &mut Swept) -> Result<()> {
    let funded = store::list_funded(txn, txn.at_once(AT_ONCE)).await?;
    let people: Vec<_> = funded.iter().map(Into::into).collect();
    let (relations, known) =
        (store::list_relations(txn, &people).await?, store::list_known(txn, &people).await?);
    let (mut rows, mut late, mut won) = (Vec::new(), Vec::new(), Vec::new());
    let mut cases = Vec::new();
    for one in &funded {
        if !rules::is_in_time(one.hired_at, one.clicked_at, one.hire_before) {
            late.push((one.client_id, one.funded_at));
            continue;
        }
        let mut related = relations.get(&one.client_id).cloned().unwrap_or_default();
        related.extend(known.get(&one.client_id).into_iter().flatten());
        won.push((one.client_id, one.funded_at));
        let row = recorded(txn, one, rules::outside_of((one.affiliate_id, one.freelancer_id), &related));
        cases.push(case_of(&row, one.funded_at));
        rows.push(row);
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
    writes.run().await?;
    affiliates::suspect(txn, &cases).await
}

/// People who should not belong together, by then (F-8).
pub(super) fn case_of(row: &commission::Model, by: Instant) -> Case {
    Case { client: row.client_id, affiliate: row.affiliate_id, freelancer: Some(row.freelancer_id), by }
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
/// by now. Most were released as a whole, and nothing speaks against them: of those nothing more is asked.
async fn look(txn: &Txn, swept: &mut Swept) -> Result<()> {
    let due = store::lock_due(txn, txn.at_once(AT_ONCE)).await?;
    swept.looked_at = due.len() as u64;
    if due.is_empty() {
        return Ok(());
    }
    let plain = store::list_plain(txn, &due).await?;
    let (plain, others): (Vec<_>, Vec<_>) = due.into_iter().partition(|row| plain.contains(&row.id));
    let mut looked = Vec::with_capacity(plain.len() + others.len());
    for row in plain {
        looked.push(after(&row, over_at(&row)?, Standing::whole(row.base_cents), txn));
    }
    looked.extend(weigh(txn, others).await?);
    let (changed, locks): (Vec<_>, Vec<_>) = looked.into_iter().unzip();
    let locks: Vec<_> = locks.into_iter().flatten().collect();
    swept.locked += locks.len() as u64;
    swept.ended += changed.iter().filter(|row| row.reason.is_some()).count() as u64;
    write(txn, changed, locks).await
}

/// When the month of a commission that is due is over.
fn over_at(row: &commission::Model) -> Result<Instant> {
    Ok(row.next_lock_at.ok_or_else(|| Fault::Broken(format!("commission {} is over", row.id)))?)
}

/// What becomes of commissions, by everything that is known of their people and payments. One that an admin had yet to decide
/// on when its month was over, or that was disputed, is looked at again a month later (F-8, F-10).
async fn weigh(txn: &Txn, due: Vec<commission::Model>) -> Result<Vec<Looked>> {
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let standings = store::list_standings(txn, &due).await?;
    let relations = store::list_relations(txn, &due.iter().map(Into::into).collect::<Vec<_>>()).await?;
    let case = |row: &commission::Model| case_of(row, row.next_lock_at.unwrap_or(row.funded_at));
    affiliates::suspect(txn, &due.iter().map(case).collect::<Vec<_>>()).await?;
    let flags = flags_of(txn, &due).await?;
    let disputed = store::list_disputed(txn, &due).await?;
    let (mut looked, mut told) = (Vec::with_capacity(due.len()), Vec::new());
    for row in due {
        let at = over_at(&row)?;
        let standing = standings.get(&row.id).copied().unwrap_or(NOTHING);
        let related = relations.get(&row.client_id).cloned().unwrap_or_default();
        looked.push(match rules::outside_of((row.affiliate_id, row.freelancer_id), &related) {
            Some(reason) => (ended(&row, CommissionMove::Exclude, reason, at), None),
            None if disputed.contains(&row.id) || is_held(&flags, &row, at) => {
                told.push(notifications::postponed(&row, at));
                (commission::Model { next_lock_at: Some(next_lock(at)), ..row }, None)
            }
            None => after(&row, at, standing, txn),
        });
    }
    notify(txn, told).await?;
    Ok(looked)
}

/// A commission after the end of a month, and what locks of it.
type Looked = (commission::Model, Option<commission_lock::Model>);

/// The flags of the clients of these commissions.
pub(super) async fn flags_of(db: &impl ConnectionTrait, rows: &[commission::Model]) -> Result<Flags> {
    affiliates::list_flags(db, &rows.iter().map(|row| row.client_id).collect::<Vec<_>>()).await
}

pub(super) type Flags = HashMap<AccountId, Vec<affiliate_flag::Model>>;

/// Whether an admin had yet to decide on a commission at `at`.
pub(super) fn is_held(flags: &Flags, row: &commission::Model, at: Instant) -> bool {
    flags.get(&row.client_id).into_iter().flatten().any(|flag| rings::was_open(flag, at))
}

/// Nothing is known of the payment in the journal.
const NOTHING: Standing = Standing { released_cents: 0, escrow_cents: 0, is_charged_back: false };

/// A commission after the end of a month at `at`, and what locks of it.
fn after(row: &commission::Model, at: Instant, standing: Standing, txn: &Txn) -> Looked {
    let rules::Looked { locks_cents, due_at, next_lock_at, state, reason } =
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
        paid_at: None,
    });
    let locked_cents = row.locked_cents + locks_cents;
    let ended_at = next_lock_at.is_none().then_some(at);
    (commission::Model { locked_cents, next_lock_at, state, reason, ended_at, ..row.clone() }, lock)
}

pub(super) fn ended(
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

/// Ends commissions that are outside the terms, each for a reason since an instant.
async fn exclude(txn: &Txn, due: Vec<(commission::Model, CommissionReason, Instant)>) -> Result<u64> {
    let count = due.len() as u64;
    let end = |(row, why, at): (commission::Model, _, _)| ended(&row, CommissionMove::Exclude, why, at);
    write(txn, due.into_iter().map(end).collect(), Vec::new()).await?;
    Ok(count)
}

pub(super) async fn write(
    txn: &Txn,
    rows: Vec<commission::Model>,
    locks: Vec<commission_lock::Model>,
) -> Result<()> {
    let mut writes = txn.writes();
    let told: Vec<_> =
        rows.iter().filter(|row| row.reason.is_some()).filter_map(|row| about(row, 0)).collect();
    let growing: BTreeSet<_> = locks.iter().map(|lock| lock.commission_id).collect();
    let is_over =
        |row: &&commission::Model| row.state == CommissionState::Locked && !growing.contains(&row.id);
    let over: Vec<_> = rows.iter().filter(is_over).map(|row| row.id).collect();
    store::update_commissions(&mut writes, rows);
    store::insert_locks(&mut writes, locks);
    insert_notifications(&mut writes, &told);
    writes.run().await?;
    store::update_paid(txn, &over).await
}
