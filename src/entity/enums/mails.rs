//! Mails.

use super::text_enum;

text_enum! {
    /// The subject of a mail.
    MailKind {
        /// Carries a token that verifies the e-mail address.
        VerifyEmail = "VERIFY_EMAIL",
        /// Carries a token that sets a new password.
        ResetPassword = "RESET_PASSWORD",
        /// Somebody tried to register with the address of an existing account.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// The password was changed or reset.
        PasswordChanged = "PASSWORD_CHANGED",
        /// Where payouts go was changed (W-4).
        PayoutMethodChanged = "PAYOUT_METHOD_CHANGED",
        /// The account was closed (P-6).
        AccountClosed = "ACCOUNT_CLOSED",
        /// A freelancer may refer friends in a campaign (C-2).
        ReferralInvitation = "REFERRAL_INVITATION",
        /// A freelancer who may refer friends is reminded, once (C-2).
        ReferralReminder = "REFERRAL_REMINDER",
    }
}

text_enum! {
    /// A topic of mails that people can do without.
    MailTopic {
        /// Campaigns in which freelancers refer friends (C-1).
        ReferralCampaigns = "REFERRAL_CAMPAIGNS",
    }
}
