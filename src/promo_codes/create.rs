//! An admin makes promo codes (B-5).

use super::{
    rejection,
    rules::{self, CREATED_AT_MOST, Given},
    store,
};
use crate::{
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, MembershipPlan, PromoKind},
        ids::PromoCodeId,
        promo_code,
        values::{Countries, Plans},
    },
    error::{Rejection, Result},
    keys,
    viewer::Viewer,
};

/// Codes to make.
#[derive(Clone, Debug)]
pub struct Creating<'a> {
    /// The name; or what random codes begin with, if there is a `count`.
    pub code: &'a str,
    /// How many random codes.
    pub count: Option<i32>,
    /// What they give.
    pub kind: PromoKind,
    /// How much.
    pub given: Given,
    /// How often each can be used by all.
    pub max_uses: Option<i64>,
    /// How often each can be used by one account.
    pub per_account: i64,
    /// The least that a purchase costs before the discount, in minor units.
    pub minimum_cents: i64,
    /// On which plans; none for all.
    pub plans: Vec<MembershipPlan>,
    /// In which countries; none for all.
    pub countries: Vec<String>,
    /// From when on; at once if nothing is said.
    pub starts_at: Option<Instant>,
    /// Until when; for ever if nothing is said.
    pub ends_at: Option<Instant>,
}

/// Makes codes; returns their ids, in the order in which they were made.
///
/// # Errors
/// `INVALID_INPUT`, `PROMO_CODE_TAKEN`.
pub async fn create(txn: &Txn, admin: &Viewer, creating: Creating<'_>) -> Result<Vec<PromoCodeId>> {
    let terms = checked(txn, admin, &creating)?;
    let names = names(&creating)?;
    if let Some(taken) = store::list_taken(txn, &names).await?.first() {
        return Err(rejection::taken(taken).into());
    }
    let named = |code: String| promo_code::Model { id: PromoCodeId::new(), code, ..terms.clone() };
    let rows: Vec<_> = names.into_iter().map(named).collect();
    let ids = rows.iter().map(|row| row.id).collect();
    let facts = serde_json::json!({
        "codes": rows.iter().map(|row| &row.code).collect::<Vec<_>>(), "kind": terms.kind, "amount": terms.amount,
        "maxUses": terms.max_uses, "perAccount": terms.per_account, "startsAt": terms.starts_at, "endsAt": terms.ends_at,
    });
    let (count, first) = (rows.len() as u64, rows.first().map(|row| row.code.clone()).unwrap_or_default());
    if store::insert_codes(txn, rows).await? < count {
        return Err(rejection::taken(&first).into());
    }
    audit::record(txn, Record::new(AuditAction::PromoCodesCreated, Some(admin.id())).with(facts)).await?;
    Ok(ids)
}

/// The names of the codes.
fn names(creating: &Creating<'_>) -> Result<Vec<String>> {
    let Some(count) = creating.count else {
        let (least, most) = rules::LENGTH;
        let bad = || rejection::bad_name("code", least, most);
        return Ok(vec![rules::normalised(creating.code).ok_or_else(bad)?]);
    };
    if !(1..=CREATED_AT_MOST).contains(&count) {
        return Err(rejection::bad_count(CREATED_AT_MOST).into());
    }
    let prefix = rules::checked_prefix(creating.code)?;
    (0..count).map(|_| Ok(rules::code_from(&prefix, *keys::random()?))).collect()
}

/// The terms that all codes share, as they are stored.
fn checked(txn: &Txn, admin: &Viewer, creating: &Creating<'_>) -> Result<promo_code::Model, Rejection> {
    let starts_at = creating.starts_at.unwrap_or(txn.now());
    if creating.ends_at.is_some_and(|end| end <= starts_at.max(txn.now())) {
        return Err(rejection::ends_early());
    }
    rules::must_be_limits(creating.max_uses, creating.per_account)?;
    if creating.minimum_cents > 0 && rules::is_used_alone(creating.kind) {
        return Err(rejection::minimum_alone());
    }
    let countries = creating.countries.iter().map(|country| rules::checked_country(country));
    Ok(promo_code::Model {
        id: PromoCodeId::new(),
        code: String::new(),
        kind: creating.kind,
        amount: rules::amount_of(creating.kind, creating.given)?,
        max_uses: creating.max_uses,
        per_account: creating.per_account,
        minimum_cents: creating.minimum_cents,
        plans: Plans(creating.plans.clone()),
        countries: Countries(countries.collect::<Result<_, _>>()?),
        starts_at,
        ends_at: creating.ends_at,
        uses: 0,
        actor_id: admin.id(),
        created_at: txn.now(),
    })
}
