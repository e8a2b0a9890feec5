//! What is stored about a person and exported to them (P-6): their links, the friends whom they referred, and by whom they
//! were.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{referral, referral_link},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[LINK, REFERRED, REFERRAL];

const LINK: &Rows<referral_link::Entity> = {
    use referral_link::Column::*;
    &Rows {
        kind: "REFERRAL_LINK",
        columns: &[Id, Code, CampaignId, ReferrerId, IssuedAt, RemindedAt],
        of: |whose| super::links_of(whose.account),
    }
};

/// How the person came.
const REFERRED: &Rows<referral::Entity> = {
    use referral::Column::*;
    &Rows {
        kind: "REFERRED",
        columns: &[Id, FriendId, CampaignId, RegisteredAt],
        of: |whose| referral::Entity::find().filter(FriendId.eq(whose.account)),
    }
};

/// Whom the person referred.
const REFERRAL: &Rows<referral::Entity> = {
    use referral::Column::*;
    &Rows {
        kind: "REFERRAL",
        columns: &[
            Id,
            CampaignId,
            LinkId,
            ReferrerId,
            RegisteredAt,
            State,
            Reason,
            ReachedAt,
            DueAt,
            EndedAt,
        ],
        of: |whose| super::referrals_of(whose.account),
    }
};
