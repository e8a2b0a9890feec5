//! How a person pays.

use async_graphql::InputObject;
use serde::Serialize;

use crate::{
    error::Result,
    graphql::{
        kit::{context::Request, ids::IdOf},
        payments::payment_method::PaymentMethod,
    },
    payments::{self, By},
    providers::payments::Payments,
};

/// How a person pays: with a payment method, or from their cash account.
#[derive(Debug, InputObject, Serialize)]
pub struct Paying {
    /// The payment method that is charged; left out with `fromCash`.
    payment_method_id: Option<IdOf<PaymentMethod>>,
    /// Whether the person pays from their cash account, all of it and at once (P-3).
    #[graphql(default)]
    // The hash of a request that was sent before there was this field stays the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    from_cash: bool,
}

impl Paying {
    /// How the person pays.
    ///
    /// # Errors
    /// `PAYMENTS_NOT_CONFIGURED`, `NOT_FOUND`; `INVALID_INPUT` for both ways or neither.
    pub fn by(&self, request: &Request) -> Result<By> {
        let method = self.payment_method_id.as_ref().map(IdOf::key).transpose()?;
        Ok(request.paying_by(method, self.from_cash)?)
    }

    /// The same; if the person has said nothing, as renewals are paid (M-7).
    ///
    /// # Errors
    /// `PAYMENTS_NOT_CONFIGURED`, `NOT_FOUND`; `INVALID_INPUT` for both ways.
    pub fn or_as_usual(&self, request: &Request) -> Result<payments::Paying> {
        if self.payment_method_id.is_some() || self.from_cash {
            return Ok(payments::Paying::As(self.by(request)?));
        }
        let provider = request.payments().ok().map(Payments::provider);
        let failures = request.gate.payments.failures_per_account;
        Ok(payments::Paying::AsUsual(provider.map(|provider| (provider, failures))))
    }
}
