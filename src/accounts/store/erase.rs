//! The SQL of erasing a person (P-6).

use sea_orm::ConnectionTrait;

use crate::{
    db::{Sql, Txn},
    entity::ids::AccountId,
    error::Result,
};

/// Replaces what accounts know about a person with a pseudonym, and returns its name. The person can never sign in
/// again. The number in the pseudonym reveals the order of erasures and nothing else.
///
/// # Errors
/// When the database refuses.
pub async fn erase_of(txn: &Txn, account: AccountId) -> Result<String> {
    let number = next_number(txn).await?;
    let name = format!("Erased person {number}");
    let sql = Sql::new(
        "UPDATE accounts SET email = :email, name = :name, country = 'ZZ', email_verified_at = NULL, active_at = NULL, erased_at = :now, \
         session_version = session_version + 1 WHERE id = :account",
    );
    // Nobody can have registered the address, and it reveals no other one.
    let sql = sql.bind("email", format!("{}@erased.invalid", account.0.simple())).bind("name", name.as_str());
    txn.run(sql.bind("now", txn.now()).bind("account", account)).await?;
    let theirs = "WHERE account_id = :account";
    for delete in ["DELETE FROM passwords", "DELETE FROM sessions"] {
        txn.run(Sql::new(format!("{delete} {theirs}")).bind("account", account)).await?;
    }
    let reasons = Sql::new("UPDATE restrictions SET reason = '[erased]' WHERE account_id = :account");
    txn.run(reasons.bind("account", account)).await?;
    Ok(name)
}

/// Deletes the mailed tokens of `account`, whose mails are already deleted.
///
/// # Errors
/// When the database refuses.
pub async fn delete_tokens(txn: &Txn, account: AccountId) -> Result<()> {
    txn.run(Sql::new("DELETE FROM one_time_tokens WHERE account_id = :account").bind("account", account))
        .await?;
    Ok(())
}

/// The number of the next pseudonym. The lock on the instance's only row makes erasures take turns.
async fn next_number(txn: &Txn) -> Result<i64> {
    let lock = Sql::new("SELECT id FROM instance").push(txn.for_update());
    txn.query_one_raw(lock.on(txn)?).await?;
    let sql = Sql::new("SELECT COUNT(*) AS count FROM accounts WHERE erased_at IS NOT NULL");
    let row = txn.query_one_raw(sql.on(txn)?).await?;
    let erased: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(erased + 1)
}
