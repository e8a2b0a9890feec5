//! All SQL of accounts.

mod erase;
mod reaches;
mod roles;
mod sections;
mod signing_in;
mod stale;
mod traces;

pub use erase::{delete_tokens, erase_of};
pub use reaches::REACHES;
pub use roles::{Asked, Askers, list_roles};
pub(super) use roles::{delete_role, insert_role, lock_admins};
pub use sections::SECTIONS;
pub(super) use signing_in::{
    delete_attempts, end_session, end_sessions, find_live_token, find_password, insert_session, insert_token,
    list_attempts, lock_attempts, raise_session_version, rotate_session, update_attempts, use_token,
    void_tokens,
};
pub use signing_in::{find_session, replace_password, set_password};
pub use stale::{find_stale_since, sweep_stale};
pub(super) use traces::{
    insert_trace, is_traced, list_accounts_after, list_bonds, list_shared, note_traced, share_anything,
};

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, OnConflict},
};

use super::rules::standing::decisive;
use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        account,
        enums::{HistoryKind, RestrictionKind},
        ids::AccountId,
        restriction, reward_claim,
    },
    error::Result,
    viewer::{Permission, Viewer},
};

/// Accounts that `viewer` may see in full: their own, or all with the permission to see people.
pub fn visible_to(viewer: &Viewer) -> Select<account::Entity> {
    let all = account::Entity::find();
    if viewer.may(Permission::ReadPeople) { all } else { all.filter(account::Column::Id.eq(viewer.id())) }
}

