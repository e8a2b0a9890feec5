//! Staff roles, and the people who hold them (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    accounts,
    entity::enums::Role,
    graphql::{
        accounts::account::Account,
        kit::{
            ids::{IdOf, Kind},
            mutation::{Answer, Need, Outcome, Retry, mutate},
        },
    },
    idempotency::by_variant,
    viewer::Permission::GrantRoles,
};

/// Input of `grantRole`.
#[derive(Debug, InputObject, Serialize)]
pub struct GrantRoleInput {
    /// The account that receives the role.
    account_id: IdOf<Account>,
    /// The role.
    #[serde(serialize_with = "by_variant")]
    role: Role,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `revokeRole`.
#[derive(Debug, InputObject, Serialize)]
pub struct RevokeRoleInput {
    /// The account that loses the role.
    account_id: IdOf<Account>,
    /// The role.
    #[serde(serialize_with = "by_variant")]
    role: Role,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `grantRole`.
#[derive(SimpleObject)]
pub struct GrantRolePayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `revokeRole`.
#[derive(SimpleObject)]
pub struct RevokeRolePayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to staff roles.
#[derive(Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Grants a role to a person, effective from their next request on (P-1). For admins.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, and the role.")] input: GrantRoleInput,
    ) -> Answer<GrantRolePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(GrantRoles), async |txn, admin| {
            Ok(accounts::grant_role(txn, admin, input.account_id.key()?, input.role).await?.id)
        });
        let (id, outcome) = done.boxed().await?;
        Ok(GrantRolePayload { account: Account::visible(ctx, id).await?, outcome })
    }

    /// Revokes a role from a person, effective from their next request on (P-1). For admins.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, and the role.")] input: RevokeRoleInput,
    ) -> Answer<RevokeRolePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(GrantRoles), async |txn, admin| {
            Ok(accounts::revoke_role(txn, admin, input.account_id.key()?, input.role).await?.id)
        });
        let (id, outcome) = done.boxed().await?;
        Ok(RevokeRolePayload { account: Account::visible(ctx, id).await?, outcome })
    }
}
