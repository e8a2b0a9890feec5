//! Writing messages.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    graphql::{
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, Retry, SignedIn, mutate},
        },
        proposals::proposal::Proposal,
        rooms::message::Message,
    },
    input, rooms,
};

/// Input of `sendMessage`.
#[derive(Debug, InputObject, Serialize)]
pub struct SendMessageInput {
    /// The proposal that the message is about.
    proposal_id: IdOf<Proposal>,
    /// The text, 1 to 5,000 characters.
    body: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `sendMessage`.
#[derive(SimpleObject)]
pub struct SendMessagePayload {
    /// The message; null if the request was refused.
    message: Option<Message>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Messages.
#[derive(Default)]
pub struct RoomMutation;

#[Object]
impl RoomMutation {
    /// Writes to the other side of a proposal. The client's first message opens a room and starts the interview; then the
    /// freelancer can write, too, until the proposal is over (S-9). For both sides.
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to send.")] input: SendMessageInput,
    ) -> Answer<SendMessagePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let body = input::text("body", &input.body, 1, 5_000)?;
            rooms::send(txn, person, input.proposal_id.key()?, &body).await
        });
        let (id, outcome) = done.boxed().await?;
        Ok(SendMessagePayload { message: Message::visible(ctx, id).await?, outcome })
    }
}
