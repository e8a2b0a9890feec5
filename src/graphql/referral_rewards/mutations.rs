//! Forfeiting rewards that are kept for people who are suspended or gone.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    graphql::{
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, Retry, mutate},
        },
        referrals::referral::Referral,
    },
    referral_rewards,
    viewer::Permission::PayOut,
};

/// Input of `forfeitReferral`.
#[derive(Debug, InputObject, Serialize)]
pub struct ForfeitReferralInput {
    /// The referral.
    referral_id: IdOf<Referral>,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `forfeitReferral`.
#[derive(SimpleObject)]
pub struct ForfeitReferralPayload {
    /// The referral; null if the request was refused.
    referral: Option<Referral>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Forfeiting rewards that are kept for people who are suspended or gone.
#[derive(Default)]
pub struct ReferralRewardMutation;

#[Object]
impl ReferralRewardMutation {
    /// Decides that a referrer who is suspended or has closed their account does not get the reward that is kept for them
    /// (P-4, C-4). For admins.
    async fn forfeit_referral(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The referral, and why.")] input: ForfeitReferralInput,
    ) -> Answer<ForfeitReferralPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(PayOut), async |txn, admin| {
            referral_rewards::forfeit(txn, admin, input.referral_id.key()?, &input.reason).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(ForfeitReferralPayload { referral: Referral::visible(ctx, id).await?, outcome })
    }
}
