//! Registrations that may be fraud are flagged for review, and an admin decides on each flag (F-8).

use std::collections::{BTreeSet, HashMap};

use sea_orm::ConnectionTrait;

use super::{
    rejection,
    rules::{
        self, FlagMove,
        rings::{self, Case, Evidence, Known, Suspicion},
    },
    store,
};
use crate::{
    accounts,
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        affiliate_flag, attribution, click,
        enums::{AuditAction, FlagKind, FlagState},
        ids::{AccountId, AffiliateFlagId},
    },
    error::{Fault, Result},
    input,
    policy::Review,
    viewer::Viewer,
};

/// A decision on a flag, and its reason, which stays among the admins.
#[derive(Clone, Copy, Debug)]
pub struct Judgement<'a> {
    /// What is decided.
    pub way: FlagMove,
    /// Why.
    pub reason: &'a str,
}

/// Decides on the flag `id`. Nobody decides on a registration of their own, or that they brought.
///
/// # Errors
/// `NOT_FOUND`, `NOT_ALLOWED`, `ILLEGAL_STATE`, `INVALID_INPUT`.
pub async fn decide_flag(
    txn: &Txn,
    admin: &Viewer,
    id: AffiliateFlagId,
    judgement: Judgement<'_>,
) -> Result<AffiliateFlagId> {
    let row = store::lock_flag(txn, id).await?.ok_or_else(rejection::no_such_flag)?;
    if [row.affiliate_id, row.client_id].contains(&admin.id()) {
        return Err(rejection::own_flag().into());
    }
    let reason = input::text("reason", judgement.reason, 1, 500)?;
    let state = rules::judged(row.state, judgement.way)?;
    let facts = serde_json::json!({ "flag": id, "kind": row.kind, "state": state, "reason": reason });
    let done = Record::new(AuditAction::AffiliateFlagDecided, Some(admin.id())).to(row.affiliate_id);
    audit::record(txn, done.with(facts)).await?;
    let decided = affiliate_flag::Model {
        state,
        decided_at: Some(txn.now()),
        decided_by: Some(admin.id()),
        reason: Some(reason),
        ..row
    };
    store::update_flag(txn, decided).await?;
    Ok(id)
}

/// Flags a registration that was just attributed by how the person came, and by what they were seen with.
pub(super) async fn flag_arrival(txn: &Txn, row: &attribution::Model, click: &click::Model) -> Result<()> {
    let policy = &txn.policy().affiliate.review;
    let since_click = row.registered_at - row.clicked_at;
    let found = rings::arrival_of(since_click, click.ad_term.as_deref(), policy);
    let mut flags = flags_of(row.client_id, row.affiliate_id, txn.now(), found)?;
    flags.extend(flags_of_network(txn, row, click, policy.sign_ups_of_network).await?);
    store::insert_flags(txn, flags).await?;
    let case = Case { client: row.client_id, affiliate: row.affiliate_id, freelancer: None, by: txn.now() };
    suspect(txn, &[case]).await
}

/// Flags of everyone whom the affiliate brought from one network, if there are too many.
async fn flags_of_network(
    txn: &Txn,
    row: &attribution::Model,
    click: &click::Model,
    most: i64,
) -> Result<Vec<affiliate_flag::Model>> {
    let since = txn.now() - (row.hire_before - row.clicked_at);
    let clients = store::list_clients_of_network(txn, row.affiliate_id, &click.network, since).await?;
    if clients.len() as i64 <= most {
        return Ok(Vec::new());
    }
    let evidence = Evidence { sign_ups: Some(most + 1), ..Evidence::default() };
    let found = Suspicion { kind: FlagKind::ManySignUps, evidence };
    let flags =
        clients.into_iter().map(|client| flags_of(client, row.affiliate_id, txn.now(), vec![found.clone()]));
    Ok(flags.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Flags what is suspicious about who these people are connected with by then. What is known already changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn suspect(txn: &Txn, cases: &[Case]) -> Result<()> {
    let found = list_suspicions(txn, cases, &txn.policy().affiliate.review).await?;
    store::insert_flags(txn, found).await
}

/// The flags that what is suspicious about these people deserves, whether they are known or not.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_suspicions(
    db: &impl ConnectionTrait,
    cases: &[Case],
    policy: &Review,
) -> Result<Vec<affiliate_flag::Model>> {
    // Many have one freelancer or one affiliate.
    let people: BTreeSet<_> = cases
        .iter()
        .flat_map(|case| [Some(case.client), Some(case.affiliate), case.freelancer])
        .flatten()
        .collect();
    let people: Vec<_> = people.into_iter().collect();
    let bonds = accounts::list_bonds(db, &people, policy.common_above).await?;
    if bonds.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = Known::new(bonds);
    known.brought = store::list_brought(db, &known.others()).await?;
    let mut flags = Vec::new();
    for case in cases {
        let found = rings::connections_of(case, &known);
        flags.extend(flags_of(case.client, case.affiliate, case.by, found)?);
    }
    Ok(flags)
}

fn flags_of(
    client_id: AccountId,
    affiliate_id: AccountId,
    raised_at: Instant,
    found: Vec<Suspicion>,
) -> Result<Vec<affiliate_flag::Model>> {
    let flag = |Suspicion { kind, evidence }: Suspicion| {
        let evidence = serde_json::to_string(&evidence).map_err(|error| Fault::Broken(error.to_string()))?;
        Ok(affiliate_flag::Model {
            id: AffiliateFlagId::new(),
            client_id,
            affiliate_id,
            kind,
            evidence,
            raised_at,
            state: FlagState::Open,
            decided_at: None,
            decided_by: None,
            reason: None,
        })
    };
    found.into_iter().map(flag).collect()
}

/// The flags of these clients.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_flags(
    db: &impl ConnectionTrait,
    clients: &[AccountId],
) -> Result<HashMap<AccountId, Vec<affiliate_flag::Model>>> {
    let mut flags: HashMap<_, Vec<_>> = HashMap::new();
    for flag in store::list_flags_of(db, clients).await? {
        flags.entry(flag.client_id).or_default().push(flag);
    }
    Ok(flags)
}
