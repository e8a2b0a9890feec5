//! The enums that stand in columns, as text.

use sea_orm::{DeriveActiveEnum, EnumIter, sea_query::StringLen};
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are stored, serialised and shown by one and the same word.
macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            Serialize, Deserialize, EnumIter, DeriveActiveEnum,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] #[sea_orm(string_value = $word)] $variant),+
        }

        impl $name {
            /// The word it is stored and shown by.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

text_enum! {
    /// Which time a database lives in.
    ClockKind {
        /// The machine's.
        System = "SYSTEM",
        /// A time that stands still until it is advanced.
        Sandbox = "SANDBOX",
    }
}

text_enum! {
    /// What a row of the Connects history is about (H-7).
    EntryKind {
        /// Welcome gift at the first registration.
        Signup = "SIGNUP",
        /// The free part of a monthly grant (M-4).
        MonthlyFree = "MONTHLY_FREE",
        /// The paid part of a monthly grant (M-4).
        Membership = "MEMBERSHIP",
        /// The free part of an upgrade's first cycle (M-6).
        MembershipProrated = "MEMBERSHIP_PRORATED",
        /// Bought (B-3).
        Purchase = "PURCHASE",
        /// Won by a promo code (B-5).
        Promo = "PROMO",
        /// First Rising Talent badge.
        RisingTalent = "RISING_TALENT",
        /// First skill certification.
        SkillCertification = "SKILL_CERTIFICATION",
        /// Given back for an interview.
        InterviewRefunded = "INTERVIEW_REFUNDED",
        /// Won by an interview.
        InterviewAwarded = "INTERVIEW_AWARDED",
        /// Paid for a proposal (S-2).
        Proposal = "PROPOSAL",
        /// Held for a boost bid.
        BoostBid = "BOOST_BID",
        /// A boost bid given back.
        BoostReturned = "BOOST_RETURNED",
        /// Paid for the availability badge (V-2).
        Badge = "BADGE",
        /// Given back because the client cancelled (T-1).
        ReturnedCancelled = "RETURNED_CANCELLED",
        /// Given back because the post was removed (T-1).
        ReturnedRemoved = "RETURNED_REMOVED",
        /// A return taken back (T-6).
        ReturnReversed = "RETURN_REVERSED",
        /// A year has passed (L-5).
        Expired = "EXPIRED",
        /// Taken back after a charge-back (B-4).
        Chargeback = "CHARGEBACK",
        /// Set right by an admin (H-6).
        Adjustment = "ADJUSTMENT",
    }
}

text_enum! {
    /// What kind of document caused an entry.
    DocumentKind {
        /// The registration of a freelancer profile.
        Registration = "REGISTRATION",
        /// A billing cycle, by its first day.
        Cycle = "CYCLE",
        /// A proposal, by its id.
        Proposal = "PROPOSAL",
        /// A lot, by its number in the wallet.
        Lot = "LOT",
    }
}

text_enum! {
    /// A membership plan (M-1).
    Plan {
        /// Free of charge; every freelancer's default.
        Basic = "BASIC",
        /// Paid, with more Connects and perks.
        Plus = "PLUS",
    }
}

text_enum! {
    /// One of the eight top categories (J-1).
    Category {
        /// Design.
        Design = "DESIGN",
        /// Video and audio.
        VideoAndAudio = "VIDEO_AND_AUDIO",
        /// Development and IT.
        DevelopmentAndIt = "DEVELOPMENT_AND_IT",
        /// Marketing.
        Marketing = "MARKETING",
        /// Writing and translation.
        WritingAndTranslation = "WRITING_AND_TRANSLATION",
        /// Admin and customer support.
        AdminAndCustomerSupport = "ADMIN_AND_CUSTOMER_SUPPORT",
        /// Consulting and HR.
        ConsultingAndHr = "CONSULTING_AND_HR",
        /// Lifestyle.
        Lifestyle = "LIFESTYLE",
    }
}

text_enum! {
    /// How a job is paid (J-1).
    Payment {
        /// One price for all.
        Fixed = "FIXED",
        /// By the hour.
        Hourly = "HOURLY",
    }
}

text_enum! {
    /// Experience that a client asks for (J-1).
    ExperienceLevel {
        /// New to the field.
        Entry = "ENTRY",
        /// Some years in it.
        Intermediate = "INTERMEDIATE",
        /// A master of it.
        Expert = "EXPERT",
    }
}

text_enum! {
    /// Who may see a job post (J-1).
    Visibility {
        /// Everyone.
        Public = "PUBLIC",
        /// Those whom the client invites.
        InviteOnly = "INVITE_ONLY",
        /// Members of the client's Talent Cloud.
        TalentCloud = "TALENT_CLOUD",
    }
}

text_enum! {
    /// Where a job post stands (J-2).
    JobPostState {
        /// Not published.
        Draft = "DRAFT",
        /// Takes proposals.
        Open = "OPEN",
        /// All hires are made.
        Filled = "FILLED",
        /// Closed by the client after a hire.
        Closed = "CLOSED",
        /// Cancelled by the client, no contract ever.
        Cancelled = "CANCELLED",
        /// No activity for too long.
        Expired = "EXPIRED",
        /// Taken down for a violation.
        Removed = "REMOVED",
    }
}

text_enum! {
    /// Where a proposal stands (S-5).
    ProposalState {
        /// Sent.
        Submitted = "SUBMITTED",
        /// Turned down by the client.
        Declined = "DECLINED",
        /// Taken back by the freelancer.
        Withdrawn = "WITHDRAWN",
        /// The job ended without it.
        Archived = "ARCHIVED",
    }
}

text_enum! {
    /// What is wrong with a job post (J-7).
    ReportReason {
        /// Not a job, or one that does not exist.
        Spam = "SPAM",
        /// Asks for free work, money, or contact outside.
        Fraud = "FRAUD",
        /// Offends or discriminates.
        Offensive = "OFFENSIVE",
        /// Asks for something that is not allowed.
        Prohibited = "PROHIBITED",
        /// Something else, said in the comment.
        Other = "OTHER",
    }
}

text_enum! {
    /// Where a report stands (J-7).
    ReportState {
        /// In the queue.
        Open = "OPEN",
        /// The post was taken down.
        Upheld = "UPHELD",
        /// The post stays.
        Dismissed = "DISMISSED",
    }
}

text_enum! {
    /// What a notification is about (N-1).
    NotificationKind {
        /// A cycle's Connects were issued (M-5).
        ConnectsGranted = "CONNECTS_GRANTED",
        /// Connects are about to expire (L-6).
        ConnectsExpiring = "CONNECTS_EXPIRING",
        /// A proposal came in for a job post of the client.
        ProposalReceived = "PROPOSAL_RECEIVED",
        /// The client turned the proposal down.
        ProposalDeclined = "PROPOSAL_DECLINED",
        /// The freelancer took the proposal back.
        ProposalWithdrawn = "PROPOSAL_WITHDRAWN",
        /// The Connects of a proposal came back, because its job was cancelled or taken down (T-1).
        ConnectsReturned = "CONNECTS_RETURNED",
        /// The job ended without the proposal.
        ProposalArchived = "PROPOSAL_ARCHIVED",
        /// The client's job post expires soon (J-4).
        JobPostExpiring = "JOB_POST_EXPIRING",
        /// The client's job post has expired (J-4).
        JobPostExpired = "JOB_POST_EXPIRED",
        /// The client's job post was taken down (J-7).
        JobPostRemoved = "JOB_POST_REMOVED",
        /// What became of a report (J-7).
        ReportDecided = "REPORT_DECIDED",
        /// What became of an appeal (J-7).
        AppealAnswered = "APPEAL_ANSWERED",
    }
}

text_enum! {
    /// What set a task run off.
    Trigger {
        /// The timetable.
        Cron = "CRON",
        /// The timetable, for what fell due while no process ran.
        CatchUp = "CATCH_UP",
        /// An admin, over the API.
        Manual = "MANUAL",
        /// A one-shot command.
        Command = "COMMAND",
    }
}

text_enum! {
    /// How a task run ended.
    RunOutcome {
        /// It has not ended.
        Running = "RUNNING",
        /// All that was due is done.
        Succeeded = "SUCCEEDED",
        /// An error stopped it; what its finished batches did stands.
        Failed = "FAILED",
        /// Its process was asked to stop; the next run goes on where it stood.
        Interrupted = "INTERRUPTED",
        /// Its process died; the next run goes on where it stood.
        Crashed = "CRASHED",
    }
}

text_enum! {
    /// Why a person cannot spend, be granted or be paid for a time (P-4).
    RestrictionKind {
        /// Suspended.
        Suspended = "SUSPENDED",
        /// Suspended for fraud: a client's posts were removed.
        Fraud = "FRAUD",
        /// The person closed the account (P-6).
        Closed = "CLOSED",
    }
}

text_enum! {
    /// What a person is on the marketplace (P-1).
    Profile {
        /// Has a wallet and sends proposals.
        Freelancer = "FREELANCER",
        /// Posts jobs.
        Client = "CLIENT",
    }
}

text_enum! {
    /// What a person may be beside freelancer and client (P-1).
    Role {
        /// May do everything.
        Admin = "ADMIN",
        /// Helps people: sees accounts, suspends and reinstates them.
        Support = "SUPPORT",
        /// Sees everything operational and changes nothing.
        Auditor = "AUDITOR",
    }
}

text_enum! {
    /// Why a session ended before its time.
    SessionEnd {
        /// The person signed out.
        SignOut = "SIGN_OUT",
        /// All sessions of the person were ended.
        SignOutEverywhere = "SIGN_OUT_EVERYWHERE",
        /// The password was changed or reset.
        Password = "PASSWORD",
        /// A refresh token that had been used came again.
        Reuse = "REUSE",
        /// The account was closed.
        Closed = "CLOSED",
    }
}

text_enum! {
    /// What a mailed token is good for.
    TokenPurpose {
        /// Proves that the e-mail address is the person's.
        VerifyEmail = "VERIFY_EMAIL",
        /// Sets a new password.
        ResetPassword = "RESET_PASSWORD",
    }
}

text_enum! {
    /// What may only be tried so often; in the order in which it is counted, source addresses first.
    AttemptKind {
        /// Guessing passwords from one address.
        GuessFrom = "GUESS_FROM",
        /// Registering from one address.
        RegisterFrom = "REGISTER_FROM",
        /// Having mail sent from one address.
        MailFrom = "MAIL_FROM",
        /// Guessing an account's password.
        Guess = "GUESS",
        /// Having mail sent to one e-mail address.
        Mail = "MAIL",
    }
}

text_enum! {
    /// What a mail is about.
    MailKind {
        /// Proves that the e-mail address is the person's.
        VerifyEmail = "VERIFY_EMAIL",
        /// Sets a new password.
        ResetPassword = "RESET_PASSWORD",
        /// Somebody registered with an address that has an account.
        AlreadyRegistered = "ALREADY_REGISTERED",
        /// The password was changed or reset.
        PasswordChanged = "PASSWORD_CHANGED",
        /// The account was closed (P-6).
        AccountClosed = "ACCOUNT_CLOSED",
    }
}

text_enum! {
    /// What a row of the audit log is about.
    AuditAction {
        /// An operator registered a person by command.
        RegisteredByCommand = "REGISTERED_BY_COMMAND",
        /// A person got a role.
        RoleGranted = "ROLE_GRANTED",
        /// A person lost a role.
        RoleRevoked = "ROLE_REVOKED",
        /// An account was suspended (P-4).
        AccountSuspended = "ACCOUNT_SUSPENDED",
        /// A suspension was lifted (P-4).
        AccountReinstated = "ACCOUNT_REINSTATED",
        /// A person closed his account (P-6).
        AccountClosed = "ACCOUNT_CLOSED",
        /// A person opened his account again (P-6).
        AccountReopened = "ACCOUNT_REOPENED",
        /// A person had his personal data replaced by a pseudonym (P-6).
        AccountErased = "ACCOUNT_ERASED",
        /// An admin changed a membership plan (M-8).
        PlanChanged = "PLAN_CHANGED",
        /// All sessions of a person were ended.
        SignedOutEverywhere = "SIGNED_OUT_EVERYWHERE",
        /// A person changed his password.
        PasswordChanged = "PASSWORD_CHANGED",
        /// A person set a new password by mail.
        PasswordReset = "PASSWORD_RESET",
        /// An e-mail address was verified.
        EmailVerified = "EMAIL_VERIFIED",
        /// A refresh token that had been used came again, and its session was ended.
        RefreshTokenReused = "REFRESH_TOKEN_REUSED",
        /// A job post was taken down, and what it had cost went back (J-7, T-1).
        JobPostRemoved = "JOB_POST_REMOVED",
        /// A job post was made free of charge, or got its price again (J-3).
        JobPostPriceSet = "JOB_POST_PRICE_SET",
        /// The reports of a job post were dismissed (J-7).
        ReportsDismissed = "REPORTS_DISMISSED",
        /// An appeal against a removal was answered (J-7).
        AppealAnswered = "APPEAL_ANSWERED",
        /// A task was paused.
        TaskPaused = "TASK_PAUSED",
        /// A task was resumed.
        TaskResumed = "TASK_RESUMED",
        /// A task was run because an admin asked for it.
        TaskRun = "TASK_RUN",
        /// The sandbox clock was advanced.
        ClockAdvanced = "CLOCK_ADVANCED",
    }
}
