//! SQL of passwords, sessions, mailed tokens and attempts.

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::Instant,
    db::{Sql, Txn},
    entity::{
        account, attempt,
        enums::{AttemptKind, SessionEnd, TokenPurpose},
        ids::{AccountId, OneTimeTokenId, SessionId},
        one_time_token, password, session,
    },
    error::Result,
};

/// The PHC string of an account's password. The query also runs without an account, so that it takes as long.
pub(in crate::accounts) async fn find_password(
    db: &impl ConnectionTrait,
    account: Option<AccountId>,
) -> Result<Option<String>> {
    let id = account.unwrap_or_else(AccountId::new);
    Ok(password::Entity::find_by_id(id).one(db).await?.map(|row| row.phc))
}

/// Replaces the PHC string `old`; returns whether it was still current.
///
/// # Errors
/// When the database refuses.
pub async fn replace_password(txn: &Txn, account: AccountId, old: &str, new: &str) -> Result<bool> {
    use password::Column::{AccountId as Account, ChangedAt, Phc};
    let mut update = password::Entity::update_many().col_expr(Phc, Expr::value(new));
    if old != new {
        update = update.col_expr(ChangedAt, Expr::value(txn.wall_now().await?));
    }
    let done = update.filter(Account.eq(account)).filter(Phc.eq(old)).exec(txn).await?;
    Ok(done.rows_affected == 1)
}

/// Sets the PHC string of an account's password, whether or not it had one.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(txn: &Txn, account: AccountId, phc: &str) -> Result<()> {
    use password::Column::{AccountId as Account, ChangedAt, Phc};
    let row = password::ActiveModel {
        account_id: Set(account),
        phc: Set(phc.to_owned()),
        changed_at: Set(txn.wall_now().await?),
    };
    let replace = OnConflict::column(Account).update_columns([Phc, ChangedAt]).to_owned();
    password::Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

pub(in crate::accounts) async fn insert_session(txn: &Txn, row: session::Model) -> Result<()> {
    session::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// The session with this id.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_session(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(db).await?)
}

/// Moves a live session from `generation` to the next; returns whether this statement was the one that did.
pub(in crate::accounts) async fn rotate_session(
    txn: &Txn,
    id: SessionId,
    generation: i64,
    (old, new): (&str, &str),
    now: Instant,
) -> Result<bool> {
    let sql = Sql::new(
        "UPDATE sessions SET generation = :next, token_hash = :new, rotated_at = :now \
         WHERE id = :id AND generation = :generation AND token_hash = :old AND ended_at IS NULL AND expires_at > :now \
         AND version = (SELECT a.session_version FROM accounts a WHERE a.id = sessions.account_id)",
    );
    let sql = sql.bind("id", id).bind("generation", generation).bind("next", generation + 1);
    let sql = sql.bind("old", old).bind("new", new).bind("now", now);
    Ok(txn.run(sql).await? == 1)
}

