//! SQL of roles and of the viewer.

use std::collections::HashMap;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, QueryFilter,
    QueryResult, Value,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::Instant,
    db::{Lookup, Reader, Sql, Txn},
    entity::{account, account_role, enums::Role, ids::AccountId, wallet},
    error::Result,
    keys::Bearer,
    viewer::Viewer,
};

/// The people behind bearer tokens.
#[derive(Debug)]
pub struct Askers;

/// Who asks, and when.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The person.
    pub viewer: Viewer,
    /// The person's wallet, which most of what is asked is about; absent for anyone who is not a freelancer.
    pub wallet: Option<wallet::Model>,
    /// Where sandbox time stands; absent in system time.
    pub sandbox_now: Option<Instant>,
    /// The number of the last version of the policy.
    pub newest_policy: i64,
}

impl Lookup for Askers {
    type Key = Bearer;
    type Found = Asked;

    fn find<'a>(db: &'a Reader, bearers: &'a [Bearer]) -> BoxFuture<'a, Result<HashMap<Bearer, Asked>>> {
        list_askers(db, bearers).boxed()
    }
}

/// The people behind `bearers`, with their current roles: none while the account is suspended or closed (P-4). Nobody for
/// a token whose session has ended or whose person's data was erased (P-6). One statement, which reads the clock and the
/// wallet too.
async fn list_askers(db: &Reader, bearers: &[Bearer]) -> Result<HashMap<Bearer, Asked>> {
    let mut sql = Sql::new("WITH asked (place, account, version, session) AS (");
    let places = bearers.iter().enumerate().map(asked).collect();
    sql = sql.push(Sql::rows(&["place", "account", "version", "session"], places));
    sql = sql.push(
        ") SELECT asked.place, (SELECT sandbox_now FROM instance) AS sandbox_now, \
         (SELECT MAX(version) FROM policies) AS newest_policy, a.*",
    );
    for role in STORED {
        let has = "EXISTS (SELECT 1 FROM account_roles r WHERE r.account_id = a.id AND r.role = :role)";
        let column = format!(", CASE WHEN {has} THEN 1 ELSE 0 END AS {}", alias(role));
        sql = sql.push(Sql::new(column).bind("role", role.as_str()));
    }
    for column in wallet::Column::iter() {
        let name = column.as_str();
        sql = sql.push(format!(", w.{name} AS {WALLET}{name}"));
    }
    // A row's restriction has begun, and lasts until its end is set.
    sql = sql.push(
        ", CASE WHEN EXISTS (SELECT 1 FROM restrictions x WHERE x.account_id = a.id AND x.until_at IS NULL) \
         THEN 1 ELSE 0 END AS is_restricted \
         FROM asked JOIN accounts a ON a.id = asked.account LEFT JOIN wallets w ON w.account_id = a.id \
         WHERE a.erased_at IS NULL AND (asked.session IS NULL OR (a.session_version = asked.version \
         AND EXISTS (SELECT 1 FROM sessions s WHERE s.id = asked.session AND s.account_id = a.id \
         AND s.version = a.session_version AND s.ended_at IS NULL)))",
    );
    let rows = db.query_all_raw(sql.on(db)?).await?;
    let mut askers = HashMap::new();
    for row in rows {
        let place = row.try_get::<i64>("", "place")?;
        if let Some(bearer) = usize::try_from(place).ok().and_then(|place| bearers.get(place)) {
            let (viewer, sandbox_now) = (viewer_of(&row)?, row.try_get("", "sandbox_now")?);
            let newest_policy = row.try_get("", "newest_policy")?;
            let wallet = Option::<wallet::Model>::from_query_result(&row, WALLET)?;
            askers.insert(*bearer, Asked { viewer, wallet, sandbox_now, newest_policy });
        }
    }
    Ok(askers)
}

/// What the names of a wallet's columns begin with.
const WALLET: &str = "wallet_";

/// The row of the bearer at `place`.
fn asked((place, bearer): (usize, &Bearer)) -> Vec<Value> {
    let (session, version) = bearer.session.unzip();
    let place = i64::try_from(place).unwrap_or_default();
    vec![place.into(), bearer.account.into(), version.into(), session.map(|id| id.0).into()]
}

fn viewer_of(row: &QueryResult) -> Result<Viewer> {
    let mut account = account::Model::from_query_result(row, "")?;
    if row.try_get::<i32>("", "is_restricted")? == 1 {
        account.is_admin = false;
        return Ok(Viewer(account, Vec::new()));
    }
    let mut roles = Vec::new();
    for role in STORED {
        if row.try_get::<i32>("", &alias(role))? == 1 {
            roles.push(role);
        }
    }
    Ok(Viewer(account, roles))
}

/// The roles that are stored as rows; the admin role is a column.
const STORED: [Role; 2] = [Role::Support, Role::Auditor];

fn alias(role: Role) -> String {
    format!("is_{}", role.as_str().to_lowercase())
}

/// The roles of `accounts` other than admin.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_roles(
    db: &impl ConnectionTrait,
    accounts: &[AccountId],
) -> Result<Vec<account_role::Model>> {
    let theirs = account_role::Column::AccountId.is_in(accounts.iter().copied());
    Ok(account_role::Entity::find().filter(theirs).all(db).await?)
}

/// All admins, locked in the order of their ids.
pub(in crate::accounts) async fn lock_admins(txn: &Txn) -> Result<Vec<AccountId>> {
    let sql = Sql::new("SELECT id FROM accounts WHERE is_admin ORDER BY id").push(txn.for_update());
    let rows = txn.query_all_raw(sql.on(txn)?).await?;
    Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

/// Grants `account` a role; returns whether it was new.
pub(in crate::accounts) async fn insert_role(
    txn: &Txn,
    account: AccountId,
    role: Role,
    by: AccountId,
) -> Result<bool> {
    use account_role::Column::{AccountId as Account, Role as Name};
    if role == Role::Admin {
        return update_admin(txn, account, true).await;
    }
    let row = account_role::ActiveModel {
        account_id: Set(account),
        role: Set(role),
        granted_at: Set(txn.now()),
        granted_by: Set(Some(by)),
    };
    let once = OnConflict::columns([Account, Name]).do_nothing().to_owned();
    Ok(account_role::Entity::insert(row).on_conflict(once).exec_without_returning(txn).await? == 1)
}

/// Revokes a role of `account`; returns whether it had the role.
pub(in crate::accounts) async fn delete_role(txn: &Txn, account: AccountId, role: Role) -> Result<bool> {
    if role == Role::Admin {
        return update_admin(txn, account, false).await;
    }
    Ok(account_role::Entity::delete_by_id((account, role)).exec(txn).await?.rows_affected == 1)
}

async fn update_admin(txn: &Txn, account: AccountId, is_admin: bool) -> Result<bool> {
    use account::Column::{Id, IsAdmin};
    let update = account::Entity::update_many().col_expr(IsAdmin, Expr::value(is_admin));
    let done = update.filter(Id.eq(account)).filter(IsAdmin.eq(!is_admin)).exec(txn).await?;
    Ok(done.rows_affected == 1)
}
