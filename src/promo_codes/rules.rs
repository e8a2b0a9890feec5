//! Pure rules of promo codes: what they give, and who can use them.

use super::rejection;
use crate::{
    accounts,
    clock::Instant,
    entity::{
        enums::{
            MembershipPlan, PromoKind,
            PromoRedemptionState::{self, Released, Reserved, Used},
        },
        promo_code,
    },
    error::{Fault, Rejection, Result},
    memberships::rules::GIVEN_AT_MOST,
    money::half_up,
    moves::moves,
};

moves! {
    /// An action on a use of a promo code (B-5).
    PromoRedemptionMove of PromoRedemptionState {
        /// The payment is paid.
        UseUp: Reserved => Used,
        /// The payment failed.
        Release: Reserved => Released,
    }
}

/// The state of a use in `state` after the action.
///
/// # Errors
/// [`Fault::Broken`] where it is not allowed: its payment says something else.
pub fn moved(state: PromoRedemptionState, way: PromoRedemptionMove) -> Result<PromoRedemptionState> {
    let wrong = || Fault::Broken(format!("a use of a promo code that is {state} cannot {way:?}"));
    Ok(way.after(state).ok_or_else(wrong)?)
}

/// The fewest and the most characters of a code.
pub const LENGTH: (usize, usize) = (4, 40);

/// The letters and digits of codes that the program makes up, without those that look like others.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The random letters of such a code, of five bits each.
const RANDOM: usize = 12;

/// What an admin says that a code gives: the one that its kind needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    /// Connects.
    pub connects: Option<i64>,
    /// Hundredths of a percent.
    pub percent: Option<i64>,
    /// Minor units of USD.
    pub cents: Option<i64>,
    /// Months.
    pub months: Option<i64>,
}

/// The most Connects that a code gives.
const CONNECTS_AT_MOST: i64 = 10_000;

/// The most that a code takes off a price, in minor units.
const CENTS_AT_MOST: i64 = 10_000_000;

/// How much a code of this kind gives, in the unit of its kind.
///
/// # Errors
/// `INVALID_INPUT` at the field that the kind needs, or that it has not.
pub fn amount_of(kind: PromoKind, given: Given) -> Result<i64, Rejection> {
    let (field, most, range) = match kind {
        PromoKind::BonusConnects | PromoKind::FreeConnects => {
            ("connects", CONNECTS_AT_MOST, "Connects, from 1 to 10,000")
        }
        PromoKind::PercentOff => ("percent", 10_000, "a percentage, from 0.01 to 100"),
        PromoKind::AmountOff => ("amount", CENTS_AT_MOST, "an amount, from 0.01 to 100,000.00"),
        PromoKind::PlanMonths => ("months", GIVEN_AT_MOST, "months, from 1 to 24"),
    };
    let all = [
        ("connects", given.connects),
        ("percent", given.percent),
        ("amount", given.cents),
        ("months", given.months),
    ];
    if let Some((other, _)) = all.iter().find(|(name, value)| *name != field && value.is_some()) {
        return Err(rejection::has_not(kind, other, field));
    }
    let value = all.iter().find(|(name, _)| *name == field).and_then(|(_, value)| *value);
    value.filter(|value| (1..=most).contains(value)).ok_or_else(|| rejection::needs(kind, field, range))
}

/// The most codes that are made at once.
pub const CREATED_AT_MOST: i32 = 100;

/// The largest limit on uses.
const LIMIT_AT_MOST: i64 = 1_000_000;

/// What a code gives with a purchase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// More Connects.
    pub bonus: i64,
    /// A discount, in minor units.
    pub discount: i64,
}

/// Who wants to use a code.
#[derive(Clone, Debug)]
pub struct User<'a> {
    /// Their country.
    pub country: &'a str,
    /// Their plan.
    pub plan: MembershipPlan,
    /// How often they have used the code, or are about to.
    pub uses: i64,
}

/// What a code is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A purchase that costs so much before the discount, in minor units.
    Purchase(i64),
    /// Nothing that is paid.
    Alone,
}

/// A code as it is stored and compared: without spaces around it, in upper case. `None` if there can be no such code.
pub fn normalised(typed: &str) -> Option<String> {
    let code = typed.trim().to_ascii_uppercase();
    let (least, most) = LENGTH;
    let is_one = (least..=most).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_one.then_some(code)
}

/// A code that nobody can guess: after `prefix`, twelve letters and digits out of 32 from `random`.
pub fn code_from(prefix: &str, random: [u8; RANDOM]) -> String {
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let dash = if prefix.is_empty() { "" } else { "-" };
    format!("{prefix}{dash}{}", String::from_iter(letters))
}

