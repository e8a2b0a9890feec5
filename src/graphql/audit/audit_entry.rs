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

/// A detail of a row of the audit log.
#[derive(SimpleObject)]
pub struct AuditFact {
    /// Its name.
    name: String,
    /// Its value, as text.
    value: String,
}

/// Who changed what; nobody can change it afterwards. For admins and auditors.
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

/// Who changed what; nobody can change it afterwards. For admins and auditors.
#[Object]
impl AuditEntry {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.action
    }

    /// Who did it; null for an operator at the command line, and for the program itself.
    async fn actor(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        account(ctx, self.0.actor_id?).await
    }

    /// To whom; null where it concerns no single person.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        account(ctx, self.0.account_id?).await
    }

    /// To what: a role, a plan, a task, a session; null for others.
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// The details; a handful at most.
    async fn facts(&self) -> Vec<AuditFact> {
        let facts = self.0.facts.as_object().cloned().unwrap_or_default();
        let text = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        facts.into_iter().map(|(name, value)| AuditFact { name, value: text(value) }).collect()
    }

    /// Business time then.
    async fn business_now(&self) -> DateTime {
        DateTime(self.0.business_now)
    }

    /// When, by the wall clock.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.0.recorded_at)
    }
}

/// Whoever reads the log may see people.
async fn account(ctx: &Context<'_>, id: AccountId) -> Option<async_graphql::Result<Account>> {
    request(ctx).show(id, Account).await
}
