//! Payments.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{PaymentFailure, PaymentProvider, PaymentPurpose, PaymentState},
        ids::{MilestoneId, PaymentId, PurchaseId},
        payment,
    },
    error::Result,
    graphql::{
        contracts::milestone::Milestone,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money},
        },
        payments::payment_method::PaymentMethod,
        purchases::purchase::Purchase,
    },
    payments,
    viewer::Permission,
};

/// What a person pays, through a payment provider or from their cash account (B-3, P-3). Visible to that person, and to
/// admins, support and auditors.
#[derive(Clone)]
pub struct Payment(pub payment::Model);

impl Kind for Payment {
    type Key = PaymentId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = payments::store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// What a person pays, through a payment provider or from their cash account (B-3, P-3). Visible to that person, and to
/// admins, support and auditors.
#[Object]
impl Payment {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// How much.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, self.0.currency)
    }

    /// The state of the payment. While it is `UNKNOWN`, the provider is asked until it says what became of it, and the
    /// person is never charged again for the same.
    async fn state(&self) -> PaymentState {
        self.0.state
    }

    /// The reason for which it failed; null if it did not.
    async fn failure(&self) -> Option<PaymentFailure> {
        self.0.failure
    }

    /// What went back of it to the person, by refunds; those on their way count.
    async fn refunded(&self) -> Money {
        Money::new(self.0.refunded_cents, self.0.currency)
    }

    /// What their bank took back of it (O-5).
    async fn charged_back(&self) -> Money {
        Money::new(self.0.charged_back_cents, self.0.currency)
    }

    /// Who collects it; `CASH_ACCOUNT` if the person pays from their cash (P-3).
    async fn provider(&self) -> PaymentProvider {
        self.0.provider
    }

    /// The payment method; null for everyone but the person who pays, and if they pay from their cash account.
    async fn method(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<PaymentMethod>> {
        request(ctx).show(self.0.method_id?, PaymentMethod).await
    }

    /// The milestone that it pays for; null if it pays for something else, or the viewer may not see it.
    async fn milestone(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Milestone>> {
        let milestone = (self.0.purpose == PaymentPurpose::Milestone).then_some(self.0.document_id)?;
        request(ctx).show(MilestoneId(milestone), Milestone).await
    }

    /// The purchase that it pays for; null if it pays for something else.
    async fn purchase(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Purchase>> {
        let purchase = (self.0.purpose != PaymentPurpose::Milestone).then_some(self.0.document_id);
        Purchase::visible(ctx, purchase.map(PurchaseId)).await.transpose()
    }

    /// The provider's own name for it, such as `pi_3PqA`, by which `reconcile` and the provider's pages know it. For admins,
    /// support and auditors; null for everyone else, and until it is known.
    async fn provider_reference(&self, ctx: &Context<'_>) -> Option<&str> {
        let is_staff = request(ctx).viewer.as_ref().is_some_and(|viewer| viewer.may(Permission::ReadPeople));
        self.0.reference.as_deref().filter(|_| is_staff)
    }

    /// When it began.
    async fn begun_at(&self) -> DateTime {
        DateTime(self.0.begun_at)
    }

    /// When it was paid or failed; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}
