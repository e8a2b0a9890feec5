//! Accounts, for anyone who may see people.

use async_graphql::{Context, Object};

use crate::{
    accounts,
    entity::account,
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            page::{PageArgs, Pages},
        },
    },
    viewer::Viewer as Person,
};

/// Accounts, for anyone who may see people.
pub struct OfAdmin<'a>(pub &'a Person);

/// Accounts, for anyone who may see people.
#[Object(name = "AdminAccounts")]
impl OfAdmin<'_> {
    /// All accounts, oldest first. For admins, support and auditors.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<Account>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let rows = accounts::store::visible_to(self.0);
        Ok(page.load(request(ctx), rows, account::Column::Id, true, |row| row.id).await?.map(Account))
    }
}
