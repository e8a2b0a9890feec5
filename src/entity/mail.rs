//! A mail to be sent, written with the fact.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::{
    enums::MailKind,
    ids::{AccountId, MailId, OneTimeTokenId},
};

/// A mail to be sent, written with the fact.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    /// Identity, and the part before the @ of its Message-ID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// To whom.
    pub account_id: AccountId,
    /// The token that it carries.
    pub token_id: Option<OneTimeTokenId>,
    /// When it was written, by the wall clock.
    pub created_at: DateTimeUtc,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is to be tried next; absent when it was sent or given up.
    pub next_attempt_at: Option<DateTimeUtc>,
    /// When it was sent.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was given up.
    pub failed_at: Option<DateTimeUtc>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
