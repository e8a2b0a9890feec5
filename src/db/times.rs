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

/// Business time, and in a sandbox the number of the last version of the policy.
pub(super) async fn business_now(
    db: &impl ConnectionTrait,
    clock: ClockKind,
) -> Result<(Instant, Option<i64>)> {
    match clock {
        ClockKind::System => Ok((clock::wall_now(), None)),
        ClockKind::Sandbox => sandbox_now(db).await.map(|(now, newest)| (now, Some(newest))),
    }
}

/// Where sandbox time stands, and the number of the last version of the policy, for all who ask at about the same time.
pub(super) struct SandboxClock;

impl Lookup for SandboxClock {
    type Key = ();
    type Found = (Instant, i64);

    fn find<'a>(db: &'a Reader, _: &'a [()]) -> BoxFuture<'a, Result<HashMap<(), Self::Found>>> {
        async { Ok(HashMap::from([((), sandbox_now(db).await?)])) }.boxed()
    }
}

/// Where sandbox time stands, and the number of the last version of the policy.
async fn sandbox_now(db: &impl ConnectionTrait) -> Result<(Instant, i64)> {
    let sql = "SELECT sandbox_now, (SELECT MAX(version) FROM policies) AS newest FROM instance";
    let row = db.query_one_raw(Sql::new(sql).on(db)?).await?;
    let row = row.ok_or_else(|| Fault::Broken("no instance".into()))?;
    Ok((row.try_get("", "sandbox_now")?, row.try_get("", "newest")?))
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
