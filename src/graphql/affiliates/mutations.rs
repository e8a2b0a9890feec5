//! Applying, deciding, and links.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    affiliates::{
        self, Application, Decision, Judgement, NewLink,
        rules::{AffiliateMove, FlagMove},
    },
    entity::enums::LinkTarget,
    graphql::{
        affiliates::{affiliate::Affiliate, affiliate_link::AffiliateLink, flag::AffiliateFlag},
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, Retry, SignedIn, mutate},
        },
    },
    input,
    viewer::Permission::DecideAffiliates,
};

/// Input of `applyAsAffiliate`.
#[derive(Debug, InputObject, Serialize)]
pub struct ApplyAsAffiliateInput {
    /// Where the person promotes the platform, one line of 1 to 300 characters, such as the address of a site.
    website: String,
    /// How, 1 to 2,000 characters.
    promotion: String,
    /// The version of the terms that the person accepts: `affiliateTermsVersion`, or the request is refused with
    /// `TERMS_CHANGED`.
    terms_version: i32,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `applyAsAffiliate`.
#[derive(SimpleObject)]
pub struct ApplyAsAffiliatePayload {
    /// The affiliate; null if the request was refused.
    affiliate: Option<Affiliate>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// A decision on an affiliate (F-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[graphql(name = "AffiliateDecision")]
pub enum AffiliateDecision {
    /// Approve the application.
    Approve,
    /// Reject the application; a reason is required.
    Reject,
    /// Suspend the affiliate: what has not locked is reversed, and what has locked is kept (F-8); a reason is required.
    Suspend,
    /// Lift the suspension.
    Reinstate,
    /// End the affiliate's part in the programme for good; a reason is required.
    Terminate,
}

impl From<AffiliateDecision> for AffiliateMove {
    fn from(decision: AffiliateDecision) -> Self {
        match decision {
            AffiliateDecision::Approve => Self::Approve,
            AffiliateDecision::Reject => Self::Reject,
            AffiliateDecision::Suspend => Self::Suspend,
            AffiliateDecision::Reinstate => Self::Reinstate,
            AffiliateDecision::Terminate => Self::Terminate,
        }
    }
}

/// Input of `decideAffiliate`.
#[derive(Debug, InputObject, Serialize)]
pub struct DecideAffiliateInput {
    /// The affiliate.
    affiliate_id: IdOf<Affiliate>,
    /// The decision.
    decision: AffiliateDecision,
    /// The reason, 1 to 500 characters, which the affiliate sees; an approval and a reinstatement need none.
    reason: Option<String>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `decideAffiliate`.
#[derive(SimpleObject)]
pub struct DecideAffiliatePayload {
    /// The affiliate; null if the request was refused.
    affiliate: Option<Affiliate>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// A decision on a flag (F-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
#[graphql(name = "FlagDecision")]
pub enum FlagDecision {
    /// Nothing is wrong: the commission goes on.
    Clear,
    /// It is fraud: nothing more of the commission is earned.
    Uphold,
}

/// Input of `decideAffiliateFlag`.
#[derive(Debug, InputObject, Serialize)]
pub struct DecideAffiliateFlagInput {
    /// The flag.
    affiliate_flag_id: IdOf<AffiliateFlag>,
    /// The decision.
    decision: FlagDecision,
    /// The reason, 1 to 500 characters, for other admins and the audit log.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `decideAffiliateFlag`.
#[derive(SimpleObject)]
pub struct DecideAffiliateFlagPayload {
    /// The flag; null if the request was refused.
    affiliate_flag: Option<AffiliateFlag>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `createAffiliateLink`.
#[derive(Debug, InputObject, Serialize)]
pub struct CreateAffiliateLinkInput {
    /// What the affiliate knows the link by, one line of 1 to 100 characters.
    label: String,
    /// Which page of the site the link leads to.
    target: LinkTarget,
    /// For a `DEEP_LINK`, the path of the page, beginning with one slash, such as `/jobs/42`.
    path: Option<String>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `createAffiliateLink`.
#[derive(SimpleObject)]
pub struct CreateAffiliateLinkPayload {
    /// The link; null if the request was refused.
    affiliate_link: Option<AffiliateLink>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `retireAffiliateLink`.
#[derive(Debug, InputObject, Serialize)]
pub struct RetireAffiliateLinkInput {
    /// The link.
    affiliate_link_id: IdOf<AffiliateLink>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `retireAffiliateLink`.
#[derive(SimpleObject)]
pub struct RetireAffiliateLinkPayload {
    /// The link; null if the request was refused.
    affiliate_link: Option<AffiliateLink>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// The affiliate programme.
#[derive(Default)]
pub struct AffiliateMutation;

#[Object]
impl AffiliateMutation {
    /// Applies to be an affiliate, which needs no profile on the marketplace (F-1). Anyone who was rejected may apply once
    /// more.
    async fn apply_as_affiliate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The application.")] input: ApplyAsAffiliateInput,
    ) -> Answer<ApplyAsAffiliatePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let application = Application {
                website: input::line("website", &input.website, 1, 300)?,
                promotion: input::text("promotion", &input.promotion, 1, 2_000)?,
                terms_version: input.terms_version.into(),
            };
            affiliates::apply(txn, person, application).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ApplyAsAffiliatePayload { affiliate: Affiliate::visible(ctx, id).await?, outcome })
    }

