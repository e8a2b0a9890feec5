//! Choosing what one shows of oneself as a freelancer.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    graphql::{
        kit::{
            context::request,
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
        profiles::own_profile::OwnProfile,
    },
    profiles::{self, Changes},
};

/// Input of `setProfile`. A field that is left out stays as it is.
#[derive(Debug, InputObject, Serialize)]
pub struct SetProfileInput {
    /// Whether to hide what the freelancer has earned.
    hides_earnings: Option<bool>,
    /// The last part of the profile's address, 3 to 50 characters: letters from a to z, digits, and single hyphens between
    /// them, with at least one letter. Null gives up the one in use, which stays the freelancer's.
    #[serde(skip_serializing_if = "MaybeUndefined::is_undefined")]
    slug: MaybeUndefined<String>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `setProfile`.
#[derive(SimpleObject)]
pub struct SetProfilePayload {
    /// What the freelancer shows now; null if the request was refused.
    profile: Option<OwnProfile>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Choosing what one shows of oneself as a freelancer.
#[derive(Default)]
pub struct OwnProfileMutation;

#[Object]
impl OwnProfileMutation {
    /// Chooses whether to hide earnings, and the address of the profile, as far as the plan has it (M-11). For freelancers.
    async fn set_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: SetProfileInput,
    ) -> Answer<SetProfilePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let slug = match &input.slug {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(slug) => Some(Some(slug.as_str())),
            };
            profiles::set(txn, person.id(), Changes { hides_earnings: input.hides_earnings, slug }).await
        });
        let (done, outcome) = done.boxed().await?;
        let request = request(ctx);
        let profile = match (done, &request.viewer) {
            (Some(()), Some(person)) => Some(OwnProfile::of(request, &person.0).await?),
            _ => None,
        };
        Ok(SetProfilePayload { profile, outcome })
    }
}
