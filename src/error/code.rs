//! The codes of refusals, as slices give them and as the schema shows them: a new code is one line here.

use async_graphql::Enum;

/// Codes of refusals. Stable: switch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
#[graphql(name = "UserErrorCode")]
pub enum Code {
    /// A value is malformed, too long, too short or out of range.
    InvalidInput,
    /// There is no such object, or the person may not see it.
    NotFound,
    /// The person may not do this.
    NotAllowed,
    /// Nobody is signed in.
    Unauthenticated,
    /// The idempotency key was used with other arguments.
    IdempotencyKeyReused,
    /// Too few spendable Connects (S-2).
    InsufficientConnects,
    /// The price is not the one the person saw (S-2).
    ConnectsPriceChanged,
    /// The freelancer has already sent a proposal to this job post (S-1).
    AlreadyProposed,
    /// The job post takes no proposals (J-2).
    JobPostNotOpen,
    /// The job post is the person's own.
    OwnJobPost,
    /// The person is no client (P-1).
    NotAClient,
    /// The object stands elsewhere in its life than it would have to (J-2, S-5).
    IllegalState,
    /// Somebody else changed the object meanwhile; read it again.
    Conflict,
    /// The person has reported this job post before (J-7).
    AlreadyReported,
    /// The client has appealed before (J-7).
    AlreadyAppealed,
    /// There is no open report or appeal (J-7).
    NothingToDecide,
    /// The time to edit this is over (S-6).
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
    /// The account was closed too short a time ago (P-6).
    TooEarly,
    /// The e-mail address must be verified first.
    EmailNotVerified,
    /// The e-mail address or the password is wrong; which of them is not told.
    InvalidCredentials,
    /// The session has ended, or there never was one.
    SessionEnded,
    /// The mailed token is unknown, used or too old; which of them is not told.
    InvalidToken,
    /// The password is too short, too long, or easily guessed.
    WeakPassword,
    /// Tried too often; `Throttled` says when it may be tried again.
    Throttled,
    /// There is an account with this e-mail address.
    EmailTaken,
    /// Nobody can register from this country (P-5).
    CountryNotSupported,
    /// The membership is on this plan from its next cycle on already (M-8).
    PlanUnchanged,
    /// Sandbox time only moves forward.
    ClockNotForward,
    /// The database lives in system time, which nobody can move.
    NotASandbox,
    /// The machine's clock lies too far beyond the last sign of life; an operator sets or confirms it.
    ClockImplausible,
    /// What is needed is in use at this moment: a task, the clock, the queue of passwords; try again.
    Busy,
}

impl Code {
    /// Whether the same call may succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::InsufficientConnects | Self::Busy | Self::Throttled)
    }
}
