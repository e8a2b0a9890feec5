//! When a commission was disputed (F-10).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::ids::{CommissionId, TicketId};

/// When a commission was disputed: nothing of it locks meanwhile (F-10).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "commission_disputes")]
pub struct Model {
    /// The ticket that disputes it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    /// The commission.
    pub commission_id: CommissionId,
    /// From when.
    pub disputed_at: DateTimeUtc,
    /// Until when, once the ticket is closed.
    pub settled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
