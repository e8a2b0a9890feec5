//! Versions of the policy, for admins and auditors.

use async_graphql::{Context, Object};

use crate::{
    books,
    entity::policy,
    graphql::{
        kit::{
            context::request,
            errors::top_level,
            page::{PageArgs, Pages},
            scalars::DateTime,
        },
        policy_versions::{
            policy_version::PolicyVersion,
            preview::{PolicyPreset, PolicyPreview},
        },
    },
    policy_versions::{rules::PRESETS, store},
    viewer::{Permission, Viewer as Person},
};

/// Versions of the policy, for admins and auditors.
pub struct OfAdmin<'a>(pub &'a Person);

/// Versions of the policy, for admins and auditors.
#[Object(name = "AdminPolicyVersions")]
impl OfAdmin<'_> {
    /// What a document would change of the policy in force when it takes effect, and for whom, before it is applied by
    /// `applyPolicy`. For admins and auditors; null, with an error, if it cannot be read or makes no sense.
    async fn preview_policy(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole document, in TOML.")] document: String,
        #[graphql(desc = "When it would take effect; now if nothing is said.")] effective_from: Option<
            DateTime,
        >,
    ) -> Option<async_graphql::Result<PolicyPreview>> {
        let request = request(ctx);
        let preview = async {
            self.0.must(Permission::ReadAudit)?;
            let from = effective_from.map_or(request.now, |at| at.0);
            let version = request.db.policy_at(from);
            books::preview(request.db.read(), &version, &document, (from, request.now)).await
        };
        Some(preview.await.map(PolicyPreview::from).map_err(|error| top_level(request, error)))
    }

    /// The published cards of PLUS, each as a document that `previewPolicy` and `applyPolicy` take: the policy in force with
    /// the Connects of the card (M-1). For admins and auditors.
    async fn policy_presets(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PolicyPreset>> {
        let request = request(ctx);
        let presets = async {
            self.0.must(Permission::ReadAudit)?;
            let version = request.db.policy_at(request.now);
            Ok(PRESETS.into_iter().map(|preset| PolicyPreset::of(preset, &version.policy)).collect())
        };
        presets.await.map_err(|error| top_level(request, error))
    }

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
