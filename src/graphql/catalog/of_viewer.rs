//! The projects of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    catalog::store,
    entity::project,
    graphql::{
        catalog::project::Project,
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// The projects of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The projects of the signed-in person.
#[Object(name = "ViewerProjects")]
impl OfViewer<'_> {
    /// The projects that this person has published, newest first, including withdrawn ones (O-3).
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Project>> {
        use project::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::projects_of(self.0.id());
        let key = |row: &project::Model| (row.published_at, row.id);
        Ok(page.load(request(ctx), rows, (PublishedAt, Id), false, key).await?.map(Project))
    }
}
