//! The tickets of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::TicketState, ticket},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        tickets::ticket::Ticket,
    },
    tickets::store,
    viewer::Viewer as Person,
};

/// The tickets of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The tickets of the signed-in person.
#[Object(name = "ViewerTickets")]
impl OfViewer<'_> {
    /// What this person has asked support about documents of theirs, newest first (F-10).
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in this state.")] state: Option<TicketState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Ticket>> {
        use ticket::Column::{Id, OpenedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &ticket::Model| (row.opened_at, row.id);
        let rows = store::only_in(store::tickets_of(self.0.id()), state);
        Ok(page.load(request(ctx), rows, (OpenedAt, Id), false, key).await?.map(Ticket))
    }
}
