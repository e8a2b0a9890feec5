//! What is stored about a person and exported to them (P-6): the billing cycle and the plans.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{membership, plan_period},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[MEMBERSHIP, PLAN_PERIOD];

const MEMBERSHIP: &Rows<membership::Entity> = {
    use membership::Column::*;
    &Rows {
        kind: "MEMBERSHIP",
        columns: &[WalletId, AnchorDay, CycleStartedAt, NextGrantAt],
        of: |whose| membership::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};

const PLAN_PERIOD: &Rows<plan_period::Entity> = {
    use plan_period::Column::*;
    &Rows {
        kind: "PLAN_PERIOD",
        columns: &[WalletId, FromAt, Plan, UntilAt, RecordedAt],
        of: |whose| plan_period::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};
