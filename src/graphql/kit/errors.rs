//! How errors are shown: a refusal by a rule is data in a payload, everything else is a top-level error with a
//! code.

use async_graphql::{
    ErrorExtensions, Interface, OutputType, SimpleObject,
    resolver_utils::{EnumType, enum_value},
};

use super::{
    context::Request,
    scalars::{Money, int},
};
use crate::{
    entity::enums::{
        AffiliateState, CommissionState, ContractState, DisputeState, FlagState, JobPostState,
        MilestoneState, OfferState, PayoutState, ProjectState, ProposalState, ReferralState, TicketState,
        Vocabulary,
    },
    error::{self, Code, Error, Facts, Rejection},
    money,
};

/// A refusal by a rule, as data.
#[derive(Clone, Debug, Interface)]
#[graphql(
    field(name = "code", ty = "&Code", desc = "The stable code; clients switch on it."),
    field(
        name = "message",
        ty = "&String",
        desc = "A message to the person: what is wrong, and what to do."
    ),
    field(
        name = "field",
        ty = "&Option<Vec<String>>",
        desc = "The path of the input field at fault; null if none is."
    ),
    field(
        name = "rule",
        ty = "&Option<String>",
        desc = "The rule that decided, such as `S-2`; null if no numbered rule did."
    ),
    field(name = "retryable", ty = "&bool", desc = "Whether the same request may succeed later.")
)]
pub enum UserError {
    /// A refusal without facts beyond its code.
    Refusal(Refusal),
    /// There are too few spendable Connects.
    InsufficientConnects(InsufficientConnects),
    /// There is too little cash.
    InsufficientCash(InsufficientCash),
    /// The price is not the one that the person saw.
    ConnectsPriceChanged(ConnectsPriceChanged),
    /// The state of the job post does not allow the request.
    IllegalJobPostState(IllegalState<JobPostState>),
    /// The state of the proposal does not allow the request.
    IllegalProposalState(IllegalState<ProposalState>),
    /// A refusal because the offer's state does not allow the request (O-1).
    IllegalOfferState(IllegalState<OfferState>),
    /// A refusal because the contract's state does not allow the request (O-1).
    IllegalContractState(IllegalState<ContractState>),
    /// A refusal because the milestone's state does not allow the request (O-2).
    IllegalMilestoneState(IllegalState<MilestoneState>),
    /// A refusal because the dispute's state does not allow the request (O-2).
    IllegalDisputeState(IllegalState<DisputeState>),
    /// A refusal because the project's state does not allow the request (O-3).
    IllegalProjectState(IllegalState<ProjectState>),
    /// A refusal because the affiliate's state does not allow the request (F-1).
    IllegalAffiliateState(IllegalState<AffiliateState>),
    /// A refusal because the flag's state does not allow the request (F-8).
    IllegalFlagState(IllegalState<FlagState>),
    /// A refusal because the commission's state does not allow the request (F-10).
    IllegalCommissionState(IllegalState<CommissionState>),
    /// A refusal because the ticket's state does not allow the request (F-10).
    IllegalTicketState(IllegalState<TicketState>),
    /// A refusal because the payout's state does not allow the request (W-1).
    IllegalPayoutState(IllegalState<PayoutState>),
    /// A refusal because the referral's state does not allow the request (C-3).
    IllegalReferralState(IllegalState<ReferralState>),
    /// There were too many attempts.
    Throttled(Throttled),
}

