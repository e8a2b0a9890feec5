//! An admin makes a campaign (C-1).

use chrono::NaiveDate;

use super::{
    rejection,
    rules::{self, Terms},
    store,
};
use crate::{
    accounts::rules::checked_country,
    audit::{self, Record},
    clock::Instant,
    db::Txn,
    entity::{
        enums::{AuditAction, JobCategory, TalentBadgeKind},
        ids::ReferralCampaignId,
        referral_campaign,
    },
    error::Result,
    input,
    viewer::Viewer,
};

/// A campaign to make.
#[derive(Clone, Debug)]
pub struct Creating<'a> {
    /// Its name.
    pub name: &'a str,
    /// The category in which a friend's earnings count; all if omitted.
    pub category: Option<JobCategory>,
    /// The country of those who may refer; any if omitted.
    pub country: Option<&'a str>,
    /// The badge that they need, or a higher one; none if omitted.
    pub badge: Option<TalentBadgeKind>,
    /// From when on; at once if omitted.
    pub opens_at: Option<Instant>,
    /// The last day on which friends register and reach the threshold.
    pub deadline: NaiveDate,
    /// The amounts.
    pub terms: Terms,
}

/// Makes a campaign. Its terms never change.
///
/// # Errors
/// `INVALID_INPUT`.
pub async fn create(txn: &Txn, admin: &Viewer, creating: Creating<'_>) -> Result<ReferralCampaignId> {
    let terms = creating.terms.checked()?;
    let opens_at = creating.opens_at.unwrap_or(txn.now());
    let closes_at = rules::closes_at(creating.deadline);
    if opens_at < txn.now() {
        return Err(rejection::opens_early().into());
    }
    if closes_at <= opens_at {
        return Err(rejection::closes_early().into());
    }
    let sanctioned = &txn.policy().registration.sanctioned_countries;
    let country = creating
        .country
        .map(|typed| checked_country(typed, sanctioned).map_err(|no| rejection::bad_country(&no)));
    let row = referral_campaign::Model {
        id: ReferralCampaignId::new(),
        name: input::line("name", creating.name, 1, 100)?,
        category: creating.category,
        country: country.transpose()?,
        badge: creating.badge,
        opens_at,
        closes_at,
        threshold_cents: terms.threshold_cents,
        reward_cents: terms.reward_cents,
        gift_months: terms.gift_months,
        budget_cents: terms.budget_cents,
        reserved_cents: 0,
        ended_at: None,
        actor_id: Some(admin.id()),
        created_at: txn.now(),
    };
    let facts = serde_json::json!({
        "name": row.name, "deadline": creating.deadline, "thresholdCents": row.threshold_cents,
        "rewardCents": row.reward_cents, "budgetCents": row.budget_cents,
    });
    let id = row.id;
    store::insert_campaign(txn, row).await?;
    let done = Record::new(AuditAction::ReferralCampaignCreated, Some(admin.id()));
    audit::record(txn, done.with(facts)).await?;
    Ok(id)
}
