//! The times of a database: business time, wall time, and the time that leases follow.

use sea_orm::{ConnectionTrait, DbBackend};

use super::Sql;
use crate::{
    clock::{self, Instant},
    entity::enums::ClockKind,
    error::{Fault, Result},
};

pub(super) async fn business_now(db: &impl ConnectionTrait, clock: ClockKind) -> Result<Instant> {
    match clock {
        ClockKind::System => Ok(clock::wall_now()),
        ClockKind::Sandbox => sandbox_now(db).await,
    }
}

/// Where sandbox time stands.
async fn sandbox_now(db: &impl ConnectionTrait) -> Result<Instant> {
    let row = db.query_one_raw(Sql::new("SELECT sandbox_now FROM instance").on(db)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no instance".into()))?;
    Ok(row.try_get("", "sandbox_now")?)
}

pub(super) async fn lease_now(db: &impl ConnectionTrait) -> Result<Instant> {
    match db.get_database_backend() {
        DbBackend::Postgres => wall_now(db).await,
        _ => Ok(clock::uptime()),
    }
}

pub(super) async fn wall_now(db: &impl ConnectionTrait) -> Result<Instant> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(clock::wall_now());
    }
    let row = db.query_one_raw(Sql::new("SELECT clock_timestamp() AS now").on(db)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no time".into()))?;
    Ok(clock::truncated(row.try_get("", "now")?))
}
