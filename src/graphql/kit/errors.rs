//! How what goes wrong is told: refusals by a rule are data in a payload, everything else is a
//! top-level error with a code.

use async_graphql::{ErrorExtensions, Interface, OutputType, SimpleObject, resolver_utils::EnumType};

use super::{context::Request, scalars::int};
use crate::{
    entity::enums::{JobPostState, ProposalState, Vocabulary},
    error::{self, Code, Error, Facts, Rejection},
};

/// A refusal by a rule, as data.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "code", ty = "&Code", desc = "Stable code."),
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
    IllegalJobPostState(IllegalState<JobPostState>),
    /// A proposal stands elsewhere than it would have to.
    IllegalProposalState(IllegalState<ProposalState>),
    /// Tried too often.
    Throttled(Throttled),
}

/// A type of refusal: the fields that all have, and the facts behind this one.
macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident $(<$state:ident>)? {
        $($(#[$fact_doc:meta])* $fact:ident: $type:ty),* $(,)?
    })+) => {$(
        #[derive(Clone, Debug, SimpleObject)]
        $(#[$meta])*
        pub struct $name $(<$state: EnumType + OutputType>)? {
            /// Stable code.
            code: Code,
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

        impl $(<$state: EnumType + OutputType>)? $name $(<$state>)? {
            fn of(rejection: Rejection, $($fact: $type),*) -> Self {
                Self {
                    code: rejection.code,
                    message: rejection.message,
                    field: (!rejection.field.is_empty()).then_some(rejection.field),
                    rule: rejection.rule.map(str::to_owned),
                    retryable: rejection.code.is_retryable(),
                    $($fact),*
                }
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

    /// An object stands elsewhere in its life than it would have to (J-2, S-5).
    #[graphql(concrete(name = "IllegalJobPostState", params(JobPostState)))]
    #[graphql(concrete(name = "IllegalProposalState", params(ProposalState)))]
    IllegalState<S> {
        /// Where it stands.
        state: S,
        /// Where it would have to stand.
        allowed: Vec<S>,
    }

    /// Tried too often (P-1).
    Throttled {
        /// Seconds to wait before it is tried again.
        retry_after_seconds: i32,
    }
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        match rejection.facts.clone() {
            Facts::None => Refusal::of(rejection).into(),
            Facts::InsufficientConnects { required, available } => {
                InsufficientConnects::of(rejection, int(required), int(available)).into()
            }
            Facts::ConnectsPriceChanged { expected, actual } => {
                ConnectsPriceChanged::of(rejection, int(expected), int(actual)).into()
            }
            Facts::IllegalState(facts) => {
                let shown = STATES.iter().find_map(|state| state(&rejection, &facts));
                shown.unwrap_or_else(|| Refusal::of(rejection).into())
            }
            Facts::Throttled { retry_after_seconds } => {
                Throttled::of(rejection, int(retry_after_seconds)).into()
            }
        }
    }
}

/// What shows an illegal state, if it is of the enum that this is for.
type OfState = fn(&Rejection, &error::IllegalState) -> Option<UserError>;

/// The enums whose states a refusal shows as facts.
const STATES: [OfState; 2] = [of_state::<JobPostState>, of_state::<ProposalState>];

fn of_state<S>(rejection: &Rejection, facts: &error::IllegalState) -> Option<UserError>
where
    S: Vocabulary + EnumType + OutputType,
    IllegalState<S>: Into<UserError>,
{
    let value = |word: &str| S::items().iter().find(|item| item.name == word).map(|item| item.value);
    let state = value(facts.state).filter(|_| facts.of == S::NAME)?;
    let allowed = facts.allowed.iter().filter_map(|word| value(word)).collect();
    Some(IllegalState::of(rejection.clone(), state, allowed).into())
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
