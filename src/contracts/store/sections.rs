//! What is stored about a person and exported to them (P-6): offers, contracts, milestones, refunds, charge-backs and
//! disputes on either side.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, sea_query::SelectStatement,
};

use super::{contracts_of, offers_of};
use crate::{
    clock::Instant,
    db::{Rows, Section},
    entity::{
        chargeback, contract, dispute, enums::PaymentPurpose, ids::AccountId, milestone, offer, payment,
        refund,
    },
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[OFFER, CONTRACT, MILESTONE, REFUND, CHARGEBACK, DISPUTE];

const OFFER: &Rows<offer::Entity> = {
    use offer::Column::*;
    &Rows {
        kind: "OFFER",
        columns: &[
            Id,
            JobPostId,
            ProposalId,
            ProjectId,
            ProjectDescription,
            ClientId,
            FreelancerId,
            Title,
            Message,
            Milestones,
            HourlyCents,
            Category,
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
            HourlyCents,
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
            Minutes,
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
        of: |whose| refund::Entity::find().filter(PaymentId.in_subquery(payments_of(whose.account))),
    }
};

const CHARGEBACK: &Rows<chargeback::Entity> = {
    use chargeback::Column::*;
    &Rows {
        kind: "CHARGEBACK",
        columns: &[
            Id,
            PaymentId,
            Provider,
            AmountCents,
            Currency,
            ChargedBackAt,
            RecordedAt,
            RestoredCents,
            WonAt,
        ],
        of: |whose| chargeback::Entity::find().filter(PaymentId.in_subquery(payments_of(whose.account))),
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

/// The payments for the milestones of `person`, on either side.
fn payments_of(person: AccountId) -> SelectStatement {
    use payment::Column::{DocumentId, Id, Purpose};
    let theirs = milestones_of(person).select_only().column(milestone::Column::Id).into_query();
    let paid = payment::Entity::find().select_only().column(Id).filter(Purpose.eq(PaymentPurpose::Milestone));
    paid.filter(DocumentId.in_subquery(theirs)).into_query()
}
