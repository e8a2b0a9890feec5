//! Accounts, as their owners and staff see them.

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
        cash::{cash_account::CashAccount, loaders::CashOf},
        connects::{loaders::WalletOf, wallet::Wallet},
        contracts::loaders::ReversalsBy,
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::Kind,
            scalars::{DateTime, int},
        },
        talent_badges::talent_badge::TalentBadge,
    },
    viewer::{Permission, Viewer as Person},
};

/// An account: a person on the marketplace (P-1). Visible to its owner and to staff whose role allows it.
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

/// An account: a person on the marketplace (P-1). Visible to its owner and to staff whose role allows it.
#[Object]
impl Account {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The e-mail address.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// The name that other people see.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The country, as an ISO 3166-1 alpha-2 code.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// The staff roles of this person; a handful at most, and empty for most people (P-1).
    async fn roles(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Role>> {
        let request = request(ctx);
        let stored = request.load(RolesOf(self.0.id)).await?.unwrap_or_default();
        let stored = stored.into_iter().map(|row| row.role).collect();
        Ok(Person(self.0.clone(), stored).roles().into_iter().collect())
    }

    /// The talent badges that this person has now as a freelancer; at most four (K-1).
    async fn talent_badges(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<TalentBadge>> {
        TalentBadge::held_by(ctx, self.0.id).await
    }

    /// When the account was created.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When the account was suspended; null if it is not suspended now (P-4).
    async fn suspended_since(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        since(ctx, self.0.id, &[Suspended, Fraud]).await.transpose()
    }

    /// When the account was suspended for fraud; null if it is not suspended for fraud now (P-4).
    async fn fraud_suspected_since(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        since(ctx, self.0.id, &[Fraud]).await.transpose()
    }

    /// The suspensions in force, with their reasons, the earliest first: at most two, one of them for fraud.
    /// For admins and support; null for everyone else (P-4).
    async fn suspensions(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Vec<Suspension>>> {
        let request = request(ctx);
        request.viewer.as_ref().filter(|viewer| viewer.may(Permission::Suspend))?;
        let now = request.load(RestrictionsOf(self.0.id)).await;
        Some(now.map(|now| suspensions(&now.unwrap_or_default()).into_iter().map(Suspension::from).collect()))
    }

    /// How often this person cancelled a job post and then hired a freelancer who had got Connects back for it, so that
    /// this was reversed; twice or more should be looked into (T-6). For admins and support; null for everyone else.
    async fn return_reversal_count(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<i32>> {
        let request = request(ctx);
        request.viewer.as_ref().filter(|viewer| viewer.may(Permission::Suspend))?;
        let count = request.load(ReversalsBy(self.0.id)).await;
        Some(count.map(|count| count.map_or(0, int)))
    }

    /// When the account was closed; null if it is open (P-6).
    async fn closed_since(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<DateTime>> {
        since(ctx, self.0.id, &[Closed]).await.transpose()
    }

    /// When the personal data of this account was replaced by a pseudonym; null if it was not (P-6).
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// The freelancer's wallet; null if the person has no freelancer profile (P-2).
    async fn wallet(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Wallet>> {
        request(ctx).show(WalletOf(self.0.id), Wallet).await
    }

    /// The person's cash account (P-3).
    async fn cash_account(&self, ctx: &Context<'_>) -> async_graphql::Result<CashAccount> {
        let rows = request(ctx).load(CashOf(self.0.id)).await?.unwrap_or_default();
        Ok(CashAccount::of(self.0.id, &rows))
    }
}

/// A suspension that is in force (P-4).
#[derive(SimpleObject)]
pub struct Suspension {
    /// When the account was suspended.
    since: DateTime,
    /// The reason, in the words of the person who decided it.
    reason: String,
    /// Whether the suspension is for fraud; then only admins can lift it.
    is_for_fraud: bool,
}

impl From<&restriction::Model> for Suspension {
    fn from(row: &restriction::Model) -> Self {
        Self { since: DateTime(row.from_at), reason: row.reason.clone(), is_for_fraud: row.kind == Fraud }
    }
}

/// Since when `account` has been under one of these restrictions.
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

impl Account {
    /// The account with this e-mail address, if `viewer` may see it.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn by_email(
        ctx: &Context<'_>,
        viewer: &Person,
        email: &str,
    ) -> async_graphql::Result<Option<Self>> {
        let (request, email) = (request(ctx), accounts::rules::typed_email(email));
        let found = accounts::store::find_visible_by_email(request.db.read(), viewer, &email).await;
        Ok(found.map_err(|error| top_level(request, error))?.map(Self))
    }
}
