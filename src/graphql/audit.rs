//! The audit log, for admins and auditors.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{account::Account, context::request, node::global_id, scalars::DateTime};
use crate::entity::{audit_entry, enums, ids::AccountId};

/// What a row of the audit log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::AuditAction")]
pub enum AuditAction {
    /// An operator registered a person by command.
    RegisteredByCommand,
    /// A person got a role (P-1).
    RoleGranted,
    /// A person lost a role (P-1).
    RoleRevoked,
    /// An account was suspended (P-4).
    AccountSuspended,
    /// A suspension was lifted (P-4).
    AccountReinstated,
    /// A person closed his account (P-6).
    AccountClosed,
    /// A person opened his account again (P-6).
    AccountReopened,
    /// A person had his personal data replaced by a pseudonym (P-6).
    AccountErased,
    /// An admin changed a membership plan (M-8).
    PlanChanged,
    /// All sessions of a person were ended.
    SignedOutEverywhere,
    /// A person changed his password.
    PasswordChanged,
    /// A person set a new password by mail.
    PasswordReset,
    /// An e-mail address was verified.
    EmailVerified,
    /// A refresh token that had been used came again, and its session was ended.
    RefreshTokenReused,
    /// A job post was taken down, and what it had cost went back (J-7, T-1).
    JobPostRemoved,
    /// A job post was made free of charge, or got its price again (J-3).
    JobPostPriceSet,
    /// The reports of a job post were dismissed (J-7).
    ReportsDismissed,
    /// An appeal against a removal was answered (J-7).
    AppealAnswered,
    /// A task was paused.
    TaskPaused,
    /// A task was resumed.
    TaskResumed,
    /// A task was run because an admin asked for it.
    TaskRun,
    /// The sandbox clock was advanced.
    ClockAdvanced,
}

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

/// Who changed what; nobody can change it afterwards. For admins and auditors.
#[Object]
impl AuditEntry {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        global_id("AuditEntry", &[&self.0.id])
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.action.into()
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
    let request = request(ctx);
    match request.loaders.load_one(id).await {
        Ok(row) => row.map(|row| Ok(Account(row))),
        Err(error) => Some(Err(request.shared(&error))),
    }
}
