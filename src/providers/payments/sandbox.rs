//! The provider of a sandbox: it moves no money, and what happens depends on the token alone. It keeps its own truth in
//! a table that no transaction of ours writes, so that it survives a process that is killed, as a real provider does.

mod store;

use std::fmt::Display;

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;

use super::{Charge, Chargeback, Charged, Method, Movement, Payments, Refund, Unreachable};
use crate::{
    clock::Instant,
    db::Database,
    entity::{
        enums::{PaymentFailure, PaymentProvider},
        ids::AccountId,
        sandbox_charge,
    },
    error::{Error, Result},
    money::Money,
};

/// The time after a charge with `tok_charged_back` at which the bank takes back what is left of it.
const CHARGED_BACK_AFTER: TimeDelta = TimeDelta::days(10);

/// How long after a charge of `tok_charge_back_won` the bank gives back what it has taken.
const WON_AFTER: TimeDelta = TimeDelta::days(20);

/// What happens to a charge or a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Paid,
    Failed(PaymentFailure),
    /// The first call is lost before the provider hears of it.
    LostBefore,
    /// The first answer is lost after the provider has moved the money.
    LostAfter,
    /// The first answer is lost, and it was that the charge failed.
    LostFailure(PaymentFailure),
}

/// A token that it knows.
#[derive(Clone, Copy, Debug)]
struct Card {
    token: &'static str,
    /// What a person knows the method by.
    label: &'static str,
    /// What happens to a charge.
    charge: Fate,
    /// What happens to a refund of it.
    refund: Fate,
}

/// Works.
const VISA: &str = "tok_visa";

/// Charged back by the bank, [`CHARGED_BACK_AFTER`].
const CHARGED_BACK: &str = "tok_charged_back";

/// Charged back in the same way, and won: the bank gives it back, [`WON_AFTER`] the charge.
const WON: &str = "tok_charge_back_won";

/// The tokens that it knows.
const CARDS: [Card; 12] = [
    card(VISA, "Visa ending in 4242", Fate::Paid),
    card("tok_declined", "Visa ending in 0002", Fate::Failed(PaymentFailure::Declined)),
    card("tok_insufficient_funds", "Visa ending in 9995", Fate::Failed(PaymentFailure::InsufficientFunds)),
    card(
        "tok_authentication_required",
        "Visa ending in 3184",
        Fate::Failed(PaymentFailure::AuthenticationRequired),
    ),
    card("tok_lost_before", "Visa ending in 0101", Fate::LostBefore),
    card("tok_lost_after", "Visa ending in 0202", Fate::LostAfter),
    card("tok_lost_declined", "Visa ending in 0505", Fate::LostFailure(PaymentFailure::Declined)),
    card(CHARGED_BACK, "Visa ending in 0259", Fate::Paid),
    card(WON, "Visa ending in 1976", Fate::Paid),
    Card {
        refund: Fate::Failed(PaymentFailure::MethodUnusable),
        ..card("tok_refund_fails", "Visa ending in 5126", Fate::Paid)
    },
    Card { refund: Fate::LostBefore, ..card("tok_refund_lost_before", "Visa ending in 0303", Fate::Paid) },
    Card { refund: Fate::LostAfter, ..card("tok_refund_lost_after", "Visa ending in 0404", Fate::Paid) },
];

const fn card(token: &'static str, label: &'static str, charge: Fate) -> Card {
    Card { token, label, charge, refund: Fate::Paid }
}

/// The provider of a sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    db: Database,
}

impl Sandbox {
    /// Keeps its truth in `db`.
    pub fn new(db: Database) -> Self {
        Self { db }
    }
}

