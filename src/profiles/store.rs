//! All SQL of profiles.

mod lists;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

pub use lists::*;

use crate::{
    db::{Reach, Rows, Section, Sql, Txn},
    entity::{ids::AccountId, profile, profile_slug},
    error::Result,
};

/// The sections of this slice.
pub const SECTIONS: &[&dyn Section] = &[PROFILE, SLUG];

const PROFILE: &Rows<profile::Entity> = {
    use profile::Column::*;
    &Rows {
        kind: "PROFILE",
        columns: &[AccountId, HidesEarnings],
        of: |whose| profile::Entity::find_by_id(whose.account),
    }
};

const SLUG: &Rows<profile_slug::Entity> = {
    use profile_slug::Column::*;
    &Rows {
        kind: "PROFILE_URL",
        columns: &[Slug, AccountId, ChosenAt, GivenUpAt],
        of: |whose| profile_slug::Entity::find().filter(AccountId.eq(whose.account)),
    }
};

/// Whom the policy reaches here.
pub const REACHES: &[Reach] = &[Reach {
    part: "profiles",
    who: "freelancers, from now on, unless their plan keeps them visible",
    count: "SELECT COUNT(*) AS reached FROM wallets",
}];

/// The address of a profile, in use or not.
pub(super) async fn find_slug(txn: &Txn, slug: &str) -> Result<Option<profile_slug::Model>> {
    Ok(profile_slug::Entity::find_by_id(slug.to_owned()).one(txn).await?)
}

/// The addresses of `accounts`, in use or not, the last chosen first, and of those chosen at one instant, the one in use.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_slugs(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<profile_slug::Model>> {
    use profile_slug::Column::{AccountId as Account, ChosenAt, Slug};
    let theirs = profile_slug::Entity::find().filter(Account.is_in(accounts.iter().copied()));
    let in_use_first = Expr::cust("CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END");
    let ordered = theirs.order_by_desc(ChosenAt).order_by_asc(in_use_first).order_by_asc(Slug);
    Ok(ordered.all(db).await?)
}

/// Says whether `account` hides what they have earned.
pub(super) async fn upsert_profile(txn: &Txn, account_id: AccountId, hides_earnings: bool) -> Result<()> {
    use profile::Column::{AccountId as Account, HidesEarnings};
    let row = profile::Model { account_id, hides_earnings }.into_active_model();
    let again = OnConflict::column(Account).update_column(HidesEarnings).to_owned();
    profile::Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}

/// Gives up the address in use, unless it is `kept`.
pub(super) async fn give_up_slug(txn: &Txn, account: AccountId, kept: Option<&str>) -> Result<()> {
    // Another machine's clock may have been ahead.
    let sql = Sql::new(
        "UPDATE profile_slugs SET given_up_at = CASE WHEN chosen_at > :now THEN chosen_at ELSE :now END \
         WHERE account_id = :account AND given_up_at IS NULL AND slug <> :kept",
    );
    let sql = sql.bind("now", txn.now()).bind("account", account);
    txn.run(sql.bind("kept", kept.unwrap_or_default().to_owned())).await.map(drop)
}

/// Puts an address to use; returns whether it is nobody else's.
pub(super) async fn upsert_slug(txn: &Txn, row: profile_slug::Model) -> Result<bool> {
    use profile_slug::{
        Column::{AccountId as Account, ChosenAt, GivenUpAt, Slug},
        Entity,
    };
    let own = Expr::col((Entity, Account)).eq(Expr::value(row.account_id));
    let again =
        OnConflict::column(Slug).update_columns([ChosenAt, GivenUpAt]).action_and_where(own).to_owned();
    Ok(Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(txn).await? == 1)
}

/// Deletes what `account` has chosen, and its addresses, which may be names (P-6).
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<()> {
    profile_slug::Entity::delete_many().filter(profile_slug::Column::AccountId.eq(account)).exec(txn).await?;
    profile::Entity::delete_by_id(account).exec(txn).await?;
    Ok(())
}
