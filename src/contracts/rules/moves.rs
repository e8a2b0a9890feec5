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
        /// The client releases it.
        Release: Funded => Released,
        /// All of it goes back to the client.
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

    #[test]
    fn o_2_only_the_listed_moves_are_allowed() {
        for way in Move::ALL {
            let allowed: Vec<_> =
                MilestoneState::iter().filter(|state| moved(*state, *way).is_ok()).collect();
            assert_eq!(allowed, way.from(), "{way:?}");
        }
        for way in DisputeMove::ALL {
            let allowed: Vec<_> =
                DisputeState::iter().filter(|state| dispute_moved(*state, *way).is_ok()).collect();
            assert_eq!(allowed, [DisputeState::Open], "{way:?}");
        }
    }

    #[test]
    fn o_1_only_the_listed_moves_are_allowed() {
        for way in OfferMove::ALL {
            let allowed: Vec<_> =
                OfferState::iter().filter(|state| offer_moved(*state, *way).is_ok()).collect();
            assert_eq!(allowed, [OfferState::New], "{way:?}");
        }
        assert_eq!(contract_moved(ContractState::Active, ContractMove::End), Ok(ContractState::Ended));
        assert!(contract_moved(ContractState::Ended, ContractMove::End).is_err());
    }
}
