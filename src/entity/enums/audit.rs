//! The audit log.

use super::text_enum;

text_enum! {
    /// The kind of action that an entry of the audit log records.
    AuditAction {
        /// An operator registered a person from the command line.
        RegisteredByCommand = "REGISTERED_BY_COMMAND",
        /// A role was granted to a person (P-1).
        RoleGranted = "ROLE_GRANTED",
        /// A role was revoked from a person (P-1).
        RoleRevoked = "ROLE_REVOKED",
        /// An account was suspended (P-4).
        AccountSuspended = "ACCOUNT_SUSPENDED",
        /// A suspension was lifted (P-4).
        AccountReinstated = "ACCOUNT_REINSTATED",
        /// A person closed their account (P-6).
        AccountClosed = "ACCOUNT_CLOSED",
        /// A person reopened their account (P-6).
        AccountReopened = "ACCOUNT_REOPENED",
        /// A person's personal data was replaced by a pseudonym (P-6).
        AccountErased = "ACCOUNT_ERASED",
        /// An admin changed a membership plan (M-8).
        PlanChanged = "PLAN_CHANGED",
        /// An admin gave months of a plan (M-13).
        PlanMonthsGiven = "PLAN_MONTHS_GIVEN",
        /// An admin or an operator wrote a version of the policy.
        PolicyChanged = "POLICY_CHANGED",
        /// An admin let a person buy Connects again after a charge-back (B-4).
        PurchasesUnfrozen = "PURCHASES_UNFROZEN",
        /// An admin made promo codes (B-5).
        PromoCodesCreated = "PROMO_CODES_CREATED",
        /// An admin ended a promo code, or said when it ends (B-5).
        PromoCodeEnded = "PROMO_CODE_ENDED",
        /// An admin awarded a talent badge (K-1).
        TalentBadgeAwarded = "TALENT_BADGE_AWARDED",
        /// An admin ended a talent badge (K-1).
        TalentBadgeEnded = "TALENT_BADGE_ENDED",
        /// An admin made a campaign in which freelancers refer friends (C-1).
        ReferralCampaignCreated = "REFERRAL_CAMPAIGN_CREATED",
        /// An admin ended such a campaign (C-1).
        ReferralCampaignEnded = "REFERRAL_CAMPAIGN_ENDED",
        /// An admin decided that a referrer gets no reward (P-4).
        ReferralForfeited = "REFERRAL_FORFEITED",
        /// All sessions of a person were ended.
        SignedOutEverywhere = "SIGNED_OUT_EVERYWHERE",
        /// A person changed their password.
        PasswordChanged = "PASSWORD_CHANGED",
        /// A person set a new password with a token sent by mail.
        PasswordReset = "PASSWORD_RESET",
        /// An e-mail address was verified.
        EmailVerified = "EMAIL_VERIFIED",
        /// A used refresh token was presented again, and its session was ended.
        RefreshTokenReused = "REFRESH_TOKEN_REUSED",
        /// A job post was removed, and the Connects spent on it were refunded (J-7, T-1).
        JobPostRemoved = "JOB_POST_REMOVED",
        /// A job post was made free of charge, or its price was restored (J-3).
        JobPostPriceSet = "JOB_POST_PRICE_SET",
        /// The reports of a job post were dismissed (J-7).
        ReportsDismissed = "REPORTS_DISMISSED",
        /// A dispute over a milestone was decided (O-2).
        DisputeDecided = "DISPUTE_DECIDED",
        /// An appeal against a removal was answered (J-7).
        AppealAnswered = "APPEAL_ANSWERED",
        /// An admin decided on an affiliate (F-1).
        AffiliateDecided = "AFFILIATE_DECIDED",
        /// An admin decided whether a registration is fraud (F-8).
        AffiliateFlagDecided = "AFFILIATE_FLAG_DECIDED",
        /// An admin published a creative (F-2).
        CreativePublished = "CREATIVE_PUBLISHED",
        /// An admin revised a creative (F-2).
        CreativeRevised = "CREATIVE_REVISED",
        /// An admin retired a creative (F-2).
        CreativeRetired = "CREATIVE_RETIRED",
        /// Support closed a ticket (F-10).
        TicketClosed = "TICKET_CLOSED",
        /// A person changed where their payouts go (W-4).
        PayoutMethodSet = "PAYOUT_METHOD_SET",
        /// An admin approved a plan of payouts (W-1).
        PayoutPlanApproved = "PAYOUT_PLAN_APPROVED",
        /// An admin had a plan of payouts carried out (W-1).
        PayoutPlanApplied = "PAYOUT_PLAN_APPLIED",
        /// An operator imported what a bank or PayPal answered to a file of payouts (W-2).
        PayoutAnswerImported = "PAYOUT_ANSWER_IMPORTED",
        /// An operator noted that a bank has carried out a batch of payouts (W-2).
        PayoutBatchConfirmed = "PAYOUT_BATCH_CONFIRMED",
        /// An operator noted that the file of a batch of payouts was refused (W-2).
        PayoutBatchRefused = "PAYOUT_BATCH_REFUSED",
        /// The secret was changed: all keys were wrapped under a new one.
        KeysRewrapped = "KEYS_REWRAPPED",
        /// A new key took the place of one that signs.
        KeyRotated = "KEY_ROTATED",
        /// A key was deleted because nothing that it signed was valid any more.
        KeyRetired = "KEY_RETIRED",
        /// A task was paused.
        TaskPaused = "TASK_PAUSED",
        /// A task was resumed.
        TaskResumed = "TASK_RESUMED",
        /// An admin ran a task.
        TaskRun = "TASK_RUN",
        /// The sandbox clock was advanced.
        ClockAdvanced = "CLOCK_ADVANCED",
    }
}
