//! Ids of the audit log.

typed_id! {
    /// A row of the audit log.
    AuditEntryId,
}
