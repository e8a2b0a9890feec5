//! What is stored about a person and exported to them (P-6): the proposals that they sent.

use crate::{
    db::{Rows, Section},
    entity::proposal,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[PROPOSAL];

/// Without the client's flags: short-listed and hidden.
const PROPOSAL: &Rows<proposal::Entity> = {
    use proposal::Column::*;
    &Rows {
        kind: "PROPOSAL",
        columns: &[
            Id,
            JobPostId,
            FreelancerId,
            WalletId,
            CoverLetter,
            ConnectsCharged,
            EntrySeq,
            AmountCents,
            State,
            InterviewingSince,
            SubmittedAt,
            EditedAt,
            ViewedAt,
            EndedAt,
            EndedReason,
            ReturnReversedAt,
        ],
        of: |whose| super::sent_by(whose.account),
    }
};
