//! The provider is asked for payments, outside of any transaction.

use super::{
    rules::{self, AskedFor},
    store,
};
use crate::{
    db::Database,
    entity::{enums::PaymentFailure, ids::PaymentId},
    error::Result,
    money::Money,
    providers::payments::{Charge, Charged, Payments},
};

/// What the provider said of a payment.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The payment.
    pub id: PaymentId,
    /// How it ended, if it has.
    pub charged: Charged,
}

/// Asks `provider` for `payments`, of which those that are over are left out. The same key may be asked for any number
/// of times.
///
/// # Errors
/// When the database cannot be reached.
pub async fn collect(db: &Database, provider: &dyn Payments, payments: &[PaymentId]) -> Result<Vec<Outcome>> {
    let (mut outcomes, now) = (Vec::new(), db.now().await?);
    for (payment, method) in store::list_open(db.read(), payments).await? {
        if payment.provider != provider.provider() {
            continue;
        }
        let amount = Money::new(payment.amount_cents, payment.currency);
        let charge = Charge { key: payment.id, token: method.token, amount };
        let charged = ask(provider, &charge, rules::asked_for(&payment, now)).await;
        outcomes.push(Outcome { id: payment.id, charged });
    }
    Ok(outcomes)
}

/// A charge that is not new is looked up, because the provider may have forgotten its key.
async fn ask(provider: &dyn Payments, charge: &Charge, asked: AskedFor) -> Charged {
    let known = match asked {
        AskedFor::New => None,
        AskedFor::Known | AskedFor::Late => provider.find(charge).await,
    };
    match (known, asked) {
        (Some(known), _) => known,
        (None, AskedFor::Late) => Charged::Failed(PaymentFailure::NotReceived),
        (None, _) => provider.charge(charge).await,
    }
}
