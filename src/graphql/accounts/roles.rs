//! Roles, and who has them (P-1).

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    accounts,
    entity::{enums::Role, ids::AccountId},
    graphql::{
        accounts::account::{Account, account_of},
        kit::{
            context::request,
            errors::{UserError, payload},
            ids::input_id,
            mutation::inputs,
        },
    },
    idempotency::by_variant,
    viewer::Permission,
};

inputs! {
    /// A role to grant.
    GrantRoleInput {
        /// To whom.
        account_id: ID,
        /// Which.
        #[serde(serialize_with = "by_variant")]
        role: Role,
    }
}

inputs! {
    /// A role to revoke.
    RevokeRoleInput {
        /// From whom.
        account_id: ID,
        /// Which.
        #[serde(serialize_with = "by_variant")]
        role: Role,
    }
}

/// What became of a grant.
#[derive(SimpleObject)]
pub struct GrantRolePayload {
    /// The account, unless refused.
    account: Option<Account>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a revocation.
#[derive(SimpleObject)]
pub struct RevokeRolePayload {
    /// The account, unless refused.
    account: Option<Account>,
    /// Whether this is the stored answer of an earlier call with the same key.
    replayed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
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
    ) -> async_graphql::Result<GrantRolePayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::GrantRoles)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("grantRole", retry, &input, async |txn| {
                Ok(accounts::grant_role(txn, actor, account, input.role).await?.id)
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok((id, replayed)) => {
                GrantRolePayload { account: account_of(ctx, id).await?, replayed, user_errors: Vec::new() }
            }
            Err(user_errors) => GrantRolePayload { account: None, replayed: false, user_errors },
        })
    }

    /// Takes a role from a person; it counts from the next request on (P-1). For admins.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and which role.")] input: RevokeRoleInput,
    ) -> async_graphql::Result<RevokeRolePayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.must(Permission::GrantRoles)?;
            let account = input_id::<AccountId>("Account", &input.account_id, "input.accountId")?;
            let retry = (input.idempotency_key.as_deref(), input.dry_run);
            let work = request.write_once("revokeRole", retry, &input, async |txn| {
                Ok(accounts::revoke_role(txn, actor, account, input.role).await?.id)
            });
            work.await
        };
        Ok(match payload(request, work.await)? {
            Ok((id, replayed)) => {
                RevokeRolePayload { account: account_of(ctx, id).await?, replayed, user_errors: Vec::new() }
            }
            Err(user_errors) => RevokeRolePayload { account: None, replayed: false, user_errors },
        })
    }
}
