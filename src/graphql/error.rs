//! How what goes wrong is told: refusals by a rule are data in a payload, everything else is a
//! top-level error with a code.

use async_graphql::{Enum, ErrorExtensions, Interface, SimpleObject};

use super::{context::Request, job_post::JobPostState, proposal::ProposalState, scalars::int};
use crate::error::{Code, Error, Facts, Rejection};

/// Codes of refusals. Stable: switch on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "UserErrorCode", remote = "Code")]
pub enum UserErrorCode {
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

/// A refusal by a rule, as data.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "code", ty = "&UserErrorCode", desc = "Stable code."),
    field(
        name = "message",
        ty = "&String",
        desc = "One sentence to a person: what is wrong and what to do."
    ),
    field(
        name = "field",
        ty = "&Option<Vec<String>>",
        desc = "Path of the input field, if one is at fault."
    ),
    field(name = "rule", ty = "&Option<String>", desc = "The rule that decided, such as `S-2`."),
    field(name = "retryable", ty = "&bool", desc = "Whether the same call may succeed later.")
)]
pub enum UserError {
    /// A refusal whose code says it all.
    Refusal(Refusal),
    /// Too few spendable Connects.
    InsufficientConnects(InsufficientConnects),
    /// The price is not the one the person saw.
    ConnectsPriceChanged(ConnectsPriceChanged),
    /// A job post stands elsewhere than it would have to.
    IllegalJobPostState(IllegalJobPostState),
    /// A proposal stands elsewhere than it would have to.
    IllegalProposalState(IllegalProposalState),
    /// Tried too often.
    Throttled(Throttled),
}

/// A type of refusal: the fields that all have, and the facts behind this one.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fact_doc:meta])* $fact:ident: $type:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, SimpleObject)]
        pub struct $name {
            /// Stable code.
            code: UserErrorCode,
            /// One sentence to a person: what is wrong and what to do.
            message: String,
            /// Path of the input field, if one is at fault.
            field: Option<Vec<String>>,
            /// The rule that decided, such as `S-2`.
            rule: Option<String>,
            /// Whether the same call may succeed later.
            retryable: bool,
            $($(#[$fact_doc])* $fact: $type,)*
        }

        impl $name {
            fn of(rejection: Rejection, $($fact: $type),*) -> UserError {
                UserError::$name(Self {
                    code: rejection.code.into(),
                    message: rejection.message,
                    field: (!rejection.field.is_empty()).then_some(rejection.field),
                    rule: rejection.rule.map(str::to_owned),
                    retryable: rejection.code.is_retryable(),
                    $($fact),*
                })
            }
        }
    )+};
}

refusals! {
    /// A refusal whose code says it all.
    Refusal {}

    /// Too few spendable Connects (S-2).
    InsufficientConnects {
        /// Connects needed.
        required: i32,
        /// Connects that can be spent.
        available: i32,
    }

    /// The price is not the one the person saw (S-2).
    ConnectsPriceChanged {
        /// Price that the person saw, in Connects.
        expected: i32,
        /// Price now, in Connects.
        actual: i32,
    }

    /// A job post stands elsewhere than it would have to (J-2).
    IllegalJobPostState {
        /// Where it stands.
        state: JobPostState,
        /// Where it would have to stand.
        allowed: Vec<JobPostState>,
    }

    /// A proposal stands elsewhere than it would have to (S-5).
    IllegalProposalState {
        /// Where it stands.
        state: ProposalState,
        /// Where it would have to stand.
        allowed: Vec<ProposalState>,
    }

    /// Tried too often (P-1).
    Throttled {
        /// Seconds to wait before it is tried again.
        retry_after_seconds: i32,
    }
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        match rejection.facts {
            Facts::None => Refusal::of(rejection),
            Facts::InsufficientConnects { required, available } => {
                InsufficientConnects::of(rejection, int(required), int(available))
            }
            Facts::ConnectsPriceChanged { expected, actual } => {
                ConnectsPriceChanged::of(rejection, int(expected), int(actual))
            }
            Facts::JobPostState { state, allowed } => {
                let allowed = allowed.iter().map(|&state| state.into()).collect();
                IllegalJobPostState::of(rejection, state.into(), allowed)
            }
            Facts::ProposalState { state, allowed } => {
                let allowed = allowed.iter().map(|&state| state.into()).collect();
                IllegalProposalState::of(rejection, state.into(), allowed)
            }
            Facts::Throttled { retry_after_seconds } => Throttled::of(rejection, int(retry_after_seconds)),
        }
    }
}

/// What a mutation's use case answered, or the list of refusals of its payload.
///
/// # Errors
/// Faults, and refusals for want of a signed-in person, which are top-level errors.
pub fn payload<T>(
    request: &Request,
    outcome: Result<T, Error>,
) -> async_graphql::Result<Result<T, Vec<UserError>>> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Rejected(rejection)) if rejection.code != Code::Unauthenticated => {
            Ok(Err(vec![rejection.into()]))
        }
        Err(error) => Err(top_level(request, error)),
    }
}

/// An error as a top-level one: a refusal shows its sentence, a fault is logged once and masked.
pub fn top_level(request: &Request, error: Error) -> async_graphql::Error {
    let (code, message) = match error {
        Error::Rejected(rejection) => (code_of(rejection.code), rejection.message),
        Error::Fault(fault) => match fault.advice() {
            Some(advice) => ("SERVICE_UNAVAILABLE", advice),
            None => {
                tracing::error!(request_id = request.id, %fault, "a request failed");
                let sentence =
                    format!("Something went wrong here; ask support about request {}.", request.id);
                ("INTERNAL_SERVER_ERROR", sentence)
            }
        },
    };
    coded(code, message)
}

/// A top-level error with a code.
pub fn coded(code: &'static str, message: impl Into<String>) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

fn code_of(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::NotAllowed => "FORBIDDEN",
        Code::NotFound => "NOT_FOUND",
        Code::Busy => "SERVICE_UNAVAILABLE",
        Code::Throttled => "THROTTLED",
        _ => "BAD_USER_INPUT",
    }
}
