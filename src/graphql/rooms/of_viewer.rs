//! The rooms of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::room,
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        rooms::room::Room,
    },
    rooms::store,
    viewer::Viewer as Person,
};

/// The rooms of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The rooms of the signed-in person.
#[Object(name = "ViewerRooms")]
impl OfViewer<'_> {
    /// The rooms in which this person talks, as a client or as a freelancer; those with the newest messages first (S-9).
    async fn rooms(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Room>> {
        use room::Column::{Id, LastMessageAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let key = |row: &room::Model| (row.last_message_at, row.id);
        let rows = store::rooms_of(self.0.id());
        Ok(page.load(request(ctx), rows, (LastMessageAt, Id), false, key).await?.map(Room))
    }
}
