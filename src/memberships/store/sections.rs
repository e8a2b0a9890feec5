//! What is stored about a person and exported to them (P-6): the billing cycle, the plans, and how
//! they were paid.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{gift_month, membership, plan_period, renewal},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[MEMBERSHIP, PLAN_PERIOD, GIFT_MONTH, RENEWAL];

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
        columns: &[WalletId, FromAt, Plan, UntilAt, Basis, CancelledAt, RecordedAt],
        of: |whose| plan_period::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};

const GIFT_MONTH: &Rows<gift_month::Entity> = {
    use gift_month::Column::*;
    &Rows {
        kind: "GIFT_MONTH",
        columns: &[WalletId, Seq, Plan, Source, GivenAt, UsedAt],
        of: |whose| gift_month::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};

const RENEWAL: &Rows<renewal::Entity> = {
    use renewal::Column::*;
    &Rows {
        kind: "RENEWAL",
        columns: &[WalletId, StartsAt, Plan, State, EndedAt],
        of: |whose| renewal::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};
