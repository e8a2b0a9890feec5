//! Accounts, as their owners and admins see them.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    accounts::{self, rules::standing::suspensions},
    entity::{
        account,
        enums::{
            RestrictionKind::{self, Closed, Fraud, Suspended},
            Role,
        },
        ids::AccountId,
        restriction,
    },
    error::Result,
    graphql::{
        accounts::loaders::{RestrictionsOf, RolesOf},
        connects::{loaders::WalletOf, wallet::Wallet},
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            scalars::DateTime,
        },
    },
    viewer::{Permission, Viewer as Person},
};

/// A person, as he and admins see him (P-1).
#[derive(Clone)]
pub struct Account(pub account::Model);

impl Kind for Account {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = accounts::store::list_visible(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A person, as he and admins see him (P-1).
#[Object]
impl Account {
    /// Opaque, globally unique, stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// E-mail address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// Name as shown to others.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// ISO 3166-1 alpha-2 country.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// The roles of this person; a handful, mostly none (P-1).
    async fn roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Role>> {
        let request = request(ctx);
        let stored = request.load(RolesOf(self.0.id)).await?.unwrap_or_default();
        let stored = stored.into_iter().map(|row| row.role).collect();
        Ok(Person(self.0.clone(), stored).roles().into_iter().collect())
    }

    /// When the account was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Since when the account is suspended; null when it is not (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Suspended, Fraud]).await
    }

    /// Since when the account is suspended for fraud; null when it is not (P-4).
    async fn fraud_suspected_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Fraud]).await
    }

    /// Why and since when the account is suspended, the earliest first: at most two, one of them for fraud.
    /// For those who may suspend and reinstate, admins and support; null for everyone else (P-4).
    async fn suspensions(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Suspension>>> {
        let request = request(ctx);
        request.viewer.as_ref().filter(|viewer| viewer.may(Permission::Suspend))?;
        let now = request.load(RestrictionsOf(self.0.id)).await;
        Some(now.map(|now| suspensions(&now.unwrap_or_default()).into_iter().map(Suspension::from).collect()))
    }

    /// Since when the account is closed; null when it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DateTime>> {
        since(ctx, self.0.id, &[Closed]).await
    }

    /// When the personal data of this account was replaced by a pseudonym; null when it was not (P-6).
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// The freelancer's wallet; null for people without a freelancer profile (P-2).
    async fn wallet(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Wallet>> {
        wallet_of(ctx, self.0.id).await
    }
}

/// A suspension that lasts (P-4).
#[derive(SimpleObject)]
pub struct Suspension {
    /// Its first instant.
    since: DateTime,
    /// Why, in the words of whoever decided.
    reason: String,
    /// Whether it is for fraud, so that only those who moderate can lift it.
    is_for_fraud: bool,
}

impl From<&restriction::Model> for Suspension {
    fn from(row: &restriction::Model) -> Self {
        Self { since: DateTime(row.from_at), reason: row.reason.clone(), is_for_fraud: row.kind == Fraud }
    }
}

/// Since when `account` is under one of these restrictions.
pub(in crate::graphql) async fn since(
    ctx: &Context<'_>,
    account: AccountId,
    kinds: &[RestrictionKind],
) -> async_graphql::Result<Option<DateTime>> {
    let request = request(ctx);
    let now = request.load(RestrictionsOf(account)).await?.unwrap_or_default();
    let these = now.iter().filter(|restriction| kinds.contains(&restriction.kind));
    Ok(these.map(|restriction| DateTime(restriction.from_at)).min_by_key(|at| at.0))
}

/// The wallet of a freelancer.
pub(in crate::graphql) async fn wallet_of(
    ctx: &Context<'_>,
    id: AccountId,
) -> Option<async_graphql::Result<Wallet>> {
    request(ctx).show(WalletOf(id), Wallet).await
}

impl Account {
    /// The account with this e-mail address, if `viewer` may see it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn by_email(
        ctx: &Context<'_>,
        viewer: &Person,
        email: &str,
    ) -> async_graphql::Result<Option<Self>> {
        let (request, email) = (request(ctx), accounts::rules::typed_email(email));
        let found = accounts::store::find_visible_by_email(request.db.read(), viewer, &email).await;
        Ok(found.map_err(|error| top_level(request, error))?.map(Self))
    }

    /// The account with this id, if there is one; only after a change that the viewer was allowed to make to it.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn found(ctx: &Context<'_>, id: Option<AccountId>) -> async_graphql::Result<Option<Self>> {
        let (request, Some(id)) = (request(ctx), id) else { return Ok(None) };
        let found = accounts::store::find_account(request.db.read(), id).await;
        Ok(found.map_err(|error| top_level(request, error))?.map(Self))
    }
}
