//! The codes of refusals, as slices give them and as the schema shows them: a new code is one line here.

use async_graphql::Enum;

/// The codes of refusals. They are stable, so that clients can switch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(name = "UserErrorCode")]
pub enum Code {
    /// A value is malformed, too long, too short or out of range.
    InvalidInput,
    /// There is no such object, or the person may not see it.
    NotFound,
    /// The person is not allowed to do this.
    NotAllowed,
    /// The person is not signed in.
    Unauthenticated,
    /// The idempotency key was used before with other arguments.
    IdempotencyKeyReused,
    /// There are too few spendable Connects (S-2).
    InsufficientConnects,
    /// The price is not the one that the person saw (S-2).
    ConnectsPriceChanged,
    /// The freelancer has already submitted a proposal to this job post (S-1).
    AlreadyProposed,
    /// The job post does not accept proposals (J-2).
    JobPostNotOpen,
    /// The job post is the person's own.
    OwnJobPost,
    /// The person has no client profile (P-1).
    NotAClient,
    /// The object's state does not allow the request (J-2, S-5, O-1 to O-3).
    IllegalState,
    /// Somebody else changed the object meanwhile; read it again.
    Conflict,
    /// The person has already reported this job post (J-7).
    AlreadyReported,
    /// The client has already appealed (J-7).
    AlreadyAppealed,
    /// There is no open report or appeal (J-7).
    NothingToDecide,
    /// The client has not opened the room with a first message (S-9).
    RoomNotOpen,
    /// The other side has closed their account (P-6).
    RecipientGone,
    /// The time to edit the letter is over (S-6).
    EditWindowClosed,
    /// The person has no freelancer profile.
    NotAFreelancer,
    /// The account is suspended (P-4).
    AccountSuspended,
    /// The account is not suspended.
    NotSuspended,
    /// The account is closed (P-6).
    AccountClosed,
    /// The account is not closed (P-6).
    AccountNotClosed,
    /// The account was closed too recently (P-6).
    TooEarly,
    /// The e-mail address must be verified first.
    EmailNotVerified,
    /// The e-mail address or the password is wrong; the answer does not say which.
    InvalidCredentials,
    /// The session has ended or never existed.
    SessionEnded,
    /// The token from the mail is unknown, used or expired; the answer does not say which.
    InvalidToken,
    /// The password is too short, too long, or easily guessed.
    WeakPassword,
    /// There were too many attempts; `Throttled` says when to try again.
    Throttled,
    /// There is an account with this e-mail address.
    EmailTaken,
    /// Nobody can register from this country (P-5).
    CountryNotSupported,
    /// The membership is already on this plan from its next cycle on (M-8).
    PlanUnchanged,
    /// The payment of the person's upgrade is under way (M-12).
    UpgradePending,
    /// Sandbox time only moves forward.
    ClockNotForward,
    /// The server follows system time, which nobody can advance.
    NotASandbox,
    /// The machine's clock is too far ahead of the last sign of life; an operator must set or confirm it.
    ClockImplausible,
    /// The payment provider knows no such payment method (B-3).
    PaymentMethodInvalid,
    /// The person has no payment method, and too little cash (M-7).
    NoPaymentMethod,
    /// A bank took back a payment of the person, so they cannot buy more (B-4).
    PurchasesFrozen,
    /// The person can buy Connects (B-4).
    PurchasesNotFrozen,
    /// There is no such promo code (B-5).
    PromoCodeUnknown,
    /// The promo code is not valid any more (B-5).
    PromoCodeExpired,
    /// All uses of the promo code are taken (B-5).
    PromoCodeUsedUp,
    /// The person has used the promo code as often as one may (B-5).
    PromoCodeAlreadyUsed,
    /// The promo code is for other people, or for something else (B-5).
    PromoCodeNotApplicable,
    /// There is a promo code of this name already (B-5).
    PromoCodeTaken,
    /// The plan of the person does not include this (M-11).
    PlanRequired,
    /// The address of a profile is another person's (M-11).
    ProfileUrlTaken,
    /// The person has chosen as many addresses for their profile as one may (M-11).
    TooManyProfileUrls,
    /// The freelancer has this badge already (K-1).
    BadgeHeld,
    /// The badge has ended (K-1).
    BadgeEnded,
    /// The person may not refer friends in this campaign (C-1).
    ReferralNotAllowed,
    /// The campaign is over (C-1).
    ReferralCampaignOver,
    /// No reward is kept for the referrer, who is neither suspended nor gone (P-4).
    ReferrerNotBarred,
    /// There is no such referral code (C-2).
    ReferralCodeUnknown,
    /// The person has as many payment methods as one may have.
    TooManyPaymentMethods,
    /// No payment provider is configured.
    PaymentsNotConfigured,
    /// The client's account is suspended or closed, so their offer cannot be accepted (P-4).
    ClientRestricted,
    /// The freelancer's account is suspended or closed, so they cannot be paid now (P-4).
    FreelancerRestricted,
    /// Somebody was hired for this job post, so it cannot be cancelled (T-1).
    JobPostHasContract,
    /// Nobody was hired for this job post, so it cannot be closed (J-2).
    JobPostHasNoContract,
    /// The contract has ended (O-1).
    ContractEnded,
    /// Some of the contract's money is in escrow or on its way there (O-2).
    MoneyInEscrow,
    /// The payment provider does not answer; try again (B-3).
    PaymentProviderUnavailable,
    /// The month is over at whose end the commission locks (F-10).
    CommissionLocking,
    /// The picture cannot be kept now; try again (F-2).
    AssetsUnavailable,
    /// The cash account does not have enough money (O-5).
    InsufficientCash,
    /// There is an open dispute over the milestone (O-2).
    AlreadyDisputed,
    /// It is too late to dispute the milestone (O-2).
    DisputeTooLate,
    /// The freelancer has refunded the milestone as often as they may (O-2).
    TooManyRefunds,
    /// The person has disputed the milestone as often as they may (O-2).
    TooManyDisputes,
    /// An admin has decided a dispute over the milestone already (O-2).
    DisputeDecided,
    /// The freelancer has not answered the client's last direct offer (O-1).
    AlreadyOffered,
    /// The client has hired this freelancer for the job post already (O-1).
    AlreadyHired,
    /// The client has sent as many direct offers as one may send in a day (O-1).
    TooManyOffers,
    /// The client has not paid for another project that they ordered from this freelancer (O-3).
    OrderUnpaid,
    /// The contract is not paid by the hour (O-2).
    ContractNotHourly,
    /// As many invoices as there may be wait for the client (O-2).
    TooManyInvoices,
    /// The price in money is not the one that the person saw (O-3, B-2).
    PriceChanged,
    /// The freelancer has as many projects in the catalog as one may have (O-3).
    TooManyProjects,
    /// The person has contracts that are not over (P-6).
    ContractsActive,
    /// The account has money, owes some, or waits for some, so its data cannot be erased yet (P-6).
    MoneyLeft,
    /// The terms of the affiliate programme have another version by now (F-1).
    TermsChanged,
    /// The person is not an approved affiliate (F-2).
    NotAnAffiliate,
    /// The affiliate has as many links in use as one may have (F-2).
    TooManyLinks,
    /// The person has a ticket on the document that is not closed (F-10).
    TicketOpen,
    /// The person has as many tickets that are not closed as one may have (F-10).
    TooManyTickets,
    /// The person has not said where to pay to (O-4).
    NoPayoutMethod,
    /// What would be paid out is not what was reviewed any more (W-1).
    PayoutPlanChanged,
    /// The plan's total needs the approval of another admin (W-1).
    NeedsSecondAdmin,
    /// Nobody carries out payouts on this server (W-2).
    PayoutsNotConfigured,
    /// Something that is needed is in use at this moment: a task, the clock, or the queue of passwords; try
    /// again.
    Busy,
}

impl Code {
    /// Whether the same request may succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::InsufficientConnects
                | Self::Busy
                | Self::Throttled
                | Self::PaymentProviderUnavailable
                | Self::AssetsUnavailable
        )
    }
}
