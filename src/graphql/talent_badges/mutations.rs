//! Awarding and ending talent badges.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::TalentBadgeKind,
    graphql::{
        accounts::account::Account,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, Retry, mutate},
        },
        talent_badges::talent_badge::TalentBadge,
    },
    idempotency::by_variant,
    talent_badges,
    viewer::Permission::AwardBadges,
};

/// Input of `awardTalentBadge`.
#[derive(Debug, InputObject, Serialize)]
pub struct AwardTalentBadgeInput {
    /// The freelancer.
    account_id: IdOf<Account>,
    /// Which badge.
    #[serde(serialize_with = "by_variant")]
    kind: TalentBadgeKind,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `endTalentBadge`.
#[derive(Debug, InputObject, Serialize)]
pub struct EndTalentBadgeInput {
    /// The badge.
    talent_badge_id: IdOf<TalentBadge>,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `awardTalentBadge`.
#[derive(SimpleObject)]
pub struct AwardTalentBadgePayload {
    /// The badge; null if the request was refused.
    talent_badge: Option<TalentBadge>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `endTalentBadge`.
#[derive(SimpleObject)]
pub struct EndTalentBadgePayload {
    /// The badge; null if the request was refused.
    talent_badge: Option<TalentBadge>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Awarding and ending talent badges.
#[derive(Default)]
pub struct TalentBadgeMutation;

#[Object]
impl TalentBadgeMutation {
    /// Awards a talent badge to a freelancer, from now on (K-1). For admins.
    async fn award_talent_badge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The freelancer, the badge, and why.")] input: AwardTalentBadgeInput,
    ) -> Answer<AwardTalentBadgePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(AwardBadges), async |txn, admin| {
            let awarded = (input.kind, input.reason.as_str());
            talent_badges::award(txn, admin, input.account_id.key()?, awarded).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(AwardTalentBadgePayload { talent_badge: TalentBadge::visible(ctx, id).await?, outcome })
    }

    /// Ends a talent badge now (K-1). For admins.
    async fn end_talent_badge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The badge, and why it ends.")] input: EndTalentBadgeInput,
    ) -> Answer<EndTalentBadgePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(AwardBadges), async |txn, admin| {
            talent_badges::end(txn, admin, input.talent_badge_id.key()?, &input.reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(EndTalentBadgePayload { talent_badge: TalentBadge::visible(ctx, id).await?, outcome })
    }
}
