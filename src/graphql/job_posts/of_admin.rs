//! Reports of job posts, for anyone who may read the market.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::ReportState, job_post_report},
    graphql::{
        job_posts::report::{JobPostReport, order_of},
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    job_posts,
    viewer::Viewer as Person,
};

/// Reports of job posts, for anyone who may read the market.
pub struct OfAdmin<'a>(pub &'a Person);

/// Reports of job posts, for anyone who may read the market.
#[Object(name = "AdminJobPosts")]
impl OfAdmin<'_> {
    /// The reports of job posts, oldest first (J-7). For admins and auditors.
    async fn job_post_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only reports in this state.")] state: Option<ReportState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<JobPostReport>> {
        use job_post_report::Column::{CreatedAt, Id};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = job_posts::store::visible_reports(self.0, state);
        Ok(page.load(request(ctx), rows, (CreatedAt, Id), true, order_of).await?.map(JobPostReport))
    }
}
