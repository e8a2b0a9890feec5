//! What is stored about a person and exported to them (P-6): their notifications.

use crate::{
    db::{Rows, Section},
    entity::notification,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[NOTIFICATION];

const NOTIFICATION: &Rows<notification::Entity> = {
    use notification::Column::*;
    &Rows {
        kind: "NOTIFICATION",
        columns: &[
            AccountId,
            Key,
            Kind,
            WalletId,
            JobPostId,
            Subject,
            Quantity,
            Facts,
            AboutAt,
            ThresholdDays,
            CreatedAt,
            ReadAt,
        ],
        of: |whose| super::visible_to(whose.account),
    }
};
