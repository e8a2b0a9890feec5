//! Promo codes.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{Currency, MembershipPlan, PromoKind},
        ids::PromoCodeId,
        promo_code, promo_redemption,
    },
    error::Result,
    graphql::{
        kit::{
            context::{Request, request},
            ids::Kind,
            page::{PageArgs, Pages},
            scalars::{DateTime, Decimal, Money, int},
        },
        promo_codes::promo_redemption::PromoRedemption,
    },
    promo_codes::store,
    purchases::rules::percent_of,
};

/// A promo code (B-5). Visible to admins, support and auditors.
#[derive(Clone)]
pub struct PromoCode(pub promo_code::Model);

impl Kind for PromoCode {
    type Key = PromoCodeId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_codes_seen_by(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A promo code (B-5). Visible to admins, support and auditors.
#[Object]
impl PromoCode {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What people type; it does not matter whether in capitals.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// What it gives.
    async fn kind(&self) -> PromoKind {
        self.0.kind
    }

    /// The Connects that it gives; null if it gives something else.
    async fn connects(&self) -> Option<i32> {
        self.amount_if(&[PromoKind::BonusConnects, PromoKind::FreeConnects]).map(int)
    }

    /// The percentage that it takes off a price, such as `12.5`; null if it gives something else.
    async fn percent(&self) -> Option<Decimal> {
        self.amount_if(&[PromoKind::PercentOff]).map(|hundredths| Decimal(percent_of(hundredths * 100)))
    }

    /// What it takes off a price; null if it gives something else.
    async fn amount(&self) -> Option<Money> {
        self.amount_if(&[PromoKind::AmountOff]).map(|cents| Money::new(cents, Currency::Usd))
    }

    /// The months of PLUS that it gives; null if it gives something else.
    async fn months(&self) -> Option<i32> {
        self.amount_if(&[PromoKind::PlanMonths]).map(int)
    }

    /// How often all can use it; null for any number.
    async fn max_uses(&self) -> Option<i32> {
        self.0.max_uses.map(int)
    }

    /// How often one account can use it.
    async fn per_account(&self) -> i32 {
        int(self.0.per_account)
    }

    /// How often it is used, or kept for a payment that is under way.
    async fn uses(&self) -> i32 {
        int(self.0.uses)
    }

    /// The least that a purchase costs without the discount and without tax.
    async fn minimum_purchase(&self) -> Money {
        Money::new(self.0.minimum_cents, Currency::Usd)
    }

    /// The plans whose members can use it; none for all.
    async fn plans(&self) -> &[MembershipPlan] {
        &self.0.plans.0
    }

    /// The countries from which people can use it, as ISO 3166-1 codes; none for all.
    async fn countries(&self) -> &[String] {
        &self.0.countries.0
    }

    /// From when on it can be used.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.0.starts_at)
    }

    /// Until when; null for ever.
    async fn ends_at(&self) -> Option<DateTime> {
        self.0.ends_at.map(DateTime)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Its uses, the last first.
    async fn redemptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PromoRedemption>> {
        use promo_redemption::Column::{Id, RedeemedAt};
        let request = request(ctx);
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::redemptions_by_code(request.person()?, self.0.id);
        let key = |row: &promo_redemption::Model| (row.redeemed_at, row.id);
        Ok(page.load(request, rows, (RedeemedAt, Id), false, key).await?.map(PromoRedemption))
    }
}

impl PromoCode {
    fn amount_if(&self, kinds: &[PromoKind]) -> Option<i64> {
        kinds.contains(&self.0.kind).then_some(self.0.amount)
    }
}