/// What random codes begin with, as it is stored; it may be nothing.
///
/// # Errors
/// `INVALID_INPUT` at `code`.
pub fn checked_prefix(typed: &str) -> Result<String, Rejection> {
    let (prefix, most) = (typed.trim().to_ascii_uppercase(), LENGTH.1 - RANDOM - 1);
    if prefix.is_empty() || (prefix.len() <= most && normalised(&format!("{prefix}----")).is_some()) {
        return Ok(prefix);
    }
    Err(rejection::bad_name("code", 0, most))
}

/// Checks how often a code can be used, by all and by one account.
///
/// # Errors
/// `INVALID_INPUT` at the limit at fault.
pub fn must_be_limits(max_uses: Option<i64>, per_account: i64) -> Result<(), Rejection> {
    let is_one = |limit: &i64| (1..=LIMIT_AT_MOST).contains(limit);
    if !max_uses.iter().all(is_one) {
        return Err(rejection::bad_limit("maxUses"));
    }
    if is_one(&per_account) { Ok(()) } else { Err(rejection::bad_limit("perAccount")) }
}

/// The country of this code, in upper case.
///
/// # Errors
/// `INVALID_INPUT` at `countries`.
pub fn checked_country(typed: &str) -> Result<String, Rejection> {
    accounts::rules::checked_country(typed, &[]).map_err(|_| rejection::bad_country())
}

/// The least number, from one on, that is not among `taken`, which are in order.
pub fn free_slot(taken: &[i64]) -> i64 {
    let mut slot = 1;
    for number in taken {
        if *number == slot {
            slot += 1;
        }
    }
    slot
}

/// What `code` gives `user` at `now` for this use.
///
/// # Errors
/// `PROMO_CODE_UNKNOWN` before it starts, `PROMO_CODE_EXPIRED`, `PROMO_CODE_USED_UP`, `PROMO_CODE_ALREADY_USED`,
/// `PROMO_CODE_NOT_APPLICABLE`.
pub fn offer_of(
    code: &promo_code::Model,
    user: &User<'_>,
    what: Use,
    now: Instant,
) -> Result<Offer, Rejection> {
    if now < code.starts_at {
        return Err(rejection::unknown());
    }
    if let Some(ended) = code.ends_at.filter(|end| *end <= now) {
        return Err(rejection::expired(ended));
    }
    // Before the limit of all: who has used it is told so.
    if user.uses >= code.per_account {
        return Err(rejection::already_used(code.per_account));
    }
    if code.max_uses.is_some_and(|most| code.uses >= most) {
        return Err(rejection::used_up());
    }
    must_be_for(code, user)?;
    gives(code, what)
}

/// Checks that `code` is for people like `user`.
fn must_be_for(code: &promo_code::Model, user: &User<'_>) -> Result<(), Rejection> {
    let (plans, countries) = (&code.plans.0, &code.countries.0);
    if !countries.is_empty() && !countries.iter().any(|country| country == user.country) {
        return Err(rejection::elsewhere(user.country));
    }
    if !plans.is_empty() && !plans.contains(&user.plan) {
        return Err(rejection::other_plan(user.plan));
    }
    Ok(())
}

/// What `code` gives for this use.
fn gives(code: &promo_code::Model, what: Use) -> Result<Offer, Rejection> {
    let (kind, amount) = (code.kind, code.amount);
    match what {
        Use::Alone if !is_used_alone(kind) => Err(rejection::needs_purchase()),
        Use::Alone if kind == PromoKind::PlanMonths => Ok(Offer::default()),
        Use::Alone => Ok(Offer { bonus: amount, discount: 0 }),
        Use::Purchase(_) if is_used_alone(kind) => Err(rejection::needs_no_purchase()),
        Use::Purchase(list) if list < code.minimum_cents => Err(rejection::below_minimum(code.minimum_cents)),
        Use::Purchase(list) => Ok(match kind {
            PromoKind::PercentOff => Offer { bonus: 0, discount: percentage(list, amount) },
            PromoKind::AmountOff => Offer { bonus: 0, discount: amount.min(list) },
            _ => Offer { bonus: amount, discount: 0 },
        }),
    }
}

/// Whether codes of this kind are used without a purchase.
pub const fn is_used_alone(kind: PromoKind) -> bool {
    matches!(kind, PromoKind::FreeConnects | PromoKind::PlanMonths)
}

/// So many hundredths of a percent of a price, half a cent rounded up; never more than the price (B-6).
fn percentage(list: i64, basis_points: i64) -> i64 {
    half_up(list, (basis_points, 10_000)).unwrap_or(list).min(list)
}

#[cfg(test)]
mod tests;
