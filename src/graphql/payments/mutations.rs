//! Changes to what a person pays with.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    error::Fault,
    graphql::{
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Attempt, Outcome, Retry, SignedIn, answer, mutate},
        },
        payments::payment_method::PaymentMethod,
    },
    input,
    payments::{self, Adding},
};

/// Input of `addPaymentMethod`.
#[derive(Debug, InputObject, Serialize)]
pub struct AddPaymentMethodInput {
    /// The payment provider's token for it, 1 to 255 characters; never a card's number. Stripe's begin with `pm_`. A
    /// sandbox knows `tok_visa`, `tok_declined`, `tok_insufficient_funds`, `tok_authentication_required`,
    /// `tok_lost_before`, `tok_lost_after`, `tok_lost_declined`, `tok_refund_fails`, `tok_refund_lost_before`,
    /// `tok_refund_lost_after`, `tok_charged_back` and `tok_charge_back_won`; `tok_visa#` with a name behind it is one particular card.
    token: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `removePaymentMethod`.
#[derive(Debug, InputObject, Serialize)]
pub struct RemovePaymentMethodInput {
    /// The payment method.
    payment_method_id: IdOf<PaymentMethod>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `addPaymentMethod`.
#[derive(SimpleObject)]
pub struct AddPaymentMethodPayload {
    /// The payment method; null if the request was refused.
    payment_method: Option<PaymentMethod>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `removePaymentMethod`.
#[derive(SimpleObject)]
pub struct RemovePaymentMethodPayload {
    /// The payment method; null if the request was refused.
    payment_method: Option<PaymentMethod>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to what a person pays with.
#[derive(Default)]
pub struct PaymentMutation;

#[Object]
impl PaymentMutation {
    /// Adds a payment method, which the payment provider keeps (P-3). The first one is the primary one (M-7).
    async fn add_payment_method(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment method to add.")] input: AddPaymentMethodInput,
    ) -> Answer<AddPaymentMethodPayload> {
        let described = answer(ctx, async {
            let request = request(ctx);
            let person = request.person()?;
            let token = input::line("token", &input.token, 1, 255)?;
            let (provider, retry) = (request.payments()?, Attempt::from(&input.retry));
            let key = retry.key(ctx, &input)?;
            let adding = Adding { token: &token, key: key.as_ref(), rehearsal: retry.dry_run };
            let (db, who) = ((&request.db, &request.gate), (person, request.origin));
            Ok((provider.provider(), payments::describe(db, who, provider, adding).await?))
        });
        let (described, user_errors) = described.await?;
        let Some((provider, method)) = described else {
            let outcome = Outcome { replayed: false, user_errors };
            return Ok(AddPaymentMethodPayload { payment_method: None, outcome });
        };
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let method = method.as_ref().ok_or_else(|| Fault::Broken("a used key vanished".into()))?;
            let keys = &request(ctx).gate.keys;
            payments::add_method(txn, keys, person, (provider, method)).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(AddPaymentMethodPayload { payment_method: PaymentMethod::visible(ctx, id).await?, outcome })
    }

    /// Removes a payment method. Payments that are under way go on.
    async fn remove_payment_method(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The payment method to remove.")] input: RemovePaymentMethodInput,
    ) -> Answer<RemovePaymentMethodPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            payments::remove_method(txn, person, input.payment_method_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RemovePaymentMethodPayload { payment_method: PaymentMethod::visible(ctx, id).await?, outcome })
    }
}
