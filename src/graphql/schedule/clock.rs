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

/// The server's clock: what every rule takes for now.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Clock {
    /// Which time this server lives in.
    kind: ClockKind,
    /// Business time now.
    now: DateTime,
}

impl Clock {
    /// The clock as a request finds it.
    pub fn of(request: &Request) -> Self {
        Self { kind: request.db.clock(), now: DateTime(request.now) }
    }
}

#[ComplexObject]
impl Clock {
    /// The advance of a sandbox's clock that is under way; null while it stands.
    async fn advance(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<ClockAdvance>> {
        match schedule::heading(&request(ctx).db).await {
            Ok(goal) => goal.map(|to| Ok(ClockAdvance { at: self.now, to: DateTime(to) })),
            Err(error) => Some(Err(top_level(request(ctx), error))),
        }
    }
}

/// An advance of a sandbox's clock that is under way.
#[derive(SimpleObject)]
pub struct ClockAdvance {
    /// Where it stands.
    at: DateTime,
    /// Where it goes.
    to: DateTime,
}