#[async_trait::async_trait]
impl Payments for Sandbox {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Sandbox
    }

    async fn describe(
        &self,
        _: AccountId,
        token: &str,
        _: bool,
    ) -> std::result::Result<Option<Method>, Unreachable> {
        let fingerprint = token.split_once('#').map(|(_, card)| card.to_owned());
        Ok(find(token).map(|card| Method {
            token: token.to_owned(),
            label: card.label.to_owned(),
            fingerprint,
        }))
    }

    /// Its tokens are everybody's.
    async fn forget(&self, _: &str) -> std::result::Result<(), Unreachable> {
        Ok(())
    }

    async fn prepare(&self, charge: &Charge) -> std::result::Result<String, Charged> {
        Ok(reference_of(charge.key))
    }

    async fn charge(&self, charge: &Charge, reference: &str) -> Charged {
        if find(&charge.token).is_none() {
            let known = self.find(charge, reference).await;
            return known.unwrap_or(Charged::Failed(PaymentFailure::MethodUnusable));
        }
        let counted = self.db.write(async |txn| store::count_attempt(txn, charge).await).await;
        match counted {
            Ok((1, Fate::LostBefore | Fate::LostAfter | Fate::LostFailure(_))) | Err(_) => Charged::Unknown,
            Ok((_, fate)) => outcome_of(fate, charge.key),
        }
    }

    async fn abandon(&self, charge: &Charge, _: &str) -> Charged {
        let abandoned = self.db.write(async |txn| store::abandon(txn, charge).await).await;
        abandoned.map_or(Charged::Unknown, |fate| outcome_of(fate, charge.key))
    }

    async fn find(&self, charge: &Charge, _: &str) -> Option<Charged> {
        match store::find_fate(self.db.read(), charge.key).await {
            Ok(known) => known.map(|fate| outcome_of(fate, charge.key)),
            Err(_) => Some(Charged::Unknown),
        }
    }

    async fn refund(&self, refund: &Refund) -> Charged {
        let counted = self.db.write(async |txn| store::count_refund(txn, refund).await).await;
        match counted {
            Ok(None) => Charged::Failed(PaymentFailure::NotReceived),
            Ok(Some((1, Fate::LostBefore | Fate::LostAfter | Fate::LostFailure(_)))) | Err(_) => {
                Charged::Unknown
            }
            Ok(Some((_, fate))) => outcome_of(fate, refund.key),
        }
    }

    async fn find_refund(&self, refund: &Refund) -> Option<Charged> {
        match store::find_refund_fate(self.db.read(), refund.key).await {
            Ok(known) => known.map(|fate| outcome_of(fate, refund.key)),
            Err(_) => Some(Charged::Unknown),
        }
    }

    async fn chargebacks(&self, since: Instant) -> std::result::Result<Vec<Chargeback>, Unreachable> {
        let listed = async { list_chargebacks(self.db.read(), since, self.db.now().await?).await };
        listed.await.map_err(|error| unreachable(&error))
    }

    async fn chargeback(&self, reference: &str) -> std::result::Result<Option<Chargeback>, Unreachable> {
        let listed = self.chargebacks(Instant::UNIX_EPOCH).await?;
        Ok(listed.into_iter().find(|told| told.reference == reference))
    }

    async fn movements(
        &self,
        since: Instant,
        settled: Instant,
    ) -> std::result::Result<Vec<Movement>, Unreachable> {
        let listed = async {
            let mut all = store::list_moved(self.db.read(), since, settled).await?;
            let charged_back = list_chargebacks(self.db.read(), since, self.db.now().await?).await?;
            all.extend(charged_back.into_iter().map(|told| told.into_movement(settled)));
            Ok(all)
        };
        listed.await.map_err(|error| unreachable(&error))
    }
}

fn unreachable(error: &Error) -> Unreachable {
    tracing::error!(%error, "what the sandbox's provider knows cannot be read");
    Unreachable
}

/// What banks took back from `since` to `by`, oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_chargebacks(
    db: &impl ConnectionTrait,
    since: Instant,
    by: Instant,
) -> Result<Vec<Chargeback>> {
    let charges = store::list_charged_back(db, since - CHARGED_BACK_AFTER, by - CHARGED_BACK_AFTER).await?;
    Ok(charges.into_iter().map(|charge| chargeback_of(charge, by)).collect())
}

/// When the sandbox's banks next take something back, or give it back, that was not written down yet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_chargeback(db: &impl ConnectionTrait) -> Result<Option<Instant>> {
    let taken = store::find_next_charged_back(db).await?.map(|at| at + CHARGED_BACK_AFTER);
    let won = store::find_next_won(db).await?.map(|at| at + WON_AFTER);
    Ok([taken, won].into_iter().flatten().min())
}

/// What it calls a charge or a refund.
fn reference_of(key: impl Display) -> String {
    format!("sandbox_{key}")
}

/// The bank takes back what is left of a charge, as it stands at `by`.
fn chargeback_of((charge, left): (sandbox_charge::Model, i64), by: Instant) -> Chargeback {
    Chargeback {
        reference: format!("sandbox_chargeback_{}", charge.key),
        of: reference_of(charge.key),
        amount: Money::new(left, charge.currency),
        at: charge.charged_at + CHARGED_BACK_AFTER,
        is_won: charge.token == WON && by >= charge.charged_at + WON_AFTER,
    }
}

/// What it says of what it has heard of.
fn outcome_of(fate: Fate, key: impl Display) -> Charged {
    match fate {
        Fate::Failed(why) | Fate::LostFailure(why) => Charged::Failed(why),
        Fate::Paid | Fate::LostBefore | Fate::LostAfter => Charged::Paid(reference_of(key)),
    }
}

/// The card of a token. What follows `tok_visa#` tells one such card from others.
fn find(token: &str) -> Option<&'static Card> {
    let kind = token.split_once('#').filter(|(kind, _)| *kind == VISA).map_or(token, |(kind, _)| kind);
    CARDS.iter().find(|card| card.token == kind)
}
