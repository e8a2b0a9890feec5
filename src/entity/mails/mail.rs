//! A mail to be sent, written in the transaction of its fact.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::MailKind,
    ids::{AccountId, MailId, OneTimeTokenId},
    values::MailFacts,
};

/// A mail to be sent, written in the transaction of its fact.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    /// Identity, and the part before the @ of its Message-ID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// The account of its recipient.
    pub account_id: AccountId,
    /// The token that it carries.
    pub token_id: Option<OneTimeTokenId>,
    /// What it says besides its fixed words.
    pub facts: Option<MailFacts>,
    /// When it was written, by the wall clock.
    pub created_at: DateTimeUtc,
    /// The number of attempts.
    pub attempts: i64,
    /// When the next attempt is due; absent when it was sent or given up.
    pub next_attempt_at: Option<DateTimeUtc>,
    /// When it was sent.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was given up.
    pub failed_at: Option<DateTimeUtc>,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
