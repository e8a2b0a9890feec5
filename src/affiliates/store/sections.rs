//! What is stored about a person and exported to them (P-6): their part in the programme, and how they came.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::links_of;
use crate::{
    db::{Rows, Section},
    entity::{affiliate, affiliate_link, affiliate_suspension, attribution},
};

/// The sections of this slice. Clicks belong to browsers, of which nobody knows whose they are.
pub const SECTIONS: &[&dyn Section] = &[AFFILIATE, SUSPENSION, LINK, ATTRIBUTION];

const AFFILIATE: &Rows<affiliate::Entity> = {
    use affiliate::Column::*;
    &Rows {
        kind: "AFFILIATE",
        columns: &[
            AccountId,
            State,
            Website,
            Promotion,
            TermsVersion,
            AppliedAt,
            DecidedAt,
            Reason,
            SuspendedAt,
        ],
        of: |whose| affiliate::Entity::find_by_id(whose.account),
    }
};

const SUSPENSION: &Rows<affiliate_suspension::Entity> = {
    use affiliate_suspension::Column::*;
    &Rows {
        kind: "AFFILIATE_SUSPENSION",
        columns: &[AffiliateId, SuspendedAt, ReinstatedAt],
        of: |whose| affiliate_suspension::Entity::find().filter(AffiliateId.eq(whose.account)),
    }
};

const LINK: &Rows<affiliate_link::Entity> = {
    use affiliate_link::Column::*;
    &Rows {
        kind: "AFFILIATE_LINK",
        columns: &[Id, Code, AffiliateId, Label, Target, Path, CreatedAt, RetiredAt],
        of: |whose| links_of(whose.account),
    }
};

const ATTRIBUTION: &Rows<attribution::Entity> = {
    use attribution::Column::*;
    &Rows {
        kind: "ATTRIBUTION",
        columns: &[ClientId, ClickId, ClickedAt, RegisteredAt, Country, State, Refusal, ClosedAt],
        of: |whose| attribution::Entity::find().filter(ClientId.eq(whose.account)),
    }
};
