//! What is stored about a person and exported to them (P-6): the wallet, and everything in it.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{entry, lot, movement, wallet},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[WALLET, LOT, ENTRY, MOVEMENT];

const WALLET: &Rows<wallet::Entity> = {
    use wallet::Column::*;
    &Rows {
        kind: "WALLET",
        columns: &[
            Id,
            AccountId,
            Available,
            Held,
            LastEntrySeq,
            LastLotSeq,
            NextExpiryAt,
            LastRecordedAt,
            CreatedAt,
        ],
        of: |whose| super::owned_by(whose.account),
    }
};

const LOT: &Rows<lot::Entity> = {
    use lot::Column::*;
    &Rows {
        kind: "LOT",
        columns: &[
            WalletId, Seq, EntrySeq, Source, Quantity, Remaining, Open, IssuedAt, OrderAt, ExpiresAt,
            GraceUsed, OriginSeq, RevokedAt,
        ],
        of: |whose| lot::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};

const ENTRY: &Rows<entry::Entity> = {
    use entry::Column::*;
    &Rows {
        kind: "ENTRY",
        columns: &[
            WalletId,
            Seq,
            Kind,
            AvailableChange,
            HeldChange,
            OutsideChange,
            AvailableAfter,
            HeldAfter,
            BusinessKey,
            DocumentKind,
            DocumentId,
            ReversesSeq,
            EffectiveAt,
            RecordedAt,
        ],
        of: |whose| entry::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};

const MOVEMENT: &Rows<movement::Entity> = {
    use movement::Column::*;
    &Rows {
        kind: "MOVEMENT",
        columns: &[WalletId, EntrySeq, LotSeq, Quantity],
        of: |whose| movement::Entity::find().filter(WalletId.eq(whose.wallet)),
    }
};