/// A type of refusal: the fields that all refusals have, and the facts of this one.
macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident $(<$state:ident>)? {
        $($(#[$fact_doc:meta])* $fact:ident: $type:ty),* $(,)?
    })+) => {$(
        #[derive(Clone, Debug, SimpleObject)]
        $(#[$meta])*
        pub struct $name $(<$state: EnumType + OutputType>)? {
            /// The stable code; clients switch on it.
            code: Code,
            /// A message to the person: what is wrong, and what to do.
            message: String,
            /// The path of the input field at fault; null if none is.
            field: Option<Vec<String>>,
            /// The rule that decided, such as `S-2`; null if no numbered rule did.
            rule: Option<String>,
            /// Whether the same request may succeed later.
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
    /// A refusal without facts beyond its code.
    Refusal {}

    /// A refusal because there are too few spendable Connects (S-2).
    InsufficientConnects {
        /// The Connects that are needed.
        required: i32,
        /// The Connects that can be spent.
        available: i32,
    }

    /// A refusal because there is too little cash (P-3, O-5).
    InsufficientCash {
        /// The money that is needed.
        required: Money,
        /// The money in the cash account.
        available: Money,
    }

    /// A refusal because the price is not the one that the person saw (S-2).
    ConnectsPriceChanged {
        /// The price that the person saw, in Connects.
        expected: i32,
        /// The price now, in Connects.
        actual: i32,
    }

    /// A refusal because the object's state does not allow the request (J-2, S-5, O-1 to O-3).
    #[graphql(concrete(name = "IllegalJobPostState", params(JobPostState)))]
    #[graphql(concrete(name = "IllegalProposalState", params(ProposalState)))]
    #[graphql(concrete(name = "IllegalOfferState", params(OfferState)))]
    #[graphql(concrete(name = "IllegalContractState", params(ContractState)))]
    #[graphql(concrete(name = "IllegalMilestoneState", params(MilestoneState)))]
    #[graphql(concrete(name = "IllegalDisputeState", params(DisputeState)))]
    #[graphql(concrete(name = "IllegalProjectState", params(ProjectState)))]
    #[graphql(concrete(name = "IllegalAffiliateState", params(AffiliateState)))]
    #[graphql(concrete(name = "IllegalFlagState", params(FlagState)))]
    #[graphql(concrete(name = "IllegalCommissionState", params(CommissionState)))]
    #[graphql(concrete(name = "IllegalTicketState", params(TicketState)))]
    #[graphql(concrete(name = "IllegalPayoutState", params(PayoutState)))]
    #[graphql(concrete(name = "IllegalReferralState", params(ReferralState)))]
    IllegalState<S> {
        /// The state of the object.
        state: S,
        /// The states in which the request is allowed.
        allowed: Vec<S>,
    }

    /// A refusal because there were too many attempts (P-1, B-3, S-9).
    Throttled {
        /// How many seconds to wait before the next attempt.
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
            Facts::InsufficientCash { required, available } => {
                let money = |money: money::Money| Money::new(money.minor, money.currency);
                InsufficientCash::of(rejection, money(required), money(available)).into()
            }
            Facts::ConnectsPriceChanged { expected, actual } => {
                ConnectsPriceChanged::of(rejection, int(expected), int(actual)).into()
            }
            Facts::IllegalState(facts) => {
                let shown = STATES.iter().find_map(|state| state(&rejection, &facts));
                debug_assert!(shown.is_some(), "{} is not in STATES", facts.of);
                shown.unwrap_or_else(|| Refusal::of(rejection).into())
            }
            Facts::Throttled { retry_after_seconds } => {
                Throttled::of(rejection, int(retry_after_seconds)).into()
            }
        }
    }
}

/// Turns a refusal into a user error if the state that it names is of one particular enum.
type OfState = fn(&Rejection, &error::IllegalState) -> Option<UserError>;

/// One conversion for each enum whose states a refusal shows as facts.
const STATES: [OfState; 13] = [
    of_state::<JobPostState>,
    of_state::<ProposalState>,
    of_state::<OfferState>,
    of_state::<ContractState>,
    of_state::<MilestoneState>,
    of_state::<DisputeState>,
    of_state::<ProjectState>,
    of_state::<AffiliateState>,
    of_state::<FlagState>,
    of_state::<CommissionState>,
    of_state::<TicketState>,
    of_state::<PayoutState>,
    of_state::<ReferralState>,
];

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

/// The top-level error for an error: a refusal shows its message and, beside the code that such errors have everywhere, its
/// own as `userErrorCode`; a fault is logged once and masked.
pub fn top_level(request: &Request, error: Error) -> async_graphql::Error {
    let (code, message) = match error {
        Error::Rejected(Rejection { code, message, .. }) => {
            return coded(code_of(code), message)
                .extend_with(|_, extensions| extensions.set("userErrorCode", enum_value(code)));
        }
        Error::Fault(fault) => match fault.advice() {
            Some(advice) => ("SERVICE_UNAVAILABLE", advice),
            None => {
                tracing::error!(request_id = request.id, %fault, "a request failed");
                let sentence =
                    format!("Something went wrong here. Ask support about request {}.", request.id);
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
