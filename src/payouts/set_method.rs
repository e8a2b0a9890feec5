//! A person says where to pay to, with their password; nothing is paid there for a while (W-4).

use chrono::TimeDelta;

use super::{
    notifications::method_changed,
    rejection,
    rules::{self, details::Details},
    store,
};
use crate::{
    accounts::{self, Gate, Origin},
    audit::{self, Record},
    db::{Database, Txn},
    entity::{
        enums::{AuditAction, Currency, MailKind, TraceKind},
        ids::PayoutMethodId,
        payout_method,
    },
    error::{Fault, Result},
    keyring,
    keys::Keys,
    mails,
    notifications::notify,
    viewer::Viewer,
};

/// Where to pay to, and the password of the person who says so.
#[derive(Clone, Copy)]
pub struct NewMethod<'a> {
    /// The details; they are checked.
    pub details: &'a Details,
    /// In which currency, where that can be chosen.
    pub currency: Currency,
    /// The person's password.
    pub password: &'a str,
}

/// Sets where `person` is paid, in the place of what was set before. They are told by mail and in the program, and nothing is
/// paid there for some hours.
///
/// # Errors
/// `INVALID_CREDENTIALS`, `THROTTLED`, `BUSY`; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`.
pub async fn set_method(
    (db, gate): (&Database, &Gate),
    (person, origin): (&Viewer, Origin),
    new: NewMethod<'_>,
) -> Result<PayoutMethodId> {
    let phc = accounts::prove_password(db, gate, origin, person, ("password", new.password)).await?;
    db.write(async |txn| {
        // The password may have been changed while this one was checked.
        if !accounts::store::replace_password(txn, person.id(), &phc, &phc).await? {
            return Err(accounts::rejection::invalid_credentials("password").into());
        }
        accounts::forget_guesses(txn, gate, &person.0.email).await?;
        set(txn, &gate.keys, person, (new.details, new.currency)).await
    })
    .await
}

async fn set(
    txn: &Txn,
    keys: &Keys,
    person: &Viewer,
    (details, currency): (&Details, Currency),
) -> Result<PayoutMethodId> {
    let person = accounts::acting(txn, person.id()).await?;
    let currency = details.currency(currency);
    if rules::rate_of(currency, &txn.policy().payouts).is_none() {
        return Err(rejection::no_rate(currency).into());
    }
    let id = PayoutMethodId::new();
    let plain = serde_json::to_vec(details).map_err(|_| Fault::Broken("details have no form".into()))?;
    let sealed = keys.seal_details(id, &zeroize::Zeroizing::new(plain))?;
    keyring::must_be_usable(txn, sealed.key).await?;
    let row = payout_method::Model {
        id,
        account_id: person.id(),
        rail: details.rail(),
        currency,
        key_id: sealed.key,
        sealed: Some(sealed.text),
        label: details.label(),
        set_at: txn.now(),
        usable_at: txn.now() + TimeDelta::hours(txn.policy().payouts.hold_hours),
        replaced_at: None,
    };
    store::replace_methods(txn, person.id()).await?;
    store::insert_method(txn, row.clone()).await?;
    accounts::note_trace(txn, keys, person.id(), (TraceKind::Payout, &details.account())).await?;
    mails::write(txn, MailKind::PayoutMethodChanged, person.id(), None).await?;
    let done = Record::new(AuditAction::PayoutMethodSet, Some(person.id())).to(person.id());
    audit::record(txn, done.with(serde_json::json!({ "rail": row.rail, "label": row.label }))).await?;
    notify(txn, vec![method_changed(&row)]).await?;
    Ok(id)
}
