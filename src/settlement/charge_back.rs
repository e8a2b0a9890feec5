//! What banks take back of payments, and give back (O-5, B-4): the provider is asked, and what is news takes effect.

use std::collections::{HashMap, HashSet};

use crate::{
    clock::Instant,
    contracts,
    db::{Database, Txn},
    entity::enums::{PaymentProvider, PaymentPurpose},
    error::{Error, Fault, Result},
    payments,
    providers::payments::{Chargeback, Payments},
    purchases, subscriptions,
};

/// How far before the last charge-back that is known the provider is asked for others: they become known out of order, a
/// bank may inquire for months before it takes the money, and one that is won is won months later.
const OVERLAP: chrono::TimeDelta = chrono::TimeDelta::days(180);

/// Charge-backs whose payments are looked up at once.
const AT_ONCE: usize = 500;

/// Asks `provider`, outside of any transaction, what banks took back and gave back, and leaves out what is known, and what
/// is of payments whose outcome is not known yet.
///
/// # Errors
/// `PAYMENT_PROVIDER_UNAVAILABLE`; when the database cannot be reached.
pub async fn list_chargebacks(db: &Database, provider: &dyn Payments) -> Result<Vec<Chargeback>> {
    let last = payments::store::find_last_chargeback(db.read(), provider.provider()).await?;
    let since = last.map_or(Instant::UNIX_EPOCH, |last| last - OVERLAP);
    let silent = |_| payments::rejection::provider_unavailable();
    let mut told = provider.chargebacks(since).await.map_err(silent)?;
    let known = payments::store::list_references_since(db.read(), provider.provider(), since).await?;
    let known: HashMap<_, _> = known.into_iter().collect();
    told.retain(|one| known.get(&one.reference).is_none_or(|is_won| one.is_won && !is_won));
    let early = list_early(db, provider, &told).await?;
    told.retain(|one| !early.contains(&one.of));
    Ok(told)
}

/// Asks `provider`, outside of any transaction, about one charge-back, however old, and writes what is news. One that cannot
/// be booked is logged.
///
/// # Errors
/// `PAYMENT_PROVIDER_UNAVAILABLE`, also while the payment's outcome is not known; when the database cannot be reached.
pub async fn look_into_chargeback(db: &Database, provider: &dyn Payments, reference: &str) -> Result<()> {
    let silent = |_| payments::rejection::provider_unavailable();
    let Some(told) = provider.chargeback(reference).await.map_err(silent)? else { return Ok(()) };
    if !list_early(db, provider, std::slice::from_ref(&told)).await?.is_empty() {
        return Err(payments::rejection::provider_unavailable().into());
    }
    match db.write(async |txn| charge_back(txn, provider.provider(), &told).await).await {
        Err(Error::Fault(Fault::Broken(why))) => {
            tracing::error!(chargeback = reference, why, "a charge-back cannot be booked");
            Ok(())
        }
        done => done.map(drop),
    }
}

/// The payments that `told` are of and whose outcome is not known yet, by the provider's own name for each.
async fn list_early(db: &Database, provider: &dyn Payments, told: &[Chargeback]) -> Result<HashSet<String>> {
    let mut early = HashSet::new();
    for some in told.chunks(AT_ONCE) {
        let names: Vec<_> = some.iter().map(|one| one.of.as_str()).collect();
        early.extend(payments::store::list_open_names(db.read(), provider.provider(), &names).await?);
    }
    Ok(early)
}

/// Writes that a bank took back, or gave back, what `told` says of a payment to `provider`, with all that follows from it;
/// returns whether it was news.
///
/// # Errors
/// [`Fault::Broken`] when there is no such payment, it failed, or it was in another currency; when the database refuses.
pub async fn charge_back(txn: &Txn, provider: PaymentProvider, told: &Chargeback) -> Result<bool> {
    let missing = || Fault::Broken(format!("charge-back {} is of no payment", told.reference));
    let named = payments::store::find_by_reference(txn, provider, &told.of).await?.ok_or_else(missing)?;
    match named.purpose {
        PaymentPurpose::Milestone => contracts::charge_back(txn, &named, told).await,
        PaymentPurpose::Connects => purchases::charge_back(txn, &named, told).await,
        PaymentPurpose::Membership => subscriptions::charge_back(txn, &named, told).await,
    }
}
