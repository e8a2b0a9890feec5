//! What is stored about a person and exported to them (P-6): what the audit log has about them.

use crate::{
    db::{Rows, Section},
    entity::audit_entry,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[AUDIT_ENTRY];

/// Without the actor.
const AUDIT_ENTRY: &Rows<audit_entry::Entity> = {
    use audit_entry::Column::*;
    &Rows {
        kind: "AUDIT_ENTRY",
        columns: &[Id, Action, AccountId, Subject, Facts, BusinessNow, RecordedAt],
        of: |whose| super::about(whose.account),
    }
};
