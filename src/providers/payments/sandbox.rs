//! The provider of a sandbox: it moves no money, and what happens depends on the token alone. It keeps its own truth in
//! a table that no transaction of ours writes, so that it survives a process that is killed, as a real provider does.

mod store;

use super::{Charge, Charged, Method, Payments};
use crate::{
    db::Database,
    entity::enums::{PaymentFailure, PaymentProvider},
    error::Result,
};

/// What happens to a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Paid,
    Failed(PaymentFailure),
    /// The first call is lost before the provider hears of it.
    LostBefore,
    /// The first answer is lost after the provider has collected.
    LostAfter,
}

/// The tokens that it knows: what a person knows the method by, and what happens to a charge.
const TOKENS: [(&str, &str, Fate); 6] = [
    ("tok_visa", "Visa ending in 4242", Fate::Paid),
    ("tok_declined", "Visa ending in 0002", Fate::Failed(PaymentFailure::Declined)),
    ("tok_insufficient_funds", "Visa ending in 9995", Fate::Failed(PaymentFailure::InsufficientFunds)),
    (
        "tok_authentication_required",
        "Visa ending in 3184",
        Fate::Failed(PaymentFailure::AuthenticationRequired),
    ),
    ("tok_lost_before", "Visa ending in 0101", Fate::LostBefore),
    ("tok_lost_after", "Visa ending in 0202", Fate::LostAfter),
];

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

    async fn describe(&self, token: &str) -> Result<Option<Method>> {
        Ok(find(token).map(|(label, _)| Method { label: label.to_owned() }))
    }

    async fn charge(&self, charge: &Charge) -> Charged {
        if find(&charge.token).is_none() {
            return self.find(charge).await.unwrap_or(Charged::Failed(PaymentFailure::MethodUnusable));
        }
        let counted = self.db.write(async |txn| store::count_attempt(txn, charge).await).await;
        match counted {
            Ok((1, Fate::LostBefore | Fate::LostAfter)) | Err(_) => Charged::Unknown,
            Ok((_, fate)) => outcome_of(fate, charge),
        }
    }

    async fn find(&self, charge: &Charge) -> Option<Charged> {
        match store::find_fate(self.db.read(), charge.key).await {
            Ok(known) => known.map(|fate| outcome_of(fate, charge)),
            Err(_) => Some(Charged::Unknown),
        }
    }
}

/// What it says of a charge that it has heard of.
fn outcome_of(fate: Fate, charge: &Charge) -> Charged {
    match fate {
        Fate::Failed(why) => Charged::Failed(why),
        Fate::Paid | Fate::LostBefore | Fate::LostAfter => Charged::Paid(format!("sandbox_{}", charge.key)),
    }
}

fn find(token: &str) -> Option<(&'static str, Fate)> {
    TOKENS.iter().find(|known| known.0 == token).map(|known| (known.1, known.2))
}
