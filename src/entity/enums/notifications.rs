//! What people are notified of.

use super::text_enum;

text_enum! {
    /// The subject of a notification (N-1).
    NotificationKind {
        /// The Connects of a billing cycle were issued (M-5).
        ConnectsGranted = "CONNECTS_GRANTED",
        /// A plan began (M-6).
        PlanBegun = "PLAN_BEGUN",
        /// A cycle of a plan is paid (M-7).
        PlanRenewed = "PLAN_RENEWED",
        /// A cycle of a plan could not be paid, and the person is on the free plan (M-7).
        PlanNotRenewed = "PLAN_NOT_RENEWED",
        /// Months of a plan were given to the person (M-13).
        PlanMonthsGiven = "PLAN_MONTHS_GIVEN",
        /// Connects that were bought are paid (B-3).
        ConnectsBought = "CONNECTS_BOUGHT",
        /// The payment for Connects failed (B-3).
        PurchaseFailed = "PURCHASE_FAILED",
        /// A bank took back the payment for Connects (B-4).
        PurchaseChargedBack = "PURCHASE_CHARGED_BACK",
        /// A bank gave back what it had taken of the payment for Connects (B-4).
        PurchaseRestored = "PURCHASE_RESTORED",
        /// Connects are about to expire (L-6).
        ConnectsExpiring = "CONNECTS_EXPIRING",
        /// The client received a proposal for a job post.
        ProposalReceived = "PROPOSAL_RECEIVED",
        /// The client declined the proposal (S-5).
        ProposalDeclined = "PROPOSAL_DECLINED",
        /// The freelancer withdrew the proposal (S-5).
        ProposalWithdrawn = "PROPOSAL_WITHDRAWN",
        /// The other side wrote a message about a proposal (S-9).
        MessageReceived = "MESSAGE_RECEIVED",
        /// The client ordered a project from the catalog (O-3).
        ProjectOrdered = "PROJECT_ORDERED",
        /// Connects that had been refunded were taken back, because the cancelled job went on (T-6).
        ReturnReversed = "RETURN_REVERSED",
        /// The freelancer invoiced hours (O-2).
        InvoiceReceived = "INVOICE_RECEIVED",
        /// The client offered a contract (O-1).
        OfferReceived = "OFFER_RECEIVED",
        /// The freelancer accepted the offer (O-1).
        OfferAccepted = "OFFER_ACCEPTED",
        /// The freelancer declined the offer (O-1).
        OfferDeclined = "OFFER_DECLINED",
        /// The client withdrew the offer, or its job post ended (O-1).
        OfferWithdrawn = "OFFER_WITHDRAWN",
        /// Nobody answered the offer in time (O-1).
        OfferExpired = "OFFER_EXPIRED",
        /// The client funded a milestone (O-2).
        MilestoneFunded = "MILESTONE_FUNDED",
        /// The client released a milestone (O-2).
        MilestoneReleased = "MILESTONE_RELEASED",
        /// The freelancer refunded a milestone or a part of it (O-2).
        MilestoneRefunded = "MILESTONE_REFUNDED",
        /// A refund could not be paid to the payment method, and is in the cash account (O-2).
        RefundInCash = "REFUND_IN_CASH",
        /// The other side opened a dispute over a milestone (O-2).
        DisputeOpened = "DISPUTE_OPENED",
        /// A dispute was withdrawn by the side that had opened it (O-2).
        DisputeWithdrawn = "DISPUTE_WITHDRAWN",
        /// An admin decided a dispute (O-2).
        DisputeDecided = "DISPUTE_DECIDED",
        /// A bank took back a client's payment (O-5).
        PaymentChargedBack = "PAYMENT_CHARGED_BACK",
        /// A bank gave back what it had taken of a client's payment (O-5).
        ChargeBackWon = "CHARGE_BACK_WON",
        /// The other side ended the contract (O-1).
        ContractEnded = "CONTRACT_ENDED",
        /// The payment for a milestone failed (O-2).
        PaymentFailed = "PAYMENT_FAILED",
        /// The Connects of a proposal were refunded, because its job post was cancelled or removed (T-1).
        ConnectsReturned = "CONNECTS_RETURNED",
        /// The proposal was archived, because its job post ended (S-5).
        ProposalArchived = "PROPOSAL_ARCHIVED",
        /// The client's job post expires soon (J-4).
        JobPostExpiring = "JOB_POST_EXPIRING",
        /// The client's job post has expired (J-4).
        JobPostExpired = "JOB_POST_EXPIRED",
        /// The client's job post was removed (J-7).
        JobPostRemoved = "JOB_POST_REMOVED",
        /// A report that the person made was decided (J-7).
        ReportDecided = "REPORT_DECIDED",
        /// An admin decided about the affiliate (F-1).
        AffiliateDecided = "AFFILIATE_DECIDED",
        /// A new client brought the affiliate a commission (F-5).
        CommissionRecorded = "COMMISSION_RECORDED",
        /// Nothing, or nothing more, of a commission is earned (F-6).
        CommissionEnded = "COMMISSION_ENDED",
        /// Nothing of a commission locked, because it is under review or disputed (F-8, F-10).
        CommissionPostponed = "COMMISSION_POSTPONED",
        /// Where the person's payouts go was changed (W-4).
        PayoutMethodChanged = "PAYOUT_METHOD_CHANGED",
        /// A payout is on its way (W-1).
        PayoutSent = "PAYOUT_SENT",
        /// A payout failed (W-1).
        PayoutFailed = "PAYOUT_FAILED",
        /// Support answered a ticket (F-10).
        TicketAnswered = "TICKET_ANSWERED",
        /// Support closed a ticket (F-10).
        TicketClosed = "TICKET_CLOSED",
        /// The freelancer was awarded a talent badge (K-1).
        TalentBadgeAwarded = "TALENT_BADGE_AWARDED",
        /// The freelancer may refer friends in a campaign (C-2).
        ReferralInvited = "REFERRAL_INVITED",
        /// The freelancer may still refer friends (C-2).
        ReferralReminded = "REFERRAL_REMINDED",
        /// A friend registered through the freelancer's link (C-2).
        FriendRegistered = "FRIEND_REGISTERED",
        /// A friend has earned enough for a reward (C-3).
        ReferralQualified = "REFERRAL_QUALIFIED",
        /// So much of what a friend earned was refunded that no reward is reserved any more (C-5).
        ReferralFallen = "REFERRAL_FALLEN",
        /// The reward for a friend is in the cash account (C-4).
        ReferralPaid = "REFERRAL_PAID",
        /// There is no reward for a friend (C-3).
        ReferralEnded = "REFERRAL_ENDED",
        /// The client's appeal against a removal was answered (J-7).
        AppealAnswered = "APPEAL_ANSWERED",
    }
}
