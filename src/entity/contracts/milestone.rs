//! A part of a contract that is funded at once: a milestone that was agreed, or an invoice for hours (O-2).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::MilestoneState,
    ids::{ContractId, MilestoneId},
};

/// A part of a contract that is funded at once: a milestone that was agreed, or an invoice for hours (O-2).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "milestones")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MilestoneId,
    /// The contract.
    pub contract_id: ContractId,
    /// Place in the contract, from 1.
    pub number: i64,
    /// What is to be done.
    pub title: String,
    /// What the client pays for it, in minor units.
    pub amount_cents: i64,
    /// The time that an invoice bills; absent: a milestone that was agreed.
    pub minutes: Option<i64>,
    /// Where it stands.
    pub state: MilestoneState,
    /// What left escrow for the freelancer, before the service fee, in minor units.
    pub released_cents: i64,
    /// The service fee of that, in minor units.
    pub fee_cents: i64,
    /// What of the released was taken back, in minor units.
    pub reversed_cents: i64,
    /// The part of the fee that was, in minor units.
    pub fee_reversed_cents: i64,
    /// What the client was given back, in minor units.
    pub refunded_cents: i64,
    /// What the client's bank took back, in minor units.
    pub charged_back_cents: i64,
    /// When the client's payment was in escrow.
    pub funded_at: Option<DateTimeUtc>,
    /// When money left escrow for the freelancer.
    pub released_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