/// Ends a session, unless it has ended.
pub(in crate::accounts) async fn end_session(
    txn: &Txn,
    id: SessionId,
    by: SessionEnd,
    now: Instant,
) -> Result<()> {
    use session::Column::{EndedAt, EndedBy, Id};
    session::Entity::update_many()
        .col_expr(EndedAt, Expr::value(now))
        .col_expr(EndedBy, Expr::value(by))
        .filter(Id.eq(id))
        .filter(EndedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// Ends all sessions of `account` except one.
pub(in crate::accounts) async fn end_sessions(
    txn: &Txn,
    account: AccountId,
    but: Option<SessionId>,
    by: SessionEnd,
) -> Result<()> {
    use session::Column::{AccountId as Account, EndedAt, EndedBy, Id};
    let mut update = session::Entity::update_many()
        .col_expr(EndedAt, Expr::value(txn.wall_now().await?))
        .col_expr(EndedBy, Expr::value(by))
        .filter(Account.eq(account))
        .filter(EndedAt.is_null());
    if let Some(but) = but {
        update = update.filter(Id.ne(but));
    }
    update.exec(txn).await?;
    Ok(())
}

/// Raises the session version of `account`, so that earlier access tokens are refused.
pub(in crate::accounts) async fn raise_session_version(txn: &Txn, account: AccountId) -> Result<()> {
    use account::Column::{Id, SessionVersion};
    account::Entity::update_many()
        .col_expr(SessionVersion, Expr::col(SessionVersion).add(1))
        .filter(Id.eq(account))
        .exec(txn)
        .await?;
    Ok(())
}

pub(in crate::accounts) async fn insert_token(txn: &Txn, row: one_time_token::Model) -> Result<()> {
    one_time_token::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// The one-time token with this id, if it is for `purpose`, not used and not too old.
pub(in crate::accounts) async fn find_live_token(
    db: &impl ConnectionTrait,
    id: OneTimeTokenId,
    purpose: TokenPurpose,
    now: Instant,
) -> Result<Option<one_time_token::Model>> {
    use one_time_token::Column::{ExpiresAt, Purpose, UsedAt};
    let live = one_time_token::Entity::find_by_id(id).filter(UsedAt.is_null()).filter(ExpiresAt.gt(now));
    Ok(live.filter(Purpose.eq(purpose)).one(db).await?)
}

/// Uses a one-time token; returns whether this statement was the one that did.
pub(in crate::accounts) async fn use_token(txn: &Txn, id: OneTimeTokenId, now: Instant) -> Result<bool> {
    use one_time_token::Column::{Id, UsedAt};
    let update = one_time_token::Entity::update_many().col_expr(UsedAt, Expr::value(now));
    Ok(update.filter(Id.eq(id)).filter(UsedAt.is_null()).exec(txn).await?.rows_affected == 1)
}

/// Invalidates the tokens that could set a new password for `account`.
pub(in crate::accounts) async fn void_tokens(txn: &Txn, account: AccountId) -> Result<()> {
    use one_time_token::Column::{AccountId as Account, Purpose, UsedAt};
    one_time_token::Entity::update_many()
        .col_expr(UsedAt, Expr::value(txn.wall_now().await?))
        .filter(Account.eq(account))
        .filter(Purpose.eq(TokenPurpose::ResetPassword))
        .filter(UsedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}

/// The times of earlier attempts.
pub(in crate::accounts) async fn list_attempts(
    db: &impl ConnectionTrait,
    kind: AttemptKind,
    subject: &str,
) -> Result<Vec<i64>> {
    let row = attempt::Entity::find_by_id((kind, subject.to_owned())).one(db).await?;
    Ok(row.map(|row| times_in(&row.times)).unwrap_or_default())
}

/// The times of earlier attempts, with their row locked.
pub(in crate::accounts) async fn lock_attempts(
    txn: &Txn,
    kind: AttemptKind,
    subject: &str,
) -> Result<Vec<i64>> {
    let row = attempt::ActiveModel {
        kind: Set(kind),
        subject: Set(subject.to_owned()),
        times: Set(serde_json::json!([])),
        last_at: Set(txn.wall_now().await?),
    };
    let once = OnConflict::columns([attempt::Column::Kind, attempt::Column::Subject]).do_nothing().to_owned();
    attempt::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await?;
    let sql = Sql::new("SELECT times FROM attempts WHERE kind = :kind AND subject = :subject");
    let sql = sql.bind("kind", kind.as_str()).bind("subject", subject).push(txn.for_update());
    let Some(row) = txn.query_one_raw(sql.on(txn)?).await? else { return Ok(Vec::new()) };
    Ok(times_in(&row.try_get("", "times")?))
}

fn times_in(column: &serde_json::Value) -> Vec<i64> {
    column.as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
}

pub(in crate::accounts) async fn update_attempts(
    txn: &Txn,
    kind: AttemptKind,
    subject: &str,
    times: &[i64],
    now: Instant,
) -> Result<()> {
    use attempt::Column::{Kind, LastAt, Subject, Times};
    attempt::Entity::update_many()
        .col_expr(Times, Expr::value(serde_json::json!(times)))
        .col_expr(LastAt, Expr::value(now))
        .filter(Kind.eq(kind))
        .filter(Subject.eq(subject))
        .exec(txn)
        .await?;
    Ok(())
}

pub(in crate::accounts) async fn delete_attempts(txn: &Txn, kind: AttemptKind, subject: &str) -> Result<()> {
    use attempt::Column::{Kind, Subject};
    attempt::Entity::delete_many().filter(Kind.eq(kind)).filter(Subject.eq(subject)).exec(txn).await?;
    Ok(())
}
