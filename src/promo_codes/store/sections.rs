//! What is stored about a person and exported to them (P-6): the promo codes that they used.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::promo_redemption,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[REDEMPTION];

const REDEMPTION: &Rows<promo_redemption::Entity> = {
    use promo_redemption::Column::*;
    &Rows {
        kind: "PROMO_REDEMPTION",
        columns: &[
            Id,
            PromoCodeId,
            AccountId,
            WalletId,
            Slot,
            State,
            Connects,
            DiscountCents,
            EntrySeq,
            RedeemedAt,
            EndedAt,
        ],
        of: |whose| promo_redemption::Entity::find().filter(AccountId.eq(whose.account)),
    }
};
