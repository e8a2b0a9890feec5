//! Adding a freelancer or a client profile later (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::Profile,
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            ids::Kind,
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
    },
    idempotency::by_variant,
    onboarding,
};

/// Input of `addProfile`.
#[derive(Debug, InputObject, Serialize)]
pub struct AddProfileInput {
    /// The profile to add.
    #[serde(serialize_with = "by_variant")]
    profile: Profile,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `addProfile`.
#[derive(SimpleObject)]
pub struct AddProfilePayload {
    /// The account, with the wallet if it has become a freelancer's; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to the viewer's profiles.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Adds a freelancer or a client profile to the viewer's account. A new freelancer receives the Connects of
    /// the first cycle at once, and the welcome gift, which each person receives once for life (P-1, M-4, R-1).
    async fn add_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile to add.")] input: AddProfileInput,
    ) -> Answer<AddProfilePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            onboarding::add_profile(txn, &request(ctx).gate.keys, person, input.profile).await?;
            Ok(person.id())
        });
        let (id, outcome) = done.boxed().await?;
        Ok(AddProfilePayload { account: Account::visible(ctx, id).await?, outcome })
    }
}
