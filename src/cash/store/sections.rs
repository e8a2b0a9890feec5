//! What is stored about a person and exported to them (P-6): their cash, and what moved it.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, sea_query::SelectStatement,
};

use crate::{
    db::{Rows, Section, Whose},
    entity::{cash_account, cash_posting, cash_transaction},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[ACCOUNT, POSTING, TRANSACTION];

const ACCOUNT: &Rows<cash_account::Entity> = {
    use cash_account::Column::*;
    &Rows {
        kind: "CASH_ACCOUNT",
        columns: &[Id, Kind, AccountId, Currency, Balance, LastSeq, LastRecordedAt, CreatedAt],
        of: |whose| accounts_of(&whose),
    }
};

const POSTING: &Rows<cash_posting::Entity> = {
    use cash_posting::Column::*;
    &Rows {
        kind: "CASH_POSTING",
        columns: &[CashAccountId, Seq, TransactionId, Currency, Amount, BalanceAfter],
        of: |whose| postings_of(&whose),
    }
};

const TRANSACTION: &Rows<cash_transaction::Entity> = {
    use cash_transaction::Column::*;
    &Rows {
        kind: "CASH_TRANSACTION",
        columns: &[
            Id,
            Kind,
            BusinessKey,
            Currency,
            DocumentKind,
            DocumentId,
            ReversesId,
            EffectiveAt,
            RecordedAt,
        ],
        of: |whose| {
            let its = postings_of(&whose).select_only().column(cash_posting::Column::TransactionId);
            cash_transaction::Entity::find().filter(Id.in_subquery(its.into_query()))
        },
    }
};

fn accounts_of(whose: &Whose) -> Select<cash_account::Entity> {
    cash_account::Entity::find().filter(cash_account::Column::AccountId.eq(whose.account))
}

fn postings_of(whose: &Whose) -> Select<cash_posting::Entity> {
    let ids: SelectStatement = accounts_of(whose).select_only().column(cash_account::Column::Id).into_query();
    cash_posting::Entity::find().filter(cash_posting::Column::CashAccountId.in_subquery(ids))
}
