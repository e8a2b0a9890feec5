//! What is stored about a person and exported to them (P-6): payouts, and where and when they are paid.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::lists::payouts_to;
use crate::{
    db::{Rows, Section},
    entity::{payout, payout_method, payout_preference},
};

/// The sections of this slice. Encrypted details are left out: their owner has them.
pub const SECTIONS: &[&dyn Section] = &[METHOD, PREFERENCE, PAYOUT];

const METHOD: &Rows<payout_method::Entity> = {
    use payout_method::Column::*;
    &Rows {
        kind: "PAYOUT_METHOD",
        columns: &[Id, AccountId, Rail, Currency, Label, SetAt, UsableAt, ReplacedAt],
        of: |whose| payout_method::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const PREFERENCE: &Rows<payout_preference::Entity> = {
    use payout_preference::Column::*;
    &Rows {
        kind: "PAYOUT_PREFERENCE",
        columns: &[AccountId, Schedule, ThresholdCents, ChangedAt],
        of: |whose| payout_preference::Entity::find_by_id(whose.account),
    }
};

const PAYOUT: &Rows<payout::Entity> = {
    use payout::Column::*;
    &Rows {
        kind: "PAYOUT",
        columns: &[
            Id,
            Purpose,
            AccountId,
            AmountCents,
            Currency,
            State,
            Hold,
            Failure,
            MethodId,
            PaidCurrency,
            PaidMinor,
            RateMicros,
            RateSource,
            CreatedAt,
            SentAt,
            EndedAt,
        ],
        of: |whose| payouts_to(whose.account),
    }
};
