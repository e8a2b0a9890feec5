//! Versions of the policy, for admins and auditors.

use async_graphql::{Context, Object};

use crate::{
    entity::policy,
    graphql::{
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
        policy_versions::policy_version::PolicyVersion,
    },
    policy_versions::store,
    viewer::Viewer as Person,
};

/// Versions of the policy, for admins and auditors.
pub struct OfAdmin<'a>(pub &'a Person);

/// Versions of the policy, for admins and auditors.
#[Object(name = "AdminPolicyVersions")]
impl OfAdmin<'_> {
    /// The versions of the policy, the last first. For admins and auditors.
    async fn policy_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PolicyVersion>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = store::visible_to(self.0);
        let rows = page.load(request(ctx), rows, policy::Column::Version, false, |row| row.version).await?;
        Ok(rows.map(PolicyVersion))
    }
}
