//! The kinds of objects: a row each, for the objects behind global ids and for their pages.

use std::{collections::HashMap, pin::Pin};

use async_graphql::{
    EmptySubscription, ID, Interface, ObjectType, SchemaBuilder,
    connection::{Edge, EmptyFields},
};

use super::kit::{
    context::Request,
    ids::{Kind, text_of},
    page::Pages,
};
use crate::error::Result;

/// Declares [`Node`], the table of its kinds, and the descriptions of their pages.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident in $($room:ident)::+ $(=> $page:literal, $edge:literal)?;)+) => {
        $(use super::$($room)::+::$kind;)+

        /// An object with a global id.
        #[derive(Clone, Interface)]
        #[graphql(field(name = "id", ty = "ID", desc = "The global id: opaque, unique and stable."))]
        #[allow(clippy::large_enum_variant)]
        pub enum Node {
            $($(#[$doc])* $kind($kind),)+
        }

        /// The kinds by name, with the functions that find their objects.
        const KINDS: &[(&str, Find)] =
            &[$((stringify!($kind), |request, keys| Box::pin(find::<$kind>(request, keys))),)+];

        /// The schema with descriptions of the pages, whose types come from the library.
        pub fn describe_pages<Q: ObjectType + 'static, M: ObjectType + 'static>(
            builder: SchemaBuilder<Q, M, EmptySubscription>,
        ) -> SchemaBuilder<Q, M, EmptySubscription> {
            builder$($(
                .override_output_type_description::<Pages<$kind>>($page)
                .override_output_type_description::<Edge<String, $kind, EmptyFields>>($edge)
            )?)+
        }
    };
}

// Each kind, where its object is, and its description; if there are lists of it, those of a page and of an edge.
kinds! {
    /// The signed-in person.
    Viewer in viewer;
    /// An account.
    Account in accounts::account => "A page of accounts.", "An account in a list.";
    /// A client's public profile.
    Client in job_posts::client;
    /// A holder of Connects.
    Wallet in connects::wallet => "A page of wallets.", "A wallet in a list.";
    /// A batch of Connects.
    Lot in connects::lot => "A page of lots.", "A lot in a list.";
    /// The change that a history entry made to a lot.
    LotMovement in connects::lot => "A page of movements.", "A movement in a list.";
    /// A history entry.
    HistoryEntry in connects::history => "A page of history entries.", "A history entry in a list.";
    /// A person's cash.
    CashAccount in cash::cash_account;
    /// An entry in the history of a person's cash.
    CashEntry in cash::cash_entry => "A page of cash entries.", "A cash entry in a list.";
    /// A job post.
    JobPost in job_posts::job_post => "A page of job posts.", "A job post in a list.";
    /// A proposal.
    Proposal in proposals::proposal => "A page of proposals.", "A proposal in a list.";
    /// Where client and freelancer talk about a proposal.
    Room in rooms::room => "A page of rooms.", "A room in a list.";
    /// A message in a room.
    Message in rooms::message => "A page of messages.", "A message in a list.";
    /// A freelancer's public profile.
    Freelancer in profiles::freelancer => "A page of freelancers.", "A freelancer in a list.";
    /// A project of the catalog.
    Project in catalog::project => "A page of projects.", "A project in a list.";
    /// An offer.
    Offer in contracts::offer => "A page of offers.", "An offer in a list.";
    /// A contract.
    Contract in contracts::contract => "A page of contracts.", "A contract in a list.";
    /// A milestone of a contract.
    Milestone in contracts::milestone => "A page of milestones.", "A milestone in a list.";
    /// A refund.
    Refund in contracts::refund;
    /// A dispute over a milestone.
    Dispute in contracts::dispute => "A page of disputes.", "A dispute in a list.";
    /// An affiliate.
    Affiliate in affiliates::affiliate => "A page of affiliates.", "An affiliate in a list.";
    /// A link of an affiliate.
    AffiliateLink in affiliates::affiliate_link => "A page of affiliate links.", "An affiliate link in a list.";
    /// What affiliates put on their pages.
    AffiliateCreative in affiliates::creative => "A page of creatives.", "A creative in a list.";
    /// Why a registration may be fraud.
    AffiliateFlag in affiliates::flag => "A page of flags.", "A flag in a list.";
    /// The attribution of a registration.
    Attribution in affiliates::attribution => "A page of attributions.", "An attribution in a list.";
    /// A commission.
    Commission in commissions::commission => "A page of commissions.", "A commission in a list.";
    /// A part of a commission that has locked.
    CommissionLock in commissions::commission => "A page of locked parts of commissions.", "A locked part of a commission in a list.";
    /// To what a person is paid.
    PayoutMethod in payouts::payout_method;
    /// A line of a plan of payouts.
    PayoutPlanLine in payouts::plan => "A page of a plan of payouts.", "A line of a plan of payouts in a list.";
    /// A payout.
    Payout in payouts::payout => "A page of payouts.", "A payout in a list.";
    /// What somebody asks about a document of theirs.
    Ticket in tickets::ticket => "A page of tickets.", "A ticket in a list.";
    /// Something that was written to a ticket.
    TicketMessage in tickets::message => "A page of messages of a ticket.", "A message of a ticket in a list.";
    /// A payment method.
    PaymentMethod in payments::payment_method => "A page of payment methods.", "A payment method in a list.";
    /// A payment.
    Payment in payments::payment => "A page of payments.", "A payment in a list.";
    /// A purchase.
    Purchase in purchases::purchase => "A page of purchases.", "A purchase in a list.";
    /// A promo code.
    PromoCode in promo_codes::promo_code => "A page of promo codes.", "A promo code in a list.";
    /// A use of a promo code.
    PromoRedemption in promo_codes::promo_redemption => "A page of uses of promo codes.", "A use of a promo code in a list.";
    /// A talent badge of a freelancer.
    TalentBadge in talent_badges::talent_badge;
    /// A campaign in which freelancers refer friends.
    ReferralCampaign in referrals::referral_campaign => "A page of campaigns.", "A campaign in a list.";
    /// A freelancer's link in a campaign.
    ReferralLink in referrals::referral_link => "A page of links in campaigns.", "A link in a campaign, in a list.";
    /// A friend whom a freelancer referred.
    Referral in referrals::referral => "A page of referred friends.", "A referred friend in a list.";
    /// A notification.
    Notification in notifications::notification => "A page of notifications.", "A notification in a list.";
    /// A scheduled task.
    Task in schedule::task;
    /// A run of a task.
    TaskRun in schedule::task => "A page of task runs.", "A task run in a list.";
    /// A report of a job post.
    JobPostReport in job_posts::report => "A page of reports.", "A report in a list.";
    /// A version of the policy.
    PolicyVersion in policy_versions::policy_version => "A page of versions of the policy.", "A version of the policy in a list.";
    /// An entry of the audit log.
    AuditEntry in audit::audit_entry => "A page of the audit log.", "An entry of the audit log in a list.";
}

