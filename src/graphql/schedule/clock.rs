//! The server's clock.

use async_graphql::{ComplexObject, Context, SimpleObject};

use crate::{
    entity::enums::ClockKind,
    graphql::kit::{
        context::{Request, request},
        errors::top_level,
        scalars::DateTime,
    },
    schedule,
};

/// The server's clock, which every rule goes by.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Clock {
    /// The kind of clock that this server follows.
    kind: ClockKind,
    /// The current business time.
    now: DateTime,
}

impl Clock {
    /// The clock at the time of a request.
    pub fn of(request: &Request) -> Self {
        Self { kind: request.db.clock(), now: DateTime(request.now) }
    }
}

#[ComplexObject]
impl Clock {
    /// The advance of the sandbox clock that is under way; null if there is none.
    async fn advance(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<ClockAdvance>> {
        match schedule::heading(&request(ctx).db).await {
            Ok(goal) => goal.map(|to| Ok(ClockAdvance { at: self.now, to: DateTime(to) })),
            Err(error) => Some(Err(top_level(request(ctx), error))),
        }
    }
}

/// An advance of the sandbox clock that is under way.
#[derive(SimpleObject)]
pub struct ClockAdvance {
    /// The time that the clock shows now.
    at: DateTime,
    /// The time that the clock is advancing to.
    to: DateTime,
}