/// Those of `ids` that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_visible(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    ids: &[AccountId],
) -> Result<Vec<account::Model>> {
    Ok(visible_to(viewer).filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The account with this e-mail address, which is lower-cased, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_visible_by_email(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    email: &str,
) -> Result<Option<account::Model>> {
    if !can_be_an_address(email) {
        return Ok(None);
    }
    Ok(visible_to(viewer).filter(account::Column::Email.eq(email)).one(db).await?)
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
    if !can_be_an_address(email) {
        return Ok(None);
    }
    Ok(account::Entity::find().filter(account::Column::Email.eq(email)).one(db).await?)
}

/// No address has a control character, and PostgreSQL would refuse a null character in a text.
fn can_be_an_address(email: &str) -> bool {
    !email.contains(char::is_control)
}

/// Inserts an account; returns whether its e-mail address was free.
///
/// # Errors
/// When the database refuses.
pub async fn insert_account(txn: &Txn, account: &account::Model) -> Result<bool> {
    let once = OnConflict::column(account::Column::Email).do_nothing().to_owned();
    let row = account.clone().into_active_model();
    Ok(account::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

/// Marks the e-mail address of `account` as verified; returns whether it was not verified before.
///
/// # Errors
/// When the database refuses.
pub async fn update_verified(txn: &Txn, account: AccountId) -> Result<bool> {
    use account::Column::{EmailVerifiedAt, Id};
    let update = account::Entity::update_many().col_expr(EmailVerifiedAt, Expr::value(txn.now()));
    let done = update.filter(Id.eq(account)).filter(EmailVerifiedAt.is_null()).exec(txn).await?;
    Ok(done.rows_affected == 1)
}

/// Notes that `account` was seen now.
pub(super) async fn update_active(txn: &Txn, account: AccountId) -> Result<()> {
    use account::Column::{ActiveAt, Id};
    let update = account::Entity::update_many().col_expr(ActiveAt, Expr::value(txn.now()));
    let earlier = ActiveAt.is_null().or(ActiveAt.lt(txn.now()));
    update.filter(Id.eq(account)).filter(earlier).exec(txn).await?;
    Ok(())
}

/// Lets `account` post jobs.
///
/// # Errors
/// When the database refuses.
pub async fn update_client(txn: &Txn, account: AccountId) -> Result<()> {
    use account::Column::{Id, IsClient};
    let update = account::Entity::update_many().col_expr(IsClient, Expr::value(true));
    update.filter(Id.eq(account)).exec(txn).await?;
    Ok(())
}

/// Claims a one-time reward for a person; returns whether they had not had it before.
///
/// # Errors
/// When the database refuses.
pub async fn insert_claim(txn: &Txn, kind: HistoryKind, person_hash: String) -> Result<bool> {
    let row = reward_claim::ActiveModel {
        kind: Set(kind),
        person_hash: Set(person_hash),
        claimed_at: Set(txn.now()),
    };
    let columns = [reward_claim::Column::Kind, reward_claim::Column::PersonHash];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    Ok(reward_claim::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

/// The restriction that keeps `account` from spending at `at`, with its start, in the order of [`decisive`].
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_restriction(
    db: &impl ConnectionTrait,
    account: AccountId,
    at: Instant,
) -> Result<Option<(RestrictionKind, Instant)>> {
    Ok(decisive(&list_restrictions(db, &[account], at).await?))
}

/// The restrictions of `accounts` in force at `at`, including one that another transaction began a moment later.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_restrictions(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
    at: Instant,
) -> Result<Vec<restriction::Model>> {
    let theirs = lasting(at).filter(restriction::Column::AccountId.is_in(accounts.iter().copied()));
    Ok(theirs.all(db).await?)
}

fn lasting(at: Instant) -> Select<restriction::Entity> {
    let until = restriction::Column::UntilAt;
    restriction::Entity::find().filter(until.is_null().or(until.gt(at)))
}

/// Restricts `account` from now on; a restriction that was lifted at this very instant continues.
///
/// # Errors
/// When the database refuses.
pub async fn begin_restriction(
    txn: &Txn,
    account: AccountId,
    kind: RestrictionKind,
    (reason, actor): (&str, AccountId),
) -> Result<()> {
    use restriction::Column::{AccountId as Account, ActorId, FromAt, Kind, Reason, UntilAt};
    let row = restriction::ActiveModel {
        account_id: Set(account),
        kind: Set(kind),
        from_at: Set(txn.now()),
        until_at: Set(None),
        reason: Set(reason.to_owned()),
        actor_id: Set(Some(actor)),
    };
    let again =
        OnConflict::columns([Account, Kind, FromAt]).update_columns([UntilAt, Reason, ActorId]).to_owned();
    restriction::Entity::insert(row).on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}

/// Lifts the restrictions of these kinds on `account`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_restrictions(txn: &Txn, account: AccountId, kinds: &[RestrictionKind]) -> Result<u64> {
    let sql = Sql::new(
        "UPDATE restrictions SET until_at = CASE WHEN from_at > :now THEN from_at ELSE :now END \
         WHERE account_id = :account AND (until_at IS NULL OR until_at > :now) AND kind IN (",
    );
    let sql = sql.bind("now", txn.now()).bind("account", account);
    txn.run(sql.push(Sql::list(kinds.iter().map(|kind| kind.as_str()))).push(")")).await
}

/// A condition on a column with accounts: its account is neither suspended nor closed at `at`. It is looked up for each
/// row, since closed accounts are many in the end.
pub fn unrestricted(account: impl ColumnTrait, at: Instant) -> Expr {
    let its_own = restriction::Column::AccountId.into_expr().equals(account.as_column_ref());
    let of_account = lasting(at).filter(restriction::Column::FromAt.lte(at)).filter(its_own);
    Expr::exists(of_account.select_only().column(restriction::Column::AccountId).into_query()).not()
}

/// A condition on column `account`: its account is suspended or closed at `at`.
pub fn restricted(account: &str, at: Instant) -> Sql {
    Sql::new(format!(
        "EXISTS (SELECT 1 FROM restrictions r WHERE r.account_id = {account} AND r.from_at <= :at \
         AND (r.until_at IS NULL OR r.until_at > :at))"
    ))
    .bind("at", at)
}

/// Locks and reads an account, so that what is counted per person is counted in sequence.
///
/// # Errors
/// When the database refuses.
pub async fn lock_account(txn: &Txn, id: AccountId) -> Result<Option<account::Model>> {
    let sql = Sql::new("SELECT * FROM accounts WHERE id = :id").bind("id", id).push(txn.for_update());
    Ok(account::Model::find_by_statement(sql.on(txn)?).one(txn).await?)
}

/// Locks and reads accounts, in the order of their ids.
///
/// # Errors
/// When the database refuses.
pub async fn lock_accounts(txn: &Txn, ids: &[AccountId]) -> Result<Vec<account::Model>> {
    let sql = Sql::new("SELECT * FROM accounts WHERE id IN (").push(Sql::list(ids.iter().copied()));
    let sql = sql.push(") ORDER BY id").push(txn.for_update());
    Ok(account::Model::find_by_statement(sql.on(txn)?).all(txn).await?)
}

/// Freelancers who can be hired at `at`: they are neither suspended nor gone (P-4).
pub fn hireable(at: Instant) -> Select<account::Entity> {
    let has_wallet = Expr::cust("EXISTS (SELECT 1 FROM wallets w WHERE w.account_id = accounts.id)");
    account::Entity::find().filter(unrestricted(account::Column::Id, at)).filter(has_wallet)
}

/// Those of `ids` that can be hired at `at`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_hireable(
    db: &impl ConnectionTrait,
    ids: &[AccountId],
    at: Instant,
) -> Result<Vec<account::Model>> {
    Ok(hireable(at).filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}

/// The accounts with these ids.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_accounts(db: &impl ConnectionTrait, ids: &[AccountId]) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Id.is_in(ids.iter().copied())).all(db).await?)
}
