//! What is stored about a person and exported to them (P-6): where they are taxed, what they bought, and what banks
//! took back of that.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    db::{Rows, Section},
    entity::{billing_detail, chargeback, enums::PaymentPurpose, payment, purchase},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[DETAILS, PURCHASE, CHARGEBACK];

const DETAILS: &Rows<billing_detail::Entity> = {
    use billing_detail::Column::*;
    &Rows {
        kind: "BILLING_DETAILS",
        columns: &[AccountId, Region, TaxId, SetAt],
        of: |whose| billing_detail::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const PURCHASE: &Rows<purchase::Entity> = {
    use purchase::Column::*;
    &Rows {
        kind: "PURCHASE",
        columns: &[
            Id,
            AccountId,
            WalletId,
            Quantity,
            ListCents,
            DiscountCents,
            NetCents,
            TaxCents,
            TotalCents,
            Currency,
            Country,
            Region,
            TaxId,
            TaxName,
            TaxRateMicros,
            ReverseCharge,
            PolicyVersion,
            State,
            EntrySeq,
            OrderedAt,
            EndedAt,
            ChargedBackAt,
            ExcusedAt,
            PromoRedemptionId,
            Item,
            Plan,
            CycleStartsAt,
        ],
        of: |whose| purchase::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

const CHARGEBACK: &Rows<chargeback::Entity> = {
    use chargeback::Column::*;
    &Rows {
        kind: "PURCHASE_CHARGEBACK",
        columns: &[Id, PaymentId, Provider, AmountCents, Currency, ChargedBackAt, RecordedAt, WonAt],
        of: |whose| {
            let purchases = payment::Entity::find()
                .select_only()
                .column(payment::Column::Id)
                .filter(payment::Column::AccountId.eq(whose.account))
                .filter(
                    payment::Column::Purpose.is_in([PaymentPurpose::Connects, PaymentPurpose::Membership]),
                );
            chargeback::Entity::find().filter(PaymentId.in_subquery(purchases.into_query()))
        },
    }
};
