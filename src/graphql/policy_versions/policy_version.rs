//! Versions of the policy.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    entity::policy,
    error::Result,
    graphql::{
        accounts::account::Account,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::{DateTime, int},
        },
        policy_versions::loaders::VersionBefore,
    },
    policy_versions::{
        rules::{self, Change},
        store,
    },
};

/// A version of the policy: the values of the marketplace that an admin may change. For admins and auditors.
#[derive(Clone)]
pub struct PolicyVersion(pub policy::Model);

/// A value that differs between two versions of the policy.
#[derive(SimpleObject)]
pub struct PolicyChange {
    /// Where it stands, such as `payouts.hold_hours` or `purchases.bundles[3]`.
    path: String,
    /// What it was, as JSON; null if it is new.
    before: Option<String>,
    /// What it is, as JSON; null if it is gone.
    after: Option<String>,
}

impl From<Change> for PolicyChange {
    fn from(Change { path, before, after }: Change) -> Self {
        Self { path, before, after }
    }
}

impl Kind for PolicyVersion {
    type Key = i64;

    fn key(&self) -> Self::Key {
        self.0.version
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible(request.db.read(), viewer, keys).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A version of the policy: the values of the marketplace that an admin may change. For admins and auditors.
#[Object]
impl PolicyVersion {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The number of the version, from 1.
    async fn number(&self) -> i32 {
        int(self.0.version)
    }

    /// When it takes effect, or took it, unless a later version takes its place before.
    async fn effective_from(&self) -> DateTime {
        DateTime(self.0.effective_from)
    }

    /// When it was written.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }

    /// Who wrote it; null for the first version, and for an operator at the command line.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        Account::visible(ctx, self.0.actor_id).await.transpose()
    }

    /// The whole document, in TOML.
    async fn document(&self) -> String {
        rules::document_of(&self.0)
    }

    /// What it changes of the version that is in force when it takes effect, by path; nothing for the first. As many as the
    /// documents have values, some hundreds.
    async fn changes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PolicyChange>> {
        let before = request(ctx).load(VersionBefore(self.0.version)).await?;
        let changes = before.map(|before| rules::changes(&before.document, &self.0.document));
        Ok(changes.unwrap_or_default().into_iter().map(PolicyChange::from).collect())
    }
}
