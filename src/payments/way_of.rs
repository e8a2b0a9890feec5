//! How a person pays who has not said how (M-7, B-3).

use super::{By, Charging, rejection, store};
use crate::{
    accounts::Acting, cash, config::Limit, db::Txn, entity::enums::PaymentProvider, error::Result,
    money::Money,
};

/// How a person wants to pay.
#[derive(Clone, Copy, Debug)]
pub enum Paying {
    /// As they say.
    As(By),
    /// From their cash account if that has all of it, otherwise all of it with their primary payment method; never split
    /// (M-7). The provider that collects now charges it, if there is one, unless too many of their payments have failed.
    AsUsual(Option<(PaymentProvider, Limit)>),
}

/// How `payer`, whose account is locked, pays `amount`.
///
/// # Errors
/// `NO_PAYMENT_METHOD`, `PAYMENTS_NOT_CONFIGURED`.
pub async fn way_of(txn: &Txn, payer: &Acting, paying: Paying, amount: Money) -> Result<By> {
    let charged_by = match paying {
        Paying::As(by) => return Ok(by),
        Paying::AsUsual(charged_by) => charged_by,
    };
    let (cash, _) = cash::store::find_worth(txn, payer.id()).await?;
    if cash >= amount.minor {
        return Ok(By::Cash);
    }
    let methods = store::list_methods_of(txn, payer.id()).await?;
    let primary = methods.into_iter().find(|method| method.is_primary);
    let method = primary.ok_or_else(|| rejection::no_payment_method(amount))?.id;
    let (provider, failures) = charged_by.ok_or_else(rejection::not_configured)?;
    Ok(By::Method(Charging { method, provider, failures }))
}