/// The objects of one kind by the texts of their keys.
type Found<'a> = HashMap<&'a str, Node>;

type Find =
    for<'a> fn(&'a Request, Vec<&'a str>) -> Pin<Box<dyn Future<Output = Result<Found<'a>>> + Send + 'a>>;

/// The objects with these ids, in the same order, `None` where there is none that the viewer may see. For each
/// kind, a hundred objects take as many statements as one.
///
/// # Errors
/// A fault of the database.
pub async fn find_all(request: &Request, ids: &[ID]) -> Result<Vec<Option<Node>>> {
    let texts: Vec<_> = ids.iter().map(|id| text_of(id)).collect();
    let asked: Vec<_> = texts.iter().map(|text| text.as_deref()?.split_once(':')).collect();
    let mut found = HashMap::new();
    for (kind, find) in KINDS {
        let keys: Vec<_> = asked.iter().flatten().filter(|id| id.0 == *kind).map(|id| id.1).collect();
        if !keys.is_empty() {
            found.extend(find(request, keys).await?.into_iter().map(|(key, node)| ((*kind, key), node)));
        }
    }
    // A request may name the same id twice.
    Ok(asked.iter().map(|id| found.get(id.as_ref()?).cloned()).collect())
}

/// The objects of kind `K` with these keys that the viewer may see.
async fn find<'a, K: Kind + Into<Node>>(request: &Request, keys: Vec<&'a str>) -> Result<Found<'a>> {
    let asked: Vec<(_, K::Key)> =
        keys.into_iter().filter_map(|text| Some((text, text.parse().ok()?))).collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let keys: Vec<_> = asked.iter().map(|(_, key)| key.clone()).collect();
    let found = K::find(request, &keys).await?.into_iter().map(|object| (object.key(), object.into()));
    let found: HashMap<K::Key, Node> = found.collect();
    Ok(asked.into_iter().filter_map(|(text, key)| Some((text, found.get(&key)?.clone()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entity::ids::{AccountId, WalletId},
        graphql::kit::ids::{Pair, global_id},
    };

    #[test]
    fn what_a_global_id_names_is_read_whole_or_not_at_all() {
        let (wallet, account) = (WalletId::new(), AccountId::new());
        let id = global_id("Wallet", &wallet);
        assert_eq!((Wallet::key_in(&id), Account::key_in(&id)), (Some(wallet), None));
        let moved = Pair(wallet, Pair(1, 2));
        assert_eq!(LotMovement::key_in(&global_id("LotMovement", &moved)), Some(moved));
        let notification = Pair(account, "GRANT:2026-01-01T00:00:00Z".to_owned());
        assert_eq!(Notification::key_in(&global_id("Notification", &notification)), Some(notification));
        assert_eq!(Wallet::key_in(&global_id("Wallet", &Pair(wallet, 1))), None);
        assert_eq!(Lot::key_in(&global_id("Lot", &wallet)), None);
        assert_eq!(Lot::key_in(&global_id("Lot", &Pair(wallet, Pair(1, 1)))), None);
    }
}
