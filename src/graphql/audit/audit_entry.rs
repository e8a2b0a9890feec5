//! The audit log, for admins and auditors.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    audit,
    entity::{
        audit_entry,
        enums::AuditAction,
        ids::{AccountId, AuditEntryId},
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        kit::{
            context::{Request, request},
            ids::Kind,
            scalars::DateTime,
        },
    },
};

/// A detail of an entry of the audit log.
#[derive(SimpleObject)]
pub struct AuditFact {
    /// The name of the detail.
    name: String,
    /// The value, as text.
    value: String,
}

/// An entry of the audit log: who changed what. Nobody can change it afterwards. For admins and auditors.
#[derive(Clone)]
pub struct AuditEntry(pub audit_entry::Model);

impl Kind for AuditEntry {
    type Key = AuditEntryId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = audit::store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// An entry of the audit log: who changed what. Nobody can change it afterwards. For admins and auditors.
#[Object]
impl AuditEntry {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.action
    }

    /// The person who acted; null if an operator at the command line or the program itself did.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        account(ctx, self.0.actor_id?).await
    }

    /// The account that was affected; null if the entry concerns no single person.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        account(ctx, self.0.account_id?).await
    }

    /// What was affected: a role, a plan, a task or a session; null if the entry concerns none.
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// The details of the action; a handful at most.
    async fn facts(&self) -> Vec<AuditFact> {
        let facts = self.0.facts.as_object().cloned().unwrap_or_default();
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        facts.into_iter().map(|(name, value)| AuditFact { name, value: text(value) }).collect()
    }

    /// The business time of the action.
    async fn business_now(&self) -> DateTime {
        DateTime(self.0.business_now)
    }

    /// When the action was recorded, by the wall clock.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }
}

/// Anyone who may read the log may see the accounts in it.
async fn account(ctx: &Context<'_>, id: AccountId) -> Option<async_graphql::Result<Account>> {
    request(ctx).show(id, Account).await
}
