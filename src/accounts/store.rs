//! All SQL of accounts.

mod roles;
mod signing_in;
mod stale;

pub(super) use roles::{delete_role, insert_role, lock_admins};
pub use roles::{find_asker, list_roles};
pub(super) use signing_in::{
    delete_attempts, end_session, end_sessions, find_live_token, find_password, insert_session, insert_token,
    lock_attempts, raise_session_version, replace_password, rotate_session, update_attempts, use_token,
    void_tokens,
};
pub use signing_in::{find_session, set_password};
pub use stale::{find_stale_since, sweep_stale};

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect,
    QueryTrait, Select,
    sea_query::{Expr, OnConflict, SelectStatement},
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{account, enums::EntryKind, ids::AccountId, reward_claim, suspension},
    error::Result,
    viewer::{Permission, Viewer},
};

/// Accounts that `viewer` may see whole: his own, and all for those who may see people.
pub fn visible_to(viewer: &Viewer) -> Select<account::Entity> {
    let all = account::Entity::find();
    if viewer.may(Permission::ReadPeople) { all } else { all.filter(account::Column::Id.eq(viewer.id())) }
}

/// The account with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_account(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// The account with this e-mail address, which is lower-cased.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Email.eq(email)).one(db).await?)
}

/// Inserts an account; whether its e-mail address was free.
///
/// # Errors
/// When the database refuses.
pub async fn insert_account(txn: &Txn, account: &account::Model) -> Result<bool> {
    let once = OnConflict::column(account::Column::Email).do_nothing().to_owned();
    let row = account.clone().into_active_model();
    Ok(account::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

/// Marks the e-mail address of `account` as verified; whether it was not.
///
/// # Errors
/// When the database refuses.
pub async fn update_verified(txn: &Txn, account: AccountId) -> Result<bool> {
    use account::Column::{EmailVerifiedAt, Id};
    let update = account::Entity::update_many().col_expr(EmailVerifiedAt, Expr::value(txn.now()));
    let done = update.filter(Id.eq(account)).filter(EmailVerifiedAt.is_null()).exec(txn).await?;
    Ok(done.rows_affected == 1)
}

/// Claims a one-time reward for a person; whether he had not had it.
///
/// # Errors
/// When the database refuses.
pub async fn insert_claim(txn: &Txn, kind: EntryKind, person_hash: String) -> Result<bool> {
    let row = reward_claim::ActiveModel {
        kind: Set(kind),
        person_hash: Set(person_hash),
        claimed_at: Set(txn.now()),
    };
    let columns = [reward_claim::Column::Kind, reward_claim::Column::PersonHash];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    Ok(reward_claim::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

/// The suspension of `account` in force at `at`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_suspension(
    db: &impl ConnectionTrait,
    account: AccountId,
    at: Instant,
) -> Result<Option<suspension::Model>> {
    Ok(list_suspensions(db, &[account], at).await?.pop())
}

/// The suspensions of `accounts` in force at `at`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_suspensions(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    at: Instant,
) -> Result<Vec<suspension::Model>> {
    use suspension::Column::{AccountId as Account, FromAt, UntilAt};
    let lasting = UntilAt.is_null().or(UntilAt.gt(at));
    let theirs = suspension::Entity::find().filter(Account.is_in(accounts.iter().copied()));
    Ok(theirs.filter(FromAt.lte(at)).filter(lasting).all(db).await?)
}

/// Begins a suspension; one lifted at the same instant is taken up again.
pub(super) async fn insert_suspension(txn: &Txn, suspension: suspension::Model) -> Result<()> {
    use suspension::Column::{AccountId as Account, FromAt};
    use suspension::Column::{ActorId, Reason, UntilAt};
    let again = OnConflict::columns([Account, FromAt]).update_columns([UntilAt, Reason, ActorId]).to_owned();
    let row = suspension.into_active_model();
    suspension::Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}

/// Ends a suspension now.
pub(super) async fn end_suspension(txn: &Txn, suspension: &suspension::Model) -> Result<()> {
    use suspension::Column::{AccountId as Account, FromAt, UntilAt};
    suspension::Entity::update_many()
        .col_expr(UntilAt, Expr::value(txn.now()))
        .filter(Account.eq(suspension.account_id))
        .filter(FromAt.eq(suspension.from_at))
        .exec(txn)
        .await?;
    Ok(())
}

/// A sub-select of the accounts that are suspended at `at`.
pub fn suspended_at(at: Instant) -> SelectStatement {
    use suspension::Column::{AccountId as Account, FromAt, UntilAt};
    let lasting = UntilAt.is_null().or(UntilAt.gt(at));
    let then = suspension::Entity::find().filter(FromAt.lte(at)).filter(lasting);
    then.select_only().column(Account).into_query()
}

/// Locks an account: what is counted per person is counted one after the other.
///
/// # Errors
/// When the database refuses.
pub async fn lock_account(txn: &Txn, id: AccountId) -> Result<()> {
    let sql = Sql::new("SELECT id FROM accounts WHERE id = ?").bind(id).push(txn.for_update());
    txn.query_one_raw(sql.on(txn)).await?;
    Ok(())
}

/// A condition on column `account`: its account is suspended at `at`.
pub fn suspended(account: &str, at: Instant) -> Sql {
    Sql::new(format!(
        "EXISTS (SELECT 1 FROM suspensions s WHERE s.account_id = {account} AND s.from_at <= ? \
         AND (s.until_at IS NULL OR s.until_at > ?))"
    ))
    .bind(at)
    .bind(at)
}

/// The accounts with these ids.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_accounts(db: &impl ConnectionTrait, ids: &[AccountId]) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}