    /// Decides on an affiliate, who is notified of it; the audit log keeps the reason (F-1, F-8). For admins.
    async fn decide_affiliate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The affiliate, the decision and its reason.")] input: DecideAffiliateInput,
    ) -> Answer<DecideAffiliatePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(DecideAffiliates), async |txn, admin| {
            let decision = Decision { way: input.decision.into(), reason: input.reason.as_deref() };
            affiliates::decide(txn, admin, input.affiliate_id.key()?, decision).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(DecideAffiliatePayload { affiliate: Affiliate::visible(ctx, id).await?, outcome })
    }

    /// Decides whether a registration is fraud (F-8), for good; the audit log keeps the reason. For admins.
    async fn decide_affiliate_flag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The flag, the decision and its reason.")] input: DecideAffiliateFlagInput,
    ) -> Answer<DecideAffiliateFlagPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(DecideAffiliates), async |txn, admin| {
            let way = match input.decision {
                FlagDecision::Clear => FlagMove::Clear,
                FlagDecision::Uphold => FlagMove::Uphold,
            };
            let judgement = Judgement { way, reason: &input.reason };
            affiliates::decide_flag(txn, admin, input.affiliate_flag_id.key()?, judgement).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(DecideAffiliateFlagPayload { affiliate_flag: AffiliateFlag::visible(ctx, id).await?, outcome })
    }

    /// Makes a link, which leads to a page of the platform's own site (F-2). For approved affiliates.
    async fn create_affiliate_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link to make.")] input: CreateAffiliateLinkInput,
    ) -> Answer<CreateAffiliateLinkPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, affiliate| {
            let label = input::line("label", &input.label, 1, 100)?;
            let new = NewLink { label, target: input.target, path: input.path.clone() };
            affiliates::create_link(txn, affiliate, new).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(CreateAffiliateLinkPayload { affiliate_link: AffiliateLink::visible(ctx, id).await?, outcome })
    }

    /// Retires a link: it still leads where it did, and clicks on it do not count any more (F-2). For its affiliate.
    async fn retire_affiliate_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link to retire.")] input: RetireAffiliateLinkInput,
    ) -> Answer<RetireAffiliateLinkPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, affiliate| {
            affiliates::retire_link(txn, affiliate, input.affiliate_link_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RetireAffiliateLinkPayload { affiliate_link: AffiliateLink::visible(ctx, id).await?, outcome })
    }
}
