//! Purchases.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{MembershipPlan, PurchaseItem, PurchaseState},
        ids::PurchaseId,
        promo_redemption, purchase,
    },
    error::Result,
    graphql::{
        connects::lot::Lot,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{Date, DateTime, Money, int},
        },
        payments::{loaders::PaymentFor, payment::Payment},
        purchases::{loaders::LotsOf, quote::AppliedTax},
    },
    purchases::{purpose_of, store},
};

/// Connects or a cycle of a plan that a person bought, or tried to (B-3). Visible to that person, and to admins, support and auditors.
#[derive(Clone)]
pub struct Purchase(pub purchase::Model);

impl Kind for Purchase {
    type Key = PurchaseId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// Connects or a cycle of a plan that a person bought, or tried to (B-3). Visible to that person, and to admins, support and auditors.
#[Object]
impl Purchase {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What was bought.
    async fn item(&self) -> PurchaseItem {
        self.0.item
    }

    /// The plan of which a cycle was bought; null for Connects (M-6, M-7).
    async fn plan(&self) -> Option<MembershipPlan> {
        self.0.plan
    }

    /// The first day of that cycle; null for Connects, and for an upgrade that is not paid.
    async fn cycle_starts_on(&self) -> Option<Date> {
        self.0.cycle_starts_at.map(|at| Date(at.date_naive()))
    }

    /// How many Connects; of a cycle, its paid part.
    async fn quantity(&self) -> i32 {
        int(self.0.quantity)
    }

    /// The state of the purchase.
    async fn state(&self) -> PurchaseState {
        self.0.state
    }

    /// What they cost without a discount and without tax.
    async fn list_price(&self) -> Money {
        self.money(self.0.list_cents)
    }

    /// The discount.
    async fn discount(&self) -> Money {
        self.money(self.0.discount_cents)
    }

    /// What they cost without tax.
    async fn net(&self) -> Money {
        self.money(self.0.net_cents)
    }

    /// The tax on that, half a cent rounded up (B-2).
    async fn tax(&self) -> Money {
        self.money(self.0.tax_cents)
    }

    /// What is paid.
    async fn total(&self) -> Money {
        self.money(self.0.total_cents)
    }

    /// The tax that was applied; null if none was known for the person's country and region.
    async fn applied_tax(&self) -> Option<AppliedTax> {
        let name = self.0.tax_name.as_deref()?;
        Some(AppliedTax::new(name, self.0.tax_rate_micros, self.0.reverse_charge))
    }

    /// The country in which the person was taxed, as an ISO 3166-1 code.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// The region within it in which they were taxed; null if they had named none.
    async fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// The tax id that they had given; null if there was none, and once their data was erased.
    async fn tax_id(&self) -> Option<&str> {
        self.0.tax_id.as_deref()
    }

    /// The policy version that price and tax are from.
    async fn policy_version(&self) -> i32 {
        int(self.0.policy_version)
    }

    /// The payment; null if nothing was to be paid, or the viewer may not see it.
    async fn payment(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Payment>> {
        request(ctx).show(PaymentFor(purpose_of(self.0.item), self.0.id.0), Payment).await
    }

    /// The promo code that it was bought with; null without one (B-5).
    async fn promo_code(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        async {
            let Some(kept) = self.kept(ctx).await? else { return Ok(None) };
            Ok(request(ctx).load(kept.promo_code_id).await?.map(|code| code.code))
        }
        .await
        .transpose()
    }

    /// The Connects that the code adds; 0 without one.
    async fn bonus(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(self.kept(ctx).await?.map_or(0, |kept| int(kept.connects)))
    }

    /// Where its receipt is on this server, as a page to print; `receipt.json` in the place of `receipt.html` is for programs.
    /// Null before it is paid.
    async fn receipt_path(&self) -> Option<String> {
        let is_paid = matches!(self.0.state, PurchaseState::Paid | PurchaseState::ChargedBack);
        is_paid.then(|| format!("/purchases/{}/receipt.html", self.global_id().as_str()))
    }

    /// The lots that it issued: one, and another one if a promo code added Connects; none until it is paid (B-3).
    async fn lots(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Lot>> {
        let bonus = self.kept(ctx).await?.and_then(|kept| kept.entry_seq);
        let mut lots = Vec::new();
        for entry in self.0.entry_seq.into_iter().chain(bonus) {
            lots.extend(request(ctx).load(LotsOf(self.0.wallet_id, entry)).await?.unwrap_or_default());
        }
        Ok(lots.into_iter().map(Lot).collect())
    }

    /// When it was ordered.
    async fn ordered_at(&self) -> DateTime {
        DateTime(self.0.ordered_at)
    }

    /// When it was paid or failed; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When it became known that a bank took the payment back; null if it has it not (B-4).
    async fn charged_back_at(&self) -> Option<DateTime> {
        self.0.charged_back_at.map(DateTime)
    }
}

impl Purchase {
    /// The use of its promo code.
    async fn kept(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<promo_redemption::Model>> {
        match self.0.promo_redemption_id {
            Some(kept) => request(ctx).load(kept).await,
            None => Ok(None),
        }
    }

    fn money(&self, cents: i64) -> Money {
        Money::new(cents, self.0.currency)
    }
}
