//! Saying which mails one wants.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    accounts,
    entity::enums::MailTopic,
    graphql::kit::mutation::{Answer, Outcome, Retry, SignedIn, mutate},
    idempotency::by_variant,
    mails,
};

/// Input of `setMailPreference`.
#[derive(Debug, InputObject, Serialize)]
pub struct SetMailPreferenceInput {
    /// The topic.
    #[serde(serialize_with = "by_variant")]
    topic: MailTopic,
    /// Whether the person wants mails on it.
    is_wanted: bool,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `setMailPreference`.
#[derive(SimpleObject)]
pub struct SetMailPreferencePayload {
    /// Whether the person wants mails on the topic now; null if the request was refused.
    is_wanted: Option<bool>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Saying which mails one wants.
#[derive(Default)]
pub struct MailMutation;

#[Object]
impl MailMutation {
    /// Says whether the signed-in person wants mails on a topic.
    async fn set_mail_preference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic, and whether mails are wanted.")] input: SetMailPreferenceInput,
    ) -> Answer<SetMailPreferencePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let person = accounts::acting_even_suspended(txn, person.id()).await?;
            mails::set_wanted(txn, person.id(), input.topic, input.is_wanted).await?;
            Ok(input.is_wanted)
        });
        let (is_wanted, outcome) = done.boxed().await?;
        Ok(SetMailPreferencePayload { is_wanted, outcome })
    }
}
