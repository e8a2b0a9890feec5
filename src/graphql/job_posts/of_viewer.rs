//! The job posts and reports of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::JobPostState, job_post, job_post_report},
    graphql::{
        job_posts::{
            job_post::JobPost,
            report::{JobPostReport, order_of},
        },
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    job_posts,
    viewer::Viewer as Person,
};

/// The job posts and reports of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The job posts and reports of the signed-in person.
#[Object(name = "ViewerJobPosts")]
impl OfViewer<'_> {
    /// The job posts that this person has created, newest first, including drafts.
    async fn job_posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only job posts in this state.")] state: Option<JobPostState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPost>> {
        use job_post::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = job_posts::store::of_client_in(self.0.id(), state, request(ctx).now);
        let key = |row: &job_post::Model| (row.created_at, row.id);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), false, key).await?.map(JobPost))
    }

    /// The reports that this person has made, oldest first (J-7).
    async fn reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPostReport>> {
        use job_post_report::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = job_posts::store::reports_by(self.0.id());
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), true, order_of).await?.map(JobPostReport))
    }
}
