//! What is stored about a person and exported to them (P-6): the commissions that they earn.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::commissions_of;
use crate::{
    db::{Rows, Section},
    entity::{commission, commission_lock},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[COMMISSION, LOCK];

const COMMISSION: &Rows<commission::Entity> = {
    use commission::Column::*;
    &Rows {
        kind: "COMMISSION",
        columns: &[
            Id,
            AffiliateId,
            LinkId,
            BaseCents,
            RateBasisPoints,
            CapCents,
            Currency,
            State,
            Reason,
            LockedCents,
            NextLockAt,
            FundedAt,
            EndedAt,
        ],
        of: |whose| commissions_of(whose.account, None),
    }
};

const LOCK: &Rows<commission_lock::Entity> = {
    use commission_lock::Column::*;
    &Rows {
        kind: "COMMISSION_LOCK",
        columns: &[Id, CommissionId, LockedAt, ReleasedCents, AmountCents, DueAt],
        of: |whose| commission_lock::Entity::find().filter(AffiliateId.eq(whose.account)),
    }
};
