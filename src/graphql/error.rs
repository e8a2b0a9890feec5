//! How what goes wrong is told: refusals by a rule are data in a payload, everything else is a
//! top-level error with a code.

use async_graphql::{Enum, ErrorExtensions, Interface, SimpleObject};

use super::{context::Request, scalars::int};
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
    /// The person has no freelancer profile.
    NotAFreelancer,
    /// The account is suspended (P-4).
    AccountSuspended,
    /// The account is not suspended.
    NotSuspended,
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
    /// The task is running, or the clock is being advanced, elsewhere.
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
    /// Tried too often.
    Throttled(Throttled),
}

/// A refusal whose code says it all.
#[derive(Clone, Debug, SimpleObject)]
pub struct Refusal {
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
}

/// Too few spendable Connects (S-2).
#[derive(Clone, Debug, SimpleObject)]
pub struct InsufficientConnects {
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
    /// Connects needed.
    required: i32,
    /// Connects that can be spent.
    available: i32,
}

/// The price is not the one the person saw (S-2).
#[derive(Clone, Debug, SimpleObject)]
pub struct ConnectsPriceChanged {
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
    /// Price that the person saw, in Connects.
    expected: i32,
    /// Price now, in Connects.
    actual: i32,
}

/// Tried too often (P-1).
#[derive(Clone, Debug, SimpleObject)]
pub struct Throttled {
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
    /// Seconds to wait before it is tried again.
    retry_after_seconds: i32,
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        let code = rejection.code.into();
        let message = rejection.message;
        let field = (!rejection.field.is_empty()).then_some(rejection.field);
        let rule = rejection.rule.map(str::to_owned);
        let retryable = rejection.code.is_retryable();
        match rejection.facts {
            Facts::None => Self::Refusal(Refusal { code, message, field, rule, retryable }),
            Facts::InsufficientConnects { required, available } => {
                let (required, available) = (int(required), int(available));
                Self::InsufficientConnects(InsufficientConnects {
                    code,
                    message,
                    field,
                    rule,
                    retryable,
                    required,
                    available,
                })
            }
            Facts::ConnectsPriceChanged { expected, actual } => {
                let (expected, actual) = (int(expected), int(actual));
                Self::ConnectsPriceChanged(ConnectsPriceChanged {
                    code,
                    message,
                    field,
                    rule,
                    retryable,
                    expected,
                    actual,
                })
            }
            Facts::Throttled { retry_after_seconds } => {
                let retry_after_seconds = int(retry_after_seconds);
                Self::Throttled(Throttled { code, message, field, rule, retryable, retry_after_seconds })
            }
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
        Error::Fault(fault @ (crate::error::Fault::TimedOut(_) | crate::error::Fault::Busy(_))) => {
            ("SERVICE_UNAVAILABLE", format!("This did not go through: {fault}. Try again later."))
        }
        Error::Fault(fault) => {
            tracing::error!(request_id = request.id, %fault, "a request failed");
            (
                "INTERNAL_SERVER_ERROR",
                format!("Something went wrong here; ask support about request {}.", request.id),
            )
        }
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
        Code::Busy | Code::Throttled => "SERVICE_UNAVAILABLE",
        _ => "BAD_USER_INPUT",
    }
}
