//! Uses of promo codes.

use async_graphql::{Context, ID, Object};

use crate::{
    entity::{
        enums::{Currency, PromoKind, PromoRedemptionState},
        ids::PromoRedemptionId,
        promo_code, promo_redemption,
    },
    error::{Fault, Result},
    graphql::{
        accounts::account::Account,
        connects::lot::Lot,
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            scalars::{DateTime, Money, int},
        },
        purchases::loaders::LotsOf,
    },
    promo_codes::store,
};

/// A use of a promo code by a person (B-5). Visible to that person, and to admins, support and auditors.
#[derive(Clone)]
pub struct PromoRedemption(pub promo_redemption::Model);

impl Kind for PromoRedemption {
    type Key = PromoRedemptionId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A use of a promo code by a person (B-5). Visible to that person, and to admins, support and auditors.
#[Object]
impl PromoRedemption {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The code.
    async fn code(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.promo(ctx).await?.code)
    }

    /// What the code gives.
    async fn kind(&self, ctx: &Context<'_>) -> async_graphql::Result<PromoKind> {
        Ok(self.promo(ctx).await?.kind)
    }

    /// The account that used it; null if the viewer may not see it.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        Account::visible(ctx, Some(self.0.account_id)).await.transpose()
    }

    /// How it stands.
    async fn state(&self) -> PromoRedemptionState {
        self.0.state
    }

    /// The Connects that it gave, or would give once the payment is paid.
    async fn connects(&self) -> i32 {
        int(self.0.connects)
    }

    /// The discount that it gave.
    async fn discount(&self) -> Money {
        Money::new(self.0.discount_cents, Currency::Usd)
    }

    /// The lots that it issued, of which there is one at most.
    async fn lots(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Lot>> {
        let Some(entry) = self.0.entry_seq else { return Ok(Vec::new()) };
        let lots = request(ctx).load(LotsOf(self.0.wallet_id, entry)).await?.unwrap_or_default();
        Ok(lots.into_iter().map(Lot).collect())
    }

    /// When it was used, or kept for a payment.
    async fn redeemed_at(&self) -> DateTime {
        DateTime(self.0.redeemed_at)
    }

    /// When it was used up, or released because the payment failed; null until then.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

impl PromoRedemption {
    async fn promo(&self, ctx: &Context<'_>) -> async_graphql::Result<promo_code::Model> {
        let request = request(ctx);
        let found = request.load(self.0.promo_code_id).await?;
        let missing = || top_level(request, Fault::Broken("a use is of no promo code".into()).into());
        found.ok_or_else(missing)
    }
}
