//! A row of the audit log, which nobody can change.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::AuditAction,
    ids::{AccountId, AuditEntryId},
};

/// A row of the audit log, which nobody can change.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    /// What was done.
    pub action: AuditAction,
    /// Who did it; absent for an operator at the command line.
    pub actor_id: Option<AccountId>,
    /// The person affected.
    pub account_id: Option<AccountId>,
    /// The thing affected, such as the name of a task.
    pub subject: Option<String>,
    /// The details; never a secret.
    pub facts: Json,
    /// Business time then.
    pub business_now: DateTimeUtc,
    /// When, by the wall clock.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
