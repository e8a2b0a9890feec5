//! What is stored about a person and exported to them (P-6): what they pay with, what they paid, and what
//! their banks took back.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    db::{Rows, Section},
    entity::{chargeback, payment, payment_method},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[METHOD, PAYMENT, CHARGEBACK];

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

const CHARGEBACK: &Rows<chargeback::Entity> = {
    use chargeback::Column::*;
    &Rows {
        kind: "CHARGEBACK",
        columns: &[Id, PaymentId, Provider, AmountCents, Currency, ChargedBackAt, RecordedAt],
        of: |whose| {
            let theirs = payment::Column::AccountId.eq(whose.account);
            let theirs = payment::Entity::find().select_only().column(payment::Column::Id).filter(theirs);
            chargeback::Entity::find().filter(PaymentId.in_subquery(theirs.into_query()))
        },
    }
};
