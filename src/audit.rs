//! The audit log: who changed roles, money and security, written in the transaction of the change.
//! The database refuses changes to it. It never holds anything secret.

pub mod store;

pub use store::SECTIONS;

use crate::{
    db::Txn,
    entity::{
        audit_entry,
        enums::AuditAction,
        ids::{AccountId, AuditEntryId},
    },
    error::Result,
};

/// An entry of the audit log.
#[derive(Clone, Debug)]
pub struct Record {
    action: AuditAction,
    actor: Option<AccountId>,
    account: Option<AccountId>,
    subject: Option<String>,
    facts: serde_json::Value,
}

impl Record {
    /// A record that `actor` did this; no actor means an operator at the command line.
    pub fn new(action: AuditAction, actor: Option<AccountId>) -> Self {
        Self { action, actor, account: None, subject: None, facts: serde_json::json!({}) }
    }

    /// Names the person affected.
    #[must_use]
    pub fn to(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Names the thing affected.
    #[must_use]
    pub fn on(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds details; never a secret.
    #[must_use]
    pub fn with(mut self, facts: serde_json::Value) -> Self {
        self.facts = facts;
        self
    }
}

/// Writes `record` in the transaction of its change.
///
/// # Errors
/// When the database refuses.
pub async fn record(txn: &Txn, record: Record) -> Result<()> {
    record_all(txn, vec![record]).await
}

/// Writes `records` in the transaction of their changes.
///
/// # Errors
/// When the database refuses.
pub async fn record_all(txn: &Txn, records: Vec<Record>) -> Result<()> {
    let (business_now, recorded_at) = (txn.now(), txn.wall_now().await?);
    let row = |record: Record| audit_entry::Model {
        id: AuditEntryId::new(),
        action: record.action,
        actor_id: record.actor,
        account_id: record.account,
        subject: record.subject,
        facts: record.facts,
        business_now,
        recorded_at,
    };
    store::insert_entries(txn, records.into_iter().map(row).collect()).await
}
