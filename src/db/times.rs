//! The times of a database: business time, wall time, and the time that leases follow.

use std::collections::HashMap;

use futures_util::{FutureExt, future::BoxFuture};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Lookup, Reader, Sql};
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

/// Where sandbox time stands, for all who ask at about the same time.
pub(super) struct SandboxClock;

impl Lookup for SandboxClock {
    type Key = ();
    type Found = Instant;

    fn find<'a>(db: &'a Reader, _: &'a [()]) -> BoxFuture<'a, Result<HashMap<(), Instant>>> {
        async { Ok(HashMap::from([((), sandbox_now(db).await?)])) }.boxed()
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
