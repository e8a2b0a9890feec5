//! What is stored about a person and exported to them (P-6): where they are taxed, and what they bought.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{billing_detail, purchase},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[DETAILS, PURCHASE];

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
            State,
            OrderedAt,
            EndedAt,
            ChargedBackAt,
        ],
        of: |whose| purchase::Entity::find().filter(AccountId.eq(whose.account)),
    }
};
