//! Campaigns in which freelancers refer friends.

use super::text_enum;

text_enum! {
    /// How a referral stands (C-3).
    ReferralState {
        /// The friend has yet to earn what the campaign asks for.
        Open = "OPEN",
        /// The friend has earned it, and the campaign's budget is used up; it waits until some of it is free again.
        Waiting = "WAITING",
        /// The friend has earned it, and the reward is reserved.
        Qualified = "QUALIFIED",
        /// The reward is in the referrer's cash account.
        Paid = "PAID",
        /// There is no reward.
        Ended = "ENDED",
    }
}

text_enum! {
    /// Why there is no reward for a referral (C-3).
    ReferralReason {
        /// The person registered without a freelancer profile.
        NotAFreelancer = "NOT_A_FREELANCER",
        /// The person has or had another account.
        KnownPerson = "KNOWN_PERSON",
        /// The friend shares person, household, organisation or payment with the referrer.
        Related = "RELATED",
        /// The campaign was not open when the person registered.
        CampaignClosed = "CAMPAIGN_CLOSED",
        /// The referrer was suspended, or had closed their account, when the person registered.
        ReferrerBarred = "REFERRER_BARRED",
        /// The friend did not earn enough before the deadline, or some of it was refunded.
        NotReached = "NOT_REACHED",
        /// The campaign's budget was used up by friends who came first.
        BudgetUsedUp = "BUDGET_USED_UP",
        /// An admin decided that a suspended or former referrer gets nothing (P-4).
        Forfeited = "FORFEITED",
    }
}

text_enum! {
    /// What keeps a person from referring friends in a campaign (C-1).
    ReferralObstacle {
        /// The campaign has not opened, or is over.
        CampaignClosed = "CAMPAIGN_CLOSED",
        /// The person has no freelancer profile.
        NotAFreelancer = "NOT_A_FREELANCER",
        /// The person is in another country.
        OtherCountry = "OTHER_COUNTRY",
        /// The person does not have the badge that is needed.
        BadgeMissing = "BADGE_MISSING",
        /// The person does not want mails about campaigns.
        MailsUnwanted = "MAILS_UNWANTED",
        /// The e-mail address is not verified.
        EmailUnverified = "EMAIL_UNVERIFIED",
    }
}
