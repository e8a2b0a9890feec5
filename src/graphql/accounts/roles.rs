//! Roles, and who has them (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use serde::Serialize;

use crate::{
    accounts,
    entity::enums::Role,
    graphql::{
        accounts::account::Account,
        kit::{
            ids::IdOf,
            mutation::{Answer, Need, Outcome, Retry, mutate},
        },
    },
    idempotency::by_variant,
    viewer::Permission::GrantRoles,
};

/// A role to grant.
#[derive(Debug, InputObject, Serialize)]
pub struct GrantRoleInput {
    /// To whom.
    account_id: IdOf<Account>,
    /// Which.
    #[serde(serialize_with = "by_variant")]
    role: Role,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// A role to revoke.
#[derive(Debug, InputObject, Serialize)]
pub struct RevokeRoleInput {
    /// From whom.
    account_id: IdOf<Account>,
    /// Which.
    #[serde(serialize_with = "by_variant")]
    role: Role,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `grantRole`.
#[derive(SimpleObject)]
pub struct GrantRolePayload {
    /// The account; null when refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `revokeRole`.
#[derive(SimpleObject)]
pub struct RevokeRolePayload {
    /// The account; null when refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Changes to who has which role.
#[derive(Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Gives a person a role; it counts from the next request on (P-1). For admins.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and which role.")] input: GrantRoleInput,
    ) -> Answer<GrantRolePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(GrantRoles), async |txn, admin| {
            Ok(accounts::grant_role(txn, admin, input.account_id.key()?, input.role).await?.id)
        });
        let (id, outcome) = done.await?;
        Ok(GrantRolePayload { account: Account::found(ctx, id).await?, outcome })
    }

    /// Takes a role from a person; it counts from the next request on (P-1). For admins.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and which role.")] input: RevokeRoleInput,
    ) -> Answer<RevokeRolePayload> {
        let done = mutate(ctx, &input, &input.retry, Need(GrantRoles), async |txn, admin| {
            Ok(accounts::revoke_role(txn, admin, input.account_id.key()?, input.role).await?.id)
        });
        let (id, outcome) = done.await?;
        Ok(RevokeRolePayload { account: Account::found(ctx, id).await?, outcome })
    }
}
