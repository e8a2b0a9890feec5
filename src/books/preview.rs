//! What a version of the policy would change, and for whom, before it is written.

use sea_orm::ConnectionTrait;

use crate::{
    accounts, affiliates,
    clock::Instant,
    connects, contracts,
    db::{Reach, Sql},
    error::{Fault, Result},
    job_posts, memberships, payouts,
    policy::Version,
    policy_versions::{
        self,
        rules::{self, Change},
    },
    profiles, proposals, purchases, referrals,
};

/// Whom each slice says that the policy reaches.
const REACHES: &[&[Reach]] = &[
    accounts::REACHES,
    connects::REACHES,
    memberships::REACHES,
    purchases::REACHES,
    job_posts::REACHES,
    proposals::REACHES,
    affiliates::REACHES,
    profiles::REACHES,
    referrals::REACHES,
    contracts::REACHES,
    payouts::REACHES,
];

/// What a version would change, and for whom.
#[derive(Clone, Debug)]
pub struct PolicyPreview {
    /// The values that would change.
    pub changes: Vec<Change>,
    /// Whom that would reach.
    pub reached: Vec<Reached>,
    /// The versions that were to take effect later and then never would.
    pub replaced: Vec<i64>,
}

/// People or things that a change would reach.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// The part of the policy.
    pub part: &'static str,
    /// Who they are, and when it reaches them.
    pub who: &'static str,
    /// How many.
    pub count: i64,
}

/// What `document`, in TOML, would change of `current`, which is in force at `from`, if it took effect then, and whom of those who
/// are here at `now` that would reach.
///
/// # Errors
/// `INVALID_INPUT` at `document`.
pub async fn preview(
    db: &impl ConnectionTrait,
    current: &Version,
    document: &str,
    (from, now): (Instant, Instant),
) -> Result<PolicyPreview> {
    let value = |policy| serde_json::to_value(policy).map_err(|error| Fault::Broken(error.to_string()));
    let changes = rules::changes(&value(&current.policy)?, &value(&rules::read(document)?)?);
    let mut reached = Vec::new();
    for reach in REACHES.concat() {
        if changes.iter().any(|change| reach.has(&change.path)) {
            let count = count(db, &reach, now).await?;
            reached.push(Reached { part: reach.part, who: reach.who, count });
        }
    }
    let replaced = policy_versions::store::list_later(db, from).await?;
    Ok(PolicyPreview { changes, reached, replaced })
}

async fn count(db: &impl ConnectionTrait, reach: &Reach, now: Instant) -> Result<i64> {
    let sql = Sql::new(reach.count);
    let sql = if reach.count.contains(":now") { sql.bind("now", now) } else { sql };
    let row = db.query_one_raw(sql.on(db)?).await?;
    let row = row.ok_or_else(|| Fault::Broken(format!("nothing counted for {}", reach.part)))?;
    Ok(row.try_get("", "reached")?)
}
