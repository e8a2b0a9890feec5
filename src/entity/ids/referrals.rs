//! Ids of campaigns in which freelancers refer friends.

typed_id! {
    /// A campaign.
    ReferralCampaignId,
    /// The personal link of a freelancer in a campaign.
    ReferralLinkId,
    /// A friend who registered through a link.
    ReferralId,
}
