//! The catalog as everyone sees it.

use async_graphql::{Context, Object};

use crate::{
    catalog::store,
    entity::{enums::JobCategory, project},
    graphql::{
        catalog::project::Project,
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
};

/// Queries of the catalog.
#[derive(Default)]
pub struct CatalogQuery;

#[Object]
impl CatalogQuery {
    /// The projects that clients can order, newest first (O-3).
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only projects of this category.")] category: Option<JobCategory>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Project>> {
        use project::Column::{Id, PublishedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::published(category, request(ctx).now);
        let key = |row: &project::Model| (row.published_at, row.id);
        Ok(page.load(request(ctx), rows, (PublishedAt, Id), false, key).await?.map(Project))
    }
}
