//! The audit log, for admins and auditors.

use async_graphql::{Context, Object};

use crate::{
    audit,
    entity::{audit_entry, enums::AuditAction},
    graphql::{
        audit::audit_entry::AuditEntry,
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// The audit log, for admins and auditors.
pub struct OfAdmin<'a>(pub &'a Person);

/// The audit log, for admins and auditors.
#[Object(name = "AdminAudit")]
impl OfAdmin<'_> {
    /// The audit log: who changed roles, money and security, newest first. For admins and auditors.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only entries of this action.")] action: Option<AuditAction>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<AuditEntry>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = audit::store::visible_rows(self.0, action);
        Ok(page.load(request(ctx), rows, audit_entry::Column::Id, false, |row| row.id).await?.map(AuditEntry))
    }
}
