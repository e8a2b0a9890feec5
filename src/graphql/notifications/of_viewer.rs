//! The notifications of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::notification,
    graphql::{
        kit::{
            context::request,
            errors::top_level,
            page::{PageArgs, Pages},
            scalars::{OrDefault, int},
        },
        notifications::notification::Notification,
    },
    notifications,
    viewer::Viewer as Person,
};

/// The notifications of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The notifications of the signed-in person.
#[Object(name = "ViewerNotifications")]
impl OfViewer<'_> {
    /// How many notifications this person has not read (N-1).
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        let request = request(ctx);
        let count = notifications::store::count_unread(request.db.read(), self.0.id()).await;
        Ok(int(i64::try_from(count.map_err(|error| top_level(request, error))?).unwrap_or(i64::MAX)))
    }

    /// The notifications of this person, newest first (N-1).
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "Whether to show unread notifications only.")] unread: OrDefault<bool>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Notification>> {
        use notification::Column::{CreatedAt, Key};
        let page = PageArgs { first, after, last, before }.checked()?;
        let me = self.0.id();
        let rows =
            if unread.0 { notifications::store::unread_by(me) } else { notifications::store::visible_to(me) };
        let key = |row: &notification::Model| (row.created_at, row.key.clone());
        let rows = page.load(request(ctx), rows, (CreatedAt, Key), false, key).await?;
        Ok(rows.map(Notification))
    }
}
