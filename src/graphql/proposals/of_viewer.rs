//! The proposals of the signed-in person.

use async_graphql::{Context, Object};

use crate::{
    entity::{enums::ProposalState, proposal},
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        proposals::proposal::Proposal,
    },
    proposals,
    viewer::Viewer as Person,
};

/// The proposals of the signed-in person.
pub struct OfViewer<'a>(pub &'a Person);

/// The proposals of the signed-in person.
#[Object(name = "ViewerProposals")]
impl OfViewer<'_> {
    /// The proposals that this person has submitted, newest first.
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only proposals in this state.")] state: Option<ProposalState>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Proposal>> {
        use proposal::Column::{Id, SubmittedAt};
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = proposals::store::sent_in(self.0.id(), state, request(ctx).now);
        let key = |row: &proposal::Model| (row.submitted_at, row.id);
        let rows = page.load(request(ctx), rows, (SubmittedAt, Id), false, key).await?;
        Ok(rows.map(Proposal))
    }
}
