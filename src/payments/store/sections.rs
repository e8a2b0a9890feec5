//! What is stored about a person and exported to them (P-6): what they pay with, and what they paid.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{payment, payment_method},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[METHOD, PAYMENT];

const METHOD: &Rows<payment_method::Entity> = {
    use payment_method::Column::*;
    &Rows {
        kind: "PAYMENT_METHOD",
        columns: &[Id, AccountId, Provider, Label, IsPrimary, AddedAt, RemovedAt],
        of: |whose| payment_method::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const PAYMENT: &Rows<payment::Entity> = {
    use payment::Column::*;
    &Rows {
        kind: "PAYMENT",
        columns: &[
            Id,
            AccountId,
            MethodId,
            Provider,
            Purpose,
            DocumentId,
            AmountCents,
            Currency,
            State,
            Failure,
            BegunAt,
            EndedAt,
            RefundedCents,
            ChargedBackCents,
        ],
        of: |whose| payment::Entity::find().filter(AccountId.eq(whose.account)),
    }
};
