//! Disputes, for anyone who may read the market.

use async_graphql::{Context, Object};

use crate::{
    contracts::store,
    entity::{dispute, enums::DisputeState},
    graphql::{
        contracts::dispute::{Dispute, order_of},
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// Disputes, for anyone who may read the market.
pub struct OfAdmin<'a>(pub &'a Person);

/// Disputes, for anyone who may read the market.
#[Object(name = "AdminContracts")]
impl OfAdmin<'_> {
    /// The disputes over milestones, oldest first (O-2). For admins and auditors.
    async fn disputes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only disputes in this state.")] state: Option<DisputeState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Dispute>> {
        use dispute::Column::{Id, OpenedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::disputes_visible_to(self.0, state);
        Ok(page.load(request(ctx), rows, (OpenedAt, Id), true, order_of).await?.map(Dispute))
    }
}
