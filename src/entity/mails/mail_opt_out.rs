//! Mails that people do not want.

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{enums::MailTopic, ids::AccountId};

/// That a person does not want mails on a topic.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "mail_opt_outs")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// On which topic.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic: MailTopic,
    /// Since when.
    pub opted_out_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
