//! The provider is asked for payments and refunds, outside of any transaction.

use super::{
    rejection,
    rules::{self, AskedFor},
    store,
};
use crate::{
    db::Database,
    entity::{
        enums::PaymentFailure,
        ids::{PaymentId, RefundId},
    },
    error::Result,
    money::Money,
    providers::payments::{Charge, Charged, Payments, Refund},
};

/// What the provider said of a payment or of a refund.
#[derive(Clone, Debug)]
pub struct Outcome<Id> {
    /// Of which.
    pub id: Id,
    /// How it ended, if it has.
    pub charged: Charged,
}

/// Asks `provider` for `payments`, of which those that are over are left out. The same key may be asked for any number
/// of times.
///
/// # Errors
/// When the database cannot be reached.
pub async fn collect(
    db: &Database,
    provider: &dyn Payments,
    payments: &[PaymentId],
) -> Result<Vec<Outcome<PaymentId>>> {
    let (mut outcomes, now) = (Vec::new(), db.now().await?);
    for (payment, method) in store::list_open(db.read(), payments).await? {
        if payment.provider != provider.provider() {
            continue;
        }
        let amount = Money::new(payment.amount_cents, payment.currency);
        let charge = Charge { key: payment.id, token: method.token, amount };
        let asked = rules::asked_for(payment.begun_at, payment.attempts, now);
        let charged = match name(db, provider, &charge, payment.reference, asked).await? {
            Ok(name) => {
                let (find, act) = (provider.find(&charge, &name), provider.charge(&charge, &name));
                ask(asked, find, act, provider.abandon(&charge, &name)).await
            }
            Err(charged) => charged,
        };
        outcomes.push(Outcome { id: payment.id, charged });
    }
    Ok(outcomes)
}

/// The provider's name for a charge, which is stored before it is carried out; otherwise, how the charge has ended.
async fn name(
    db: &Database,
    provider: &dyn Payments,
    charge: &Charge,
    known: Option<String>,
    asked: AskedFor,
) -> Result<std::result::Result<String, Charged>> {
    match known {
        Some(known) => Ok(Ok(known)),
        None if asked == AskedFor::Late => Ok(Err(Charged::Failed(PaymentFailure::NotReceived))),
        None if asked == AskedFor::Settling => Ok(Err(Charged::Unknown)),
        None => match provider.prepare(charge).await {
            // Of two who ask at once, the first one's name is taken.
            Ok(name) => {
                let named = db.write(async |txn| store::name_payment(txn, charge.key, &name).await).await?;
                // Meanwhile it may have been given up, and then it must not be carried out.
                Ok(named.ok_or(Charged::Unknown))
            }
            Err(charged) => Ok(Err(charged)),
        },
    }
}

/// Asks `provider` for `refunds` in the same way. One that is paid is looked up, because it may have failed since.
///
/// # Errors
/// `PAYMENT_PROVIDER_UNAVAILABLE` when the provider cannot say of one that is paid; when the database cannot be reached.
pub async fn give_back(
    db: &Database,
    provider: &dyn Payments,
    refunds: &[RefundId],
) -> Result<Vec<Outcome<RefundId>>> {
    let (mut outcomes, now) = (Vec::new(), db.now().await?);
    for (refund, payment) in store::list_unfailed_refunds(db.read(), refunds).await? {
        let (Some(of), true) = (payment.reference, payment.provider == provider.provider()) else { continue };
        let amount = Money::new(refund.amount_cents, refund.currency);
        let back = Refund { key: refund.id, of, amount };
        let asked = rules::asked_for(refund.begun_at, refund.attempts, now);
        let charged = match refund.ask_at {
            Some(_) => {
                let lost = async { Charged::Failed(PaymentFailure::NotReceived) };
                ask(asked, provider.find_refund(&back), provider.refund(&back), lost).await
            }
            // No task asks for it again, so its event must come again.
            None => match provider.find_refund(&back).await {
                Some(known) if known != Charged::Unknown => known,
                _ => return Err(rejection::provider_unavailable().into()),
            },
        };
        outcomes.push(Outcome { id: refund.id, charged });
    }
    Ok(outcomes)
}

/// What is not new is looked up, because the provider may have forgotten its key. What is late is given up.
async fn ask(
    asked: AskedFor,
    find: impl Future<Output = Option<Charged>>,
    act: impl Future<Output = Charged>,
    give_up: impl Future<Output = Charged>,
) -> Charged {
    let known = if asked == AskedFor::New { None } else { find.await };
    match (known, asked) {
        (Some(known), _) => known,
        (None, AskedFor::Late) => give_up.await,
        (None, AskedFor::Settling) => Charged::Unknown,
        (None, _) => act.await,
    }
}
