//! What an affiliate earns by a new client (F-5).

use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::entity::{
    enums::{CommissionReason, CommissionState, Currency},
    ids::{AccountId, AffiliateLinkId, CommissionId, ContractId, MilestoneId, PaymentId},
};

/// What an affiliate earns by a new client (F-5).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "commissions")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommissionId,
    /// The new client.
    #[sea_orm(unique)]
    pub client_id: AccountId,
    /// Who earns it.
    pub affiliate_id: AccountId,
    /// The link that brought the client.
    pub link_id: AffiliateLinkId,
    /// The contract that the client funded first.
    pub contract_id: ContractId,
    /// What of it they funded.
    pub milestone_id: MilestoneId,
    /// The payment.
    #[sea_orm(unique)]
    pub payment_id: PaymentId,
    /// Who was hired.
    pub freelancer_id: AccountId,
    /// The payment's amount, in minor units.
    pub base_cents: i64,
    /// The share of it, in hundredths of a percent.
    pub rate_basis_points: i64,
    /// The most of it, in minor units.
    pub cap_cents: i64,
    /// The policy version that both come from.
    pub policy_version: i64,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Where it stands.
    pub state: CommissionState,
    /// Why nothing, or nothing more, is earned.
    pub reason: Option<CommissionReason>,
    /// What has locked, in minor units.
    pub locked_cents: i64,
    /// The end of the month at which it is looked at next.
    pub next_lock_at: Option<DateTimeUtc>,
    /// When the client paid.
    pub funded_at: DateTimeUtc,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
    /// When it stopped being pending.
    pub ended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
