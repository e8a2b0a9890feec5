//! What would be paid now, to whom, and why the rest is not (W-1).

use std::collections::HashMap;

use sea_orm::ConnectionTrait;

use super::{
    rules::{self, Due, Payee, days::Calendar},
    store,
};
use crate::{
    clock::Instant,
    commissions,
    entity::{
        enums::{Currency, PayoutHold, PayoutPurpose},
        ids::{AccountId, PayoutId},
        payout_method, payout_preference,
    },
    error::Result,
    keys::sha256,
    policy::{Payouts, Version},
};

/// What is paid out.
pub const PURPOSES: [PayoutPurpose; 2] = [PayoutPurpose::Commissions, PayoutPurpose::Withdrawal];

/// What a run would do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of what.
    pub purpose: PayoutPurpose,
    /// At what instant.
    pub at: Instant,
    /// One line for each person, or for each withdrawal, in the order of their ids.
    pub lines: Vec<Line>,
}

/// A line of a plan.
#[derive(Clone, Debug)]
pub struct Line {
    /// To whom.
    pub account: AccountId,
    /// The withdrawal, if it is one.
    pub payout: Option<PayoutId>,
    /// How much, in minor units of US dollars.
    pub cents: i64,
    /// Of how many parts.
    pub items: i64,
    /// Why it is apart from what is due to the person otherwise, and not paid at all (F-8, F-9).
    pub stopped: Option<PayoutHold>,
    /// Why it is not paid; absent: it is.
    pub hold: Option<PayoutHold>,
    /// Where to, if that is known.
    pub method: Option<payout_method::Model>,
    /// What the person gets, if it is paid.
    pub paid: Option<Paid>,
}

/// What a person gets (W-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// In which currency.
    pub currency: Currency,
    /// How much, in minor units of it.
    pub minor: i64,
    /// Millionths of it for a dollar.
    pub rate_micros: i64,
    /// Who says so.
    pub rate_source: String,
}

impl Plan {
    /// The lines that are paid.
    pub fn paying(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.hold.is_none())
    }

    /// What is paid, in minor units of US dollars.
    pub fn total_cents(&self) -> i64 {
        self.paying().map(|line| line.cents).sum()
    }

    /// SHA-256, in hex, over what is paid: to whom, how much, where to and in which currency. Whatever changes one of them
    /// changes it.
    pub fn digest(&self) -> String {
        let line = |line: &Line| {
            let method = line.method.as_ref().map(|method| method.id.to_string()).unwrap_or_default();
            let payout = line.payout.map(|id| id.to_string()).unwrap_or_default();
            let paid = line.paid.as_ref().map(|paid| format!("{} {}", paid.minor, paid.currency));
            format!("{} {payout} {} {method} {}\n", line.account, line.cents, paid.unwrap_or_default())
        };
        let lines: String = self.paying().map(line).collect();
        sha256(&format!("{}\n{lines}", self.purpose))
    }
}

/// What a run for `purpose` would do at `now`, by the policy in force.
///
/// # Errors
/// When the database cannot be reached.
pub async fn plan(
    db: &impl ConnectionTrait,
    version: &Version,
    purpose: PayoutPurpose,
    now: Instant,
) -> Result<Plan> {
    let policy = &version.policy.payouts;
    let due = match purpose {
        PayoutPurpose::Commissions => {
            let stopped = commissions::list_stopped(db, &version.policy.affiliate.review, now).await?;
            store::list_due_commissions(db, now, policy.minimum_cents, &stopped).await?
        }
        PayoutPurpose::Withdrawal => store::list_waiting_withdrawals(db, now).await?,
    };
    let people: Vec<_> = due.iter().map(|one| one.account_id).collect();
    let facts = Facts::load(db, purpose, &people, now).await?;
    let is_open = Calendar { holidays: &policy.holidays }.is_business_day(now.date_naive());
    let lines = due.into_iter().map(|one| {
        let hold = if is_open {
            one.stopped.or_else(|| facts.hold(purpose, &one, policy, now))
        } else {
            Some(PayoutHold::NotABusinessDay)
        };
        let method = facts.methods.get(&one.account_id).cloned();
        let paid = paid(&one, method.as_ref(), version).filter(|_| hold.is_none());
        let hold = hold.or_else(|| paid.is_none().then_some(PayoutHold::NoRate));
        let (cents, items, stopped) = (one.cents, one.items, one.stopped);
        Line { account: one.account_id, payout: one.payout_id, cents, items, stopped, hold, method, paid }
    });
    Ok(Plan { purpose, at: now, lines: lines.collect() })
}

/// What the person gets of what is due; nothing without a rate, or if it is less than the smallest coin.
fn paid(due: &store::Waiting, method: Option<&payout_method::Model>, version: &Version) -> Option<Paid> {
    let currency = method?.currency;
    let rate_micros = rules::rate_of(currency, &version.policy.payouts)?;
    let minor = rules::converted(due.cents, rate_micros).filter(|minor| *minor > 0)?;
    Some(Paid { currency, minor, rate_micros, rate_source: format!("policy version {}", version.number) })
}

/// What is known of the people of a plan.
struct Facts {
    restricted: Vec<AccountId>,
    suspended: Vec<AccountId>,
    owing: Vec<AccountId>,
    failed: Vec<AccountId>,
    methods: HashMap<AccountId, payout_method::Model>,
    preferences: HashMap<AccountId, payout_preference::Model>,
}

impl Facts {
    async fn load(
        db: &impl ConnectionTrait,
        purpose: PayoutPurpose,
        people: &[AccountId],
        now: Instant,
    ) -> Result<Self> {
        let restricted = store::list_restricted(db, people, now).await?;
        let methods = store::list_methods(db, people).await?;
        let preferences = store::list_preferences(db, people).await?;
        Ok(Self {
            restricted,
            suspended: match purpose {
                PayoutPurpose::Commissions => store::list_suspended_affiliates(db, people).await?,
                PayoutPurpose::Withdrawal => Vec::new(),
            },
            owing: store::list_owing(db, people).await?,
            failed: store::list_failed(db, people).await?,
            methods: methods.into_iter().map(|row| (row.account_id, row)).collect(),
            preferences: preferences.into_iter().map(|row| (row.account_id, row)).collect(),
        })
    }

    fn hold(
        &self,
        purpose: PayoutPurpose,
        one: &store::Waiting,
        policy: &Payouts,
        now: Instant,
    ) -> Option<PayoutHold> {
        let id = &one.account_id;
        let payee = Payee {
            is_restricted: self.restricted.binary_search(id).is_ok(),
            is_suspended_affiliate: self.suspended.binary_search(id).is_ok(),
            owes: self.owing.binary_search(id).is_ok(),
            method: self.methods.get(id).cloned(),
            has_failed: self.failed.binary_search(id).is_ok(),
        };
        let due = Due { cents: one.cents, since: one.since };
        let waits = match purpose {
            PayoutPurpose::Commissions => rules::waits_for(due, self.preferences.get(id), policy, now),
            PayoutPurpose::Withdrawal => None,
        };
        // Nobody looks into what is not paid today anyway.
        waits.or_else(|| rules::hold_of(&payee, policy, now))
    }
}
