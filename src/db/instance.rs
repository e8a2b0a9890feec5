//! The one row that says which clock a database uses, and the policy it started with.

use std::sync::atomic::Ordering;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, OnConflict},
};

use crate::{
    clock::{Instant, wall_now},
    config::Settings,
    db::{Open, Sql, Txn},
    entity::{enums::ClockKind, instance, policy},
    error::{Code, Fault, Rejection, Result},
    policy::{Policies, Policy, Version},
};

/// Which clock the database uses; writes it, with the first policy, when the database is new.
pub(super) async fn read_instance(
    db: &impl ConnectionTrait,
    settings: &Settings,
    open: Open,
) -> Result<ClockKind> {
    if let Open::OrCreate(default) = open {
        create_instance(db, settings, settings.clock.unwrap_or(default)).await?;
    }
    let row = instance::Entity::find().one(db).await?;
    let row = row.ok_or_else(|| Fault::Setup("the database is empty; run `connects migrate`".into()))?;
    match settings.clock {
        Some(wanted) if wanted != row.clock => Err(Fault::Setup(format!(
            "this database was created in {} time and CONNECTS_CLOCK says {}; unset it or use another database",
            row.clock.as_str().to_lowercase(),
            wanted.as_str().to_lowercase(),
        ))
        .into()),
        _ => Ok(row.clock),
    }
}

async fn create_instance(db: &impl ConnectionTrait, settings: &Settings, clock: ClockKind) -> Result<()> {
    let sandbox_now = (clock == ClockKind::Sandbox).then_some(settings.sandbox_start);
    let now = sandbox_now.unwrap_or_else(wall_now);
    // The policy first: a process that dies in between leaves an empty database, not a broken one.
    let document = serde_json::to_value(Policy::seed()?).map_err(|e| Fault::Broken(e.to_string()))?;
    let row = policy::ActiveModel {
        version: Set(1),
        effective_from: Set(now),
        document: Set(document),
        actor_id: Set(None),
        recorded_at: Set(now),
    };
    let once = OnConflict::column(policy::Column::Version).do_nothing().to_owned();
    policy::Entity::insert(row).on_conflict(once).exec_without_returning(db).await?;
    let row = instance::ActiveModel {
        id: Set(1),
        clock: Set(clock),
        sandbox_now: Set(sandbox_now),
        sandbox_secret: Set(None),
        secret_mark: Set(None),
        keys_made_at: Set(None),
        seen_at: Set((clock == ClockKind::System).then(wall_now)),
        demo_at: Set(None),
    };
    let once = OnConflict::column(instance::Column::Id).do_nothing().to_owned();
    instance::Entity::insert(row).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

/// All versions of the policy.
pub(super) async fn policies(db: &impl ConnectionTrait) -> Result<Policies> {
    let rows = policy::Entity::find().order_by_asc(policy::Column::Version).all(db).await?;
    let version = |row: policy::Model| {
        let policy = serde_json::from_value(row.document)
            .map_err(|e| Fault::Setup(format!("policy version {}: {e}", row.version)))?;
        Ok(Version { number: row.version, effective_from: row.effective_from, policy })
    };
    Policies::new(rows.into_iter().map(version).collect::<Result<_>>()?)
}

impl Txn {
    /// Whether sandbox time may be moved to `to`.
    ///
    /// # Errors
    /// `NOT_A_SANDBOX` in system time; `CLOCK_NOT_FORWARD` when `to` lies in the past.
    pub fn may_move_clock(&self, to: Instant) -> Result<()> {
        if self.clock() != ClockKind::Sandbox {
            let sentence = "This database uses system time, which cannot be moved. Use a sandbox.";
            return Err(Rejection::new(Code::NotASandbox, sentence).by("Q-5").into());
        }
        if to < self.now() {
            let sentence =
                format!("Sandbox time only moves forward and is already {}. Advance it further.", self.now());
            return Err(Rejection::new(Code::ClockNotForward, sentence).at("to").by("Q-5").into());
        }
        Ok(())
    }

    /// Claims the demo for this transaction; returns whether there was none. Waits for another process that is
    /// creating it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_demo(&self) -> Result<bool> {
        let claim =
            Sql::new("UPDATE instance SET demo_at = :now WHERE demo_at IS NULL").bind("now", self.now());
        Ok(self.run(claim).await? == 1)
    }

    /// Moves sandbox time forward to `to`, for the rest of this transaction too.
    ///
    /// # Errors
    /// As [`Txn::may_move_clock`].
    pub async fn move_clock(&self, to: Instant) -> Result<()> {
        self.may_move_clock(to)?;
        let forward = instance::Column::SandboxNow.lt(to);
        let now = Expr::value(to);
        instance::Entity::update_many()
            .col_expr(instance::Column::SandboxNow, now)
            .filter(forward)
            .exec(self)
            .await?;
        self.now.store(to.timestamp_micros(), Ordering::Relaxed);
        Ok(())
    }
}

/// The mark of the secret from which all keys were derived before they had a table.
///
/// # Errors
/// When the database cannot be reached.
pub async fn secret_mark(db: &impl ConnectionTrait) -> Result<Option<String>> {
    // The other columns may be missing in a database that is not migrated yet.
    let row = db.query_one_raw(Sql::new("SELECT secret_mark FROM instance").on(db)?).await?;
    Ok(row.map(|row| row.try_get("", "secret_mark")).transpose()?.flatten())
}

impl Txn {
    /// Records that the database has keys from now on; returns whether it had none before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_keys(&self) -> Result<bool> {
        let claim = Sql::new("UPDATE instance SET keys_made_at = :now WHERE keys_made_at IS NULL");
        Ok(self.run(claim.bind("now", self.wall_now().await?)).await? == 1)
    }

    /// Locks what belongs to the database as a whole, so that its changes take turns.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lock_instance(&self) -> Result<()> {
        self.query_one_raw(Sql::new("SELECT id FROM instance").push(self.for_update()).on(self)?).await?;
        Ok(())
    }
}

/// The signing secret of a sandbox on PostgreSQL: `fresh` if it has none yet. `None` if its keys are under a secret that
/// it was once configured with.
///
/// # Errors
/// When the database cannot be reached.
pub async fn sandbox_secret(txn: &Txn, fresh: String) -> Result<Option<String>> {
    use instance::Column::{KeysMadeAt, SandboxSecret, SecretMark};
    instance::Entity::update_many()
        .col_expr(SandboxSecret, Expr::value(fresh))
        .filter(SandboxSecret.is_null())
        .filter(KeysMadeAt.is_null())
        .filter(SecretMark.is_null())
        .exec(txn)
        .await?;
    Ok(instance::Entity::find().one(txn).await?.and_then(|row| row.sandbox_secret))
}
