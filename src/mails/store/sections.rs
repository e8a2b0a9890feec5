//! What is stored about a person and exported to them (P-6): the mails to them, and those that they do not want.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    db::{Rows, Section},
    entity::{mail, mail_opt_out},
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[MAIL, OPT_OUT];

const MAIL: &Rows<mail::Entity> = {
    use mail::Column::*;
    &Rows {
        kind: "MAIL",
        columns: &[
            Id,
            Kind,
            AccountId,
            TokenId,
            Facts,
            CreatedAt,
            Attempts,
            NextAttemptAt,
            SentAt,
            FailedAt,
            Error,
        ],
        of: |whose| super::sent_to(whose.account),
    }
};

const OPT_OUT: &Rows<mail_opt_out::Entity> = {
    use mail_opt_out::Column::*;
    &Rows {
        kind: "MAIL_OPT_OUT",
        columns: &[AccountId, Topic, OptedOutAt],
        of: |whose| mail_opt_out::Entity::find().filter(AccountId.eq(whose.account)),
    }
};
