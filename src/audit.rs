//! The audit log: who changed roles, money and security, written in the transaction of the change.
//! The database refuses to change it. Nothing secret ever goes into it.

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

/// What is to be kept of a change.
#[derive(Clone, Debug)]
pub struct Record {
    action: AuditAction,
    actor: Option<AccountId>,
    account: Option<AccountId>,
    subject: Option<String>,
    facts: serde_json::Value,
}

impl Record {
    /// That `actor` did this; nobody stands for an operator at the command line.
    pub fn new(action: AuditAction, actor: Option<AccountId>) -> Self {
        Self { action, actor, account: None, subject: None, facts: serde_json::json!({}) }
    }

    /// Names the person it was done to.
    #[must_use]
    pub fn to(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// Names the thing it was done to.
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

/// Keeps `record` with the change that `txn` makes.
///
/// # Errors
/// When the database refuses.
pub async fn record(txn: &Txn, record: Record) -> Result<()> {
    record_all(txn, vec![record]).await
}

/// Keeps `records` with the changes that `txn` makes.
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
