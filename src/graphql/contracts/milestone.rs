//! Milestones of contracts.

use async_graphql::{Context, ID, Object};

use crate::{
    contracts::{rules, store},
    entity::{
        enums::{Currency, MilestoneState, PaymentPurpose},
        ids::MilestoneId,
        milestone,
    },
    error::Result,
    graphql::{
        contracts::{
            contract::Contract,
            dispute::Dispute,
            loaders::{DisputeOver, RefundsFor},
            refund::Refund,
        },
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
        payments::{loaders::PaymentFor, payment::Payment},
    },
};

/// A part of a contract that is funded as a whole (O-2). Visible to both sides, admins and auditors.
#[derive(Clone)]
pub struct Milestone(pub milestone::Model);

impl Kind for Milestone {
    type Key = MilestoneId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_milestones(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A part of a contract that is funded as a whole (O-2). Visible to both sides, admins and auditors.
#[Object]
impl Milestone {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The contract.
    async fn contract(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Contract>> {
        request(ctx).show(self.0.contract_id, Contract).await
    }

    /// The place in the contract, from 1.
    async fn number(&self) -> i32 {
        int(self.0.number)
    }

    /// What is to be done.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What the client pays for it.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_cents, Currency::Usd)
    }

    /// The time that the invoice bills, in minutes; null for a milestone that was agreed (O-2).
    async fn minutes(&self) -> Option<i32> {
        self.0.minutes.map(int)
    }

    /// The state of the milestone.
    async fn state(&self) -> MilestoneState {
        self.0.state
    }

    /// When the client's payment was in escrow; null until then.
    async fn funded_at(&self) -> Option<DateTime> {
        self.0.funded_at.map(DateTime)
    }

    /// What left escrow for the freelancer, before the service fee; zero until then.
    async fn released(&self) -> Money {
        Money::new(self.0.released_cents, Currency::Usd)
    }

    /// The service fee that the platform keeps of it: that of the release, less what went back with refunds and
    /// charge-backs.
    async fn fee(&self) -> Money {
        Money::new(self.0.fee_cents - self.0.fee_reversed_cents, Currency::Usd)
    }

    /// The service fee if what is not released yet is released now; zero once nothing can be.
    async fn expected_fee(&self, ctx: &Context<'_>) -> Money {
        let request = request(ctx);
        let fee = rules::fee_to_come(&self.0, &request.db.policy_at(request.now).policy.contracts);
        Money::new(fee, Currency::Usd)
    }

    /// What can go back to the client now: what is in escrow, or what was released and not taken back.
    async fn refundable(&self) -> Money {
        Money::new(rules::left_of(&self.0), Currency::Usd)
    }

    /// Until this instant, exclusive, the client can dispute what was released; null unless it is `RELEASED` (O-2).
    async fn disputable_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        let request = request(ctx);
        let policy = &request.db.policy_at(request.now).policy.contracts;
        let released_at = self.0.released_at.filter(|_| self.0.state == MilestoneState::Released);
        released_at.map(|at| DateTime(rules::disputable_until(at, policy)))
    }

    /// What the client was given back.
    async fn refunded(&self) -> Money {
        Money::new(self.0.refunded_cents, Currency::Usd)
    }

    /// What the client's bank took back (O-5).
    async fn charged_back(&self) -> Money {
        Money::new(self.0.charged_back_cents, Currency::Usd)
    }

    /// What of the released was taken back from the freelancer, by refunds and charge-backs.
    async fn reversed(&self) -> Money {
        Money::new(self.0.reversed_cents, Currency::Usd)
    }

    /// When money left escrow for the freelancer; null until then.
    async fn released_at(&self) -> Option<DateTime> {
        self.0.released_at.map(DateTime)
    }

    /// The last payment for it. For the client, admins and auditors; null for everyone else, and before the first.
    async fn payment(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Payment>> {
        request(ctx).show(PaymentFor(PaymentPurpose::Milestone, self.0.id.0), Payment).await
    }

    /// The refunds, oldest first; twenty, and a few at the end and by decisions.
    async fn refunds(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Refund>> {
        let rows = request(ctx).load(RefundsFor(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(Refund).collect())
    }

    /// The last dispute over it; null before the first.
    async fn dispute(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Dispute>> {
        request(ctx).show(DisputeOver(self.0.id), Dispute).await
    }
}
