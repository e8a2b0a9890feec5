//! What is stored about a person and exported to them (P-6): offers, contracts and milestones on either side.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::{contracts_of, offers_of};
use crate::{
    clock::Instant,
    db::{Rows, Section},
    entity::{contract, milestone, offer},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[OFFER, CONTRACT, MILESTONE];

const OFFER: &Rows<offer::Entity> = {
    use offer::Column::*;
    &Rows {
        kind: "OFFER",
        columns: &[
            Id,
            JobPostId,
            ProposalId,
            ClientId,
            FreelancerId,
            Title,
            Message,
            Milestones,
            Currency,
            State,
            SentAt,
            ExpiresAt,
            EndedAt,
            EndedReason,
        ],
        of: |whose| offers_of(whose.account, None, Instant::UNIX_EPOCH),
    }
};

const CONTRACT: &Rows<contract::Entity> = {
    use contract::Column::*;
    &Rows {
        kind: "CONTRACT",
        columns: &[
            Id,
            OfferId,
            JobPostId,
            ProposalId,
            ClientId,
            FreelancerId,
            Title,
            Category,
            Currency,
            State,
            StartedAt,
            EndedAt,
        ],
        of: |whose| contracts_of(whose.account, None),
    }
};

const MILESTONE: &Rows<milestone::Entity> = {
    use milestone::Column::*;
    &Rows {
        kind: "MILESTONE",
        columns: &[Id, ContractId, Number, Title, AmountCents, State, FundedAt, ReleasedAt],
        of: |whose| {
            let theirs = contracts_of(whose.account, None).select_only().column(contract::Column::Id);
            milestone::Entity::find().filter(ContractId.in_subquery(theirs.into_query()))
        },
    }
};
