//! Promo codes: redeeming, making and ending them.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::{Currency, MembershipPlan, PromoKind},
    error::{Rejection, Result},
    graphql::{
        connects::wallet::Wallet,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Attempt, Need, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::{DateTime, Decimal, MoneyInput},
        },
        promo_codes::{promo_code::PromoCode, promo_code_in, promo_redemption::PromoRedemption},
    },
    input::invalid,
    money::Money,
    promo_codes::{self, Creating, rejection, rules::Given},
    viewer::Permission::ChangePolicy,
};

/// Input of `redeemPromoCode`.
#[derive(Debug, InputObject, Serialize)]
pub struct RedeemPromoCodeInput {
    /// The code.
    promo_code: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `createPromoCodes`.
#[derive(Debug, InputObject, Serialize)]
pub struct CreatePromoCodesInput {
    /// The name of the code: 4 to 40 letters of the English alphabet, digits and dashes. With `count`, what the random names
    /// begin with, up to 27; it may be empty.
    #[graphql(default)]
    code: String,
    /// How many codes with random names, up to 100. If nothing is said, one code is made, with the name.
    count: Option<i32>,
    /// What they give.
    kind: PromoKind,
    /// The Connects, 1 to 10,000; for `BONUS_CONNECTS` and `FREE_CONNECTS`.
    connects: Option<i32>,
    /// The percentage off, 0.01 to 100, such as `12.5`; for `PERCENT_OFF`.
    #[serde(serialize_with = "as_text")]
    percent: Option<Decimal>,
    /// The amount off; for `AMOUNT_OFF`.
    amount: Option<MoneyInput>,
    /// The months of PLUS, 1 to 24; for `PLAN_MONTHS`.
    months: Option<i32>,
    /// How often all can use each code; any number if nothing is said.
    max_uses: Option<i32>,
    /// How often one account can use each code.
    #[graphql(default = 1)]
    per_account: i32,
    /// The least that a purchase costs without the discount and without tax; nothing if nothing is said.
    minimum_purchase: Option<MoneyInput>,
    /// The plans whose members can use them; all if none is named.
    #[graphql(default)]
    plans: Vec<MembershipPlan>,
    /// The countries from which people can use them, as ISO 3166-1 codes; all if none is named.
    #[graphql(default)]
    countries: Vec<String>,
    /// From when on; at once if nothing is said.
    starts_at: Option<DateTime>,
    /// Until when; for ever if nothing is said.
    ends_at: Option<DateTime>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

fn as_text<S: serde::Serializer>(percent: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    percent.as_ref().map(|percent| &percent.0).serialize(serializer)
}

/// Input of `endPromoCode`.
#[derive(Debug, InputObject, Serialize)]
pub struct EndPromoCodeInput {
    /// The code.
    promo_code_id: IdOf<PromoCode>,
    /// When it ends; now if nothing is said.
    ends_at: Option<DateTime>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `redeemPromoCode`.
#[derive(SimpleObject)]
pub struct RedeemPromoCodePayload {
    /// The use of the code; null if the request was refused.
    promo_redemption: Option<PromoRedemption>,
    /// The wallet, which has the Connects; null if the request was refused.
    wallet: Option<Wallet>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `createPromoCodes`.
#[derive(SimpleObject)]
pub struct CreatePromoCodesPayload {
    /// The codes, up to 100; none if the request was refused.
    promo_codes: Vec<PromoCode>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `endPromoCode`.
#[derive(SimpleObject)]
pub struct EndPromoCodePayload {
    /// The code; null if the request was refused.
    promo_code: Option<PromoCode>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Promo codes: redeeming, making and ending them.
#[derive(Default)]
pub struct PromoCodeMutation;

#[Object]
impl PromoCodeMutation {
    /// Redeems a promo code that needs no purchase (B-5): it gives Connects, or months of PLUS. A code that does not exist counts as a guess, and guesses are
    /// limited. For freelancers.
    async fn redeem_promo_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: RedeemPromoCodeInput,
    ) -> Answer<RedeemPromoCodePayload> {
        let code =
            match promo_code_in(ctx, Attempt::from(&input.retry).key(ctx, &input), Some(&input.promo_code))
                .await?
            {
                Ok(code) => code,
                Err(outcome) => {
                    return Ok(RedeemPromoCodePayload { promo_redemption: None, wallet: None, outcome });
                }
            };
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            promo_codes::redeem(txn, person, code.ok_or_else(rejection::unknown)?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RedeemPromoCodePayload {
            promo_redemption: PromoRedemption::visible(ctx, id).await?,
            wallet: Wallet::of_viewer(ctx, id.is_some()).await?,
            outcome,
        })
    }

    /// Makes promo codes (B-5): one with a name, or many with random names. What they give never changes. For admins.
    async fn create_promo_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they give, to whom, how often, and when.")] input: CreatePromoCodesInput,
    ) -> Answer<CreatePromoCodesPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePolicy), async |txn, admin| {
            promo_codes::create(txn, admin, input.creating()?).await
        });
        let (ids, outcome) = done.boxed().await?;
        let promo_codes = PromoCode::all_visible(ctx, &ids.unwrap_or_default()).await?;
        Ok(CreatePromoCodesPayload { promo_codes, outcome })
    }

    /// Ends a promo code, or says when it ends (B-5). What is kept for a payment that is under way can still be used. For
    /// admins.
    async fn end_promo_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, and when it ends.")] input: EndPromoCodeInput,
    ) -> Answer<EndPromoCodePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(ChangePolicy), async |txn, admin| {
            let at = input.ends_at.map(|at| at.0);
            promo_codes::end(txn, admin, input.promo_code_id.key()?, at).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(EndPromoCodePayload { promo_code: PromoCode::visible(ctx, id).await?, outcome })
    }
}

impl CreatePromoCodesInput {
    fn creating(&self) -> Result<Creating<'_>, Rejection> {
        let cents = |amount: &Option<MoneyInput>, field| {
            amount.as_ref().map(|amount| amount.cents(field)).transpose()
        };
        let given = Given {
            connects: self.connects.map(Into::into),
            percent: self.percent.as_ref().map(hundredths_of).transpose()?,
            cents: cents(&self.amount, "amount")?,
            months: self.months.map(Into::into),
        };
        Ok(Creating {
            code: &self.code,
            count: self.count,
            kind: self.kind,
            given,
            max_uses: self.max_uses.map(Into::into),
            per_account: self.per_account.into(),
            minimum_cents: cents(&self.minimum_purchase, "minimumPurchase")?.unwrap_or_default(),
            plans: self.plans.clone(),
            countries: self.countries.clone(),
            starts_at: self.starts_at.map(|at| at.0),
            ends_at: self.ends_at.map(|at| at.0),
        })
    }
}

/// A percentage in hundredths of a percent: it has two decimals at most, as money does.
fn hundredths_of(percent: &Decimal) -> Result<i64, Rejection> {
    let bad = || invalid("percent", "A percentage looks like 12.5: digits, a point, at most two decimals.");
    Ok(Money::parse(&percent.0, Currency::Usd).ok_or_else(bad)?.minor)
}
