//! Freelancers who may refer friends are invited, and reminded once (C-2): in batches, each in a transaction of its own.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{join::new_link, notifications, rules, store};
use crate::{
    clock::Instant,
    db::{Source, Txn},
    entity::{
        enums::{Currency, MailKind, MembershipPlan},
        ids::AccountId,
        referral_campaign, referral_link,
        values::MailFacts,
    },
    error::Result,
    mails,
    money::Money,
    notifications::notify,
    policy::Policy,
};

/// People of one batch.
const AT_ONCE: u64 = 500;

/// The instant since or from which somebody is to be invited or reminded; `None` if nobody is in sight.
///
/// # Errors
/// When the database cannot be reached.
pub async fn next_due(db: &Source<'_>, policy: &Policy, now: Instant) -> Result<Option<Instant>> {
    let mut next = Vec::new();
    for campaign in store::list_unfinished(db, now).await? {
        next.extend(store::find_next_candidate(db, &campaign, now).await?);
        let invited = store::find_first_to_remind(db, &campaign).await?;
        let due = invited.map(|at| at + reminder_after(policy));
        next.extend(due.filter(|at| *at < campaign.closes_at));
    }
    Ok(next.into_iter().min())
}

const fn reminder_after(policy: &Policy) -> TimeDelta {
    TimeDelta::days(policy.referrals.remind_days)
}

/// Invites some of those who may refer friends in an open campaign and have no link; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn invite(txn: &Txn) -> Result<u64> {
    for campaign in store::list_open(txn, txn.due_by()).await? {
        let Some(campaign) = lock_open(txn, &campaign).await? else { continue };
        let people = store::list_candidates(txn, &campaign, (txn.due_by(), txn.at_once(AT_ONCE))).await?;
        if people.is_empty() {
            continue;
        }
        let links = people.iter().map(|id| new_link(&campaign, *id, txn.now()));
        let links = links.collect::<Result<Vec<_>>>()?;
        announce_to(txn, MailKind::ReferralInvitation, &campaign, &links).await?;
        store::insert_links(txn, links).await?;
        return Ok(people.len() as u64);
    }
    Ok(0)
}

/// Reminds some of those who were invited a while ago and whose link has brought nobody; returns how many, or `None` once
/// nobody is left.
///
/// # Errors
/// When the database refuses.
pub async fn remind(txn: &Txn) -> Result<Option<u64>> {
    let invited_by = txn.due_by() - reminder_after(txn.policy());
    for campaign in store::list_open(txn, txn.due_by()).await? {
        let Some(campaign) = lock_open(txn, &campaign).await? else { continue };
        let links = store::list_to_remind(txn, &campaign, (invited_by, txn.at_once(AT_ONCE))).await?;
        if links.is_empty() {
            continue;
        }
        store::update_reminded(txn, &links).await?;
        let wanted = store::list_reachable(txn, &campaign, &links, txn.due_by()).await?;
        let reachable: Vec<_> = links.into_iter().filter(|link| wanted.contains(&link.referrer_id)).collect();
        announce_to(txn, MailKind::ReferralReminder, &campaign, &reachable).await?;
        return Ok(Some(reachable.len() as u64));
    }
    Ok(None)
}

/// The campaign, locked, so that nobody ends it or asks for a link meanwhile; nothing if it is over by now.
async fn lock_open(
    txn: &Txn,
    campaign: &referral_campaign::Model,
) -> Result<Option<referral_campaign::Model>> {
    let locked = store::lock_campaign(txn, campaign.id).await?;
    Ok(locked.filter(|row| row.is_open(txn.due_by()) && row.is_open(txn.now())))
}

/// Notifies the owners of `links`, by mail and in the program.
async fn announce_to(
    txn: &Txn,
    kind: MailKind,
    campaign: &referral_campaign::Model,
    links: &[referral_link::Model],
) -> Result<()> {
    let letter = |link: &referral_link::Model| (link.referrer_id, facts_of(campaign, link));
    let letters: Vec<(AccountId, MailFacts)> = links.iter().map(letter).collect();
    mails::write_all(txn, kind, letters).await?;
    let notice = |link| match kind {
        MailKind::ReferralReminder => notifications::reminded(campaign, link, txn.now()),
        _ => notifications::invited(campaign, link),
    };
    notify(txn, links.iter().map(notice).collect()).await
}

/// What a mail says of a campaign.
fn facts_of(campaign: &referral_campaign::Model, link: &referral_link::Model) -> MailFacts {
    let dollars = |cents| Money::new(cents, Currency::Usd).to_string();
    let gift = match campaign.gift_months {
        0 => String::new(),
        1 => format!("a month of {}", MembershipPlan::Plus),
        months => format!("{months} months of {}", MembershipPlan::Plus),
    };
    MailFacts(BTreeMap::from([
        ("campaign".to_owned(), campaign.name.clone()),
        ("deadline".to_owned(), rules::deadline_of(campaign).to_string()),
        ("reward".to_owned(), dollars(campaign.reward_cents)),
        ("threshold".to_owned(), dollars(campaign.threshold_cents)),
        ("gift".to_owned(), gift),
        (mails::PATH.to_owned(), rules::path_of(&link.code)),
    ]))
}
