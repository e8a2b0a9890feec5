//! What is stored about a person and exported to them (P-6): offers, contracts, milestones,
//! refunds and disputes on either side.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use super::{contracts_of, offers_of};
use crate::{
    clock::Instant,
    db::{Rows, Section},
    entity::{contract, dispute, enums::PaymentPurpose, ids::AccountId, milestone, offer, payment, refund},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[OFFER, CONTRACT, MILESTONE, REFUND, DISPUTE];

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
        columns: &[
            Id,
            ContractId,
            Number,
            Title,
            AmountCents,
            State,
            ReleasedCents,
            FeeCents,
            ReversedCents,
            FeeReversedCents,
            RefundedCents,
            ChargedBackCents,
            FundedAt,
            ReleasedAt,
        ],
        of: |whose| milestones_of(whose.account),
    }
};

const REFUND: &Rows<refund::Entity> = {
    use refund::Column::*;
    &Rows {
        kind: "REFUND",
        columns: &[Id, PaymentId, Provider, AmountCents, Currency, Reason, State, BegunAt, EndedAt],
        of: |whose| {
            let theirs = milestones_of(whose.account).select_only().column(milestone::Column::Id);
            let paid = payment::Column::Purpose.eq(PaymentPurpose::Milestone);
            let paid = payment::Entity::find().select_only().column(payment::Column::Id).filter(paid);
            let paid = paid.filter(payment::Column::DocumentId.in_subquery(theirs.into_query()));
            refund::Entity::find().filter(PaymentId.in_subquery(paid.into_query()))
        },
    }
};

const DISPUTE: &Rows<dispute::Entity> = {
    use dispute::Column::*;
    &Rows {
        kind: "DISPUTE",
        columns: &[Id, MilestoneId, OpenedBy, Reason, State, OpenedAt, EndedAt, Decision, RefundCents],
        of: |whose| {
            let theirs = milestones_of(whose.account).select_only().column(milestone::Column::Id);
            dispute::Entity::find().filter(MilestoneId.in_subquery(theirs.into_query()))
        },
    }
};

/// The milestones of the contracts of `person`.
fn milestones_of(person: AccountId) -> Select<milestone::Entity> {
    let theirs = contracts_of(person, None).select_only().column(contract::Column::Id);
    milestone::Entity::find().filter(milestone::Column::ContractId.in_subquery(theirs.into_query()))
}
