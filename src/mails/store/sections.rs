//! What is stored about a person and exported to them (P-6): the mails to them.

use crate::{
    db::{Rows, Section},
    entity::mail,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[MAIL];

const MAIL: &Rows<mail::Entity> = {
    use mail::Column::*;
    &Rows {
        kind: "MAIL",
        columns: &[Id, Kind, AccountId, TokenId, CreatedAt, Attempts, NextAttemptAt, SentAt, FailedAt, Error],
        of: |whose| super::sent_to(whose.account),
    }
};
