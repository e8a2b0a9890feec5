//! The moves of offers, contracts, milestones and disputes (O-1, O-2).

use crate::{
    contracts::rejection,
    entity::enums::{
        ContractState, DisputeState,
        MilestoneState::{self, ChargedBack, Funded, Funding, Pending, Refunded, Released, Withdrawn},
        OfferState,
    },
    error::Rejection,
    moves::moves,
};

moves! {
    /// An action on an offer (O-1).
    OfferMove of OfferState {
        /// The freelancer accepts it.
        Accept: OfferState::New => OfferState::Accepted,
        /// The freelancer declines it, or leaves.
        Decline: OfferState::New => OfferState::Declined,
        /// The client withdraws it or leaves, or its job post ends.
        Withdraw: OfferState::New => OfferState::Withdrawn,
        /// Its time is up.
        Expire: OfferState::New => OfferState::Expired,
    }
}

moves! {
    /// An action on a contract (O-1).
    ContractMove of ContractState {
        /// Either side ends it.
        End: ContractState::Active => ContractState::Ended,
    }
}

moves! {
    /// An action on a milestone (O-2).
    Move of MilestoneState {
        /// The client's payment begins.
        Fund: Pending => Funding,
        /// The payment is in escrow.
        Arrive: Funding => Funded,
        /// The payment failed.
        Fail: Funding => Pending,
        /// The client releases it, or an admin decides so.
        Release: Funded => Released,
        /// All that is left goes back to the client.
        Refund: Funded | Released => Refunded,
        /// The client's bank takes it back.
        ChargeBack: Funded | Released => ChargedBack,
        /// The client's bank gives it back, and it is in escrow again.
        Restore: ChargedBack => Funded,
        /// The client's bank gives it back after it was released, and the freelancer has it again.
        Reinstate: Refunded | ChargedBack => Released,
        /// The freelancer withdraws the invoice.
        Withdraw: Pending => Withdrawn,
    }
}

moves! {
    /// An action on a dispute (O-2).
    DisputeMove of DisputeState {
        /// The side that opened it withdraws it.
        Withdraw: DisputeState::Open => DisputeState::Withdrawn,
        /// The money went to one side.
        Settle: DisputeState::Open => DisputeState::Settled,
        /// An admin decides it.
        Decide: DisputeState::Open => DisputeState::Decided,
    }
}

/// The state of an offer in `state` after the action (O-1).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn offer_moved(state: OfferState, way: OfferMove) -> Result<OfferState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_offer_state(state, way.from()))
}

/// The state of a contract in `state` after the action (O-1).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn contract_moved(state: ContractState, way: ContractMove) -> Result<ContractState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_contract_state(state))
}

/// The state of a milestone in `state` after the action (O-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: MilestoneState, way: Move) -> Result<MilestoneState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_milestone_state(state, way.from()))
}

/// The state of a dispute in `state` after the action (O-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn dispute_moved(state: DisputeState, way: DisputeMove) -> Result<DisputeState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_dispute_state(state, way.from()))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    /// The ways of a table, each with the states between which it leads.
    macro_rules! ways {
        ($name:ident) => {
            $name::ALL
                .iter()
                .flat_map(|way| way.from().iter().map(move |from| format!("{from} {way:?} {}", way.to())))
                .collect::<Vec<_>>()
        };
    }

    #[test]
    fn o_2_only_the_listed_moves_are_allowed() {
        assert_eq!(
            ways!(Move),
            [
                "PENDING Fund FUNDING",
                "FUNDING Arrive FUNDED",
                "FUNDING Fail PENDING",
                "FUNDED Release RELEASED",
                "FUNDED Refund REFUNDED",
                "RELEASED Refund REFUNDED",
                "FUNDED ChargeBack CHARGED_BACK",
                "RELEASED ChargeBack CHARGED_BACK",
                "CHARGED_BACK Restore FUNDED",
                "REFUNDED Reinstate RELEASED",
                "CHARGED_BACK Reinstate RELEASED",
                "PENDING Withdraw WITHDRAWN",
            ]
        );
        assert_eq!(
            ways!(DisputeMove),
            ["OPEN Withdraw WITHDRAWN", "OPEN Settle SETTLED", "OPEN Decide DECIDED"]
        );
        let allowed = MilestoneState::iter().filter(|state| moved(*state, Move::Release).is_ok());
        assert_eq!(allowed.collect::<Vec<_>>(), [Funded]);
        assert!(dispute_moved(DisputeState::Decided, DisputeMove::Settle).is_err());
    }

    #[test]
    fn o_1_only_the_listed_moves_are_allowed() {
        let offers =
            ["NEW Accept ACCEPTED", "NEW Decline DECLINED", "NEW Withdraw WITHDRAWN", "NEW Expire EXPIRED"];
        assert_eq!(ways!(OfferMove), offers);
        assert_eq!(ways!(ContractMove), ["ACTIVE End ENDED"]);
        assert!(offer_moved(OfferState::Expired, OfferMove::Accept).is_err());
        assert_eq!(contract_moved(ContractState::Active, ContractMove::End), Ok(ContractState::Ended));
        assert!(contract_moved(ContractState::Ended, ContractMove::End).is_err());
    }
}
