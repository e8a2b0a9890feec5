//! Becoming a freelancer or a client later (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    entity::enums::Profile,
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
    },
    idempotency::by_variant,
    onboarding,
};

/// A profile to add to the viewer's account.
#[derive(Debug, InputObject, Serialize)]
pub struct AddProfileInput {
    /// Which.
    #[serde(serialize_with = "by_variant")]
    profile: Profile,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `addProfile`.
#[derive(SimpleObject)]
pub struct AddProfilePayload {
    /// The account, with the wallet of a freelancer; null when refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to one's profiles.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Makes the viewer a freelancer or a client, too. A freelancer gets the first cycle's Connects at once,
    /// and the welcome gift, which a person gets once for life (P-1, M-4, R-1).
    async fn add_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which profile.")] input: AddProfileInput,
    ) -> Answer<AddProfilePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            onboarding::add_profile(txn, &request(ctx).gate.keys, person, input.profile).await?;
            Ok(person.id())
        });
        let (id, outcome) = done.await?;
        Ok(AddProfilePayload { account: Account::found(ctx, id).await?, outcome })
    }
}
