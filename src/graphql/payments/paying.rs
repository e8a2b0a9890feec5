//! How a person pays.

use async_graphql::InputObject;
use serde::Serialize;

use crate::{
    error::Result,
    graphql::{
        kit::{context::Request, ids::IdOf},
        payments::payment_method::PaymentMethod,
    },
    payments::By,
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
}
