//! Refusals by offers and contracts.

use crate::{
    entity::enums::{ContractState, DisputeState, MilestoneState, OfferState},
    error::{Code, Facts, Rejection},
    money::Money,
};

/// There is no such offer, or the person may not see it.
pub fn no_such_offer() -> Rejection {
    let sentence = "There is no such offer. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("offerId")
}

/// There is no such freelancer, or they cannot be hired now.
pub fn no_such_freelancer() -> Rejection {
    let sentence = "There is no such freelancer, or they cannot be hired now. Take the id from a query.";
    Rejection::new(Code::NotFound, sentence).at("freelancerId")
}

/// Nobody hires themselves.
pub fn own_offer() -> Rejection {
    let sentence = "You cannot hire yourself. Choose another freelancer.";
    Rejection::new(Code::NotAllowed, sentence).at("freelancerId").by("O-1")
}

/// Nobody orders their own project.
pub fn own_project() -> Rejection {
    let sentence = "This project is your own. Order another freelancer's.";
    Rejection::new(Code::NotAllowed, sentence).at("projectId").by("O-3")
}

/// The freelancer has proposed to this post.
pub fn offer_to_proposal() -> Rejection {
    let sentence = "This freelancer has sent a proposal to the job post. Answer it by `sendOffer`.";
    Rejection::new(Code::AlreadyProposed, sentence).at("freelancerId").by("O-1")
}

/// The client's last direct offer to the freelancer waits for an answer.
pub fn already_offered() -> Rejection {
    let sentence = "The freelancer has not answered your last direct offer. Wait, or withdraw it first.";
    Rejection::new(Code::AlreadyOffered, sentence).at("freelancerId").by("O-1")
}

/// A direct offer without a job post needs a title.
pub fn title_missing() -> Rejection {
    let sentence = "This offer is for no job post, so it needs a title. Say what the work is.";
    Rejection::new(Code::InvalidInput, sentence).at("title")
}

/// The contract has milestones, and nothing is invoiced.
pub fn contract_not_hourly() -> Rejection {
    let sentence = "This contract is not paid by the hour, so nothing is invoiced. Its milestones are funded and released.";
    Rejection::new(Code::ContractNotHourly, sentence).at("contractId").by("O-2")
}

/// As many invoices as there may be wait for the client.
pub fn too_many_invoices(most: usize) -> Rejection {
    let sentence = format!(
        "{most} invoices of this contract wait for the client, and more are not allowed. Wait, or withdraw one."
    );
    Rejection::new(Code::TooManyInvoices, sentence).at("contractId").by("O-2")
}

/// The contract has as many invoices as a contract may have.
pub fn contract_is_long(most: usize) -> Rejection {
    let sentence =
        format!("This contract has {most} invoices, and more are not allowed. Agree on a new contract.");
    Rejection::new(Code::TooManyInvoices, sentence).at("contractId").by("O-2")
}

/// An order from the same freelancer waits for its money.
pub fn order_unpaid() -> Rejection {
    let sentence = "Another project that you ordered from this freelancer is not paid. Fund its milestone, or end its contract, \
                    first.";
    Rejection::new(Code::OrderUnpaid, sentence).at("projectId").by("O-3")
}

/// The freelancer has the job.
pub fn already_hired() -> Rejection {
    let sentence = "You have hired this freelancer for the job post. Offer other work without a job post.";
    Rejection::new(Code::AlreadyHired, sentence).at("freelancerId").by("O-1")
}

/// The client has made enough offers to one proposal.
pub fn too_many_offers_to_it(most: u64) -> Rejection {
    let sentence = format!(
        "There were {most} offers to this proposal already, and more are not allowed. Offer work without a job post."
    );
    Rejection::new(Code::TooManyOffers, sentence).at("proposalId").by("O-1")
}

/// The client has sent enough offers for a day.
pub fn too_many_offers(most: u64) -> Rejection {
    let sentence =
        format!("You have sent {most} direct offers within a day, and more are not allowed. Wait a day.");
    Rejection::new(Code::TooManyOffers, sentence).by("O-1")
}

/// The project costs something else than the client saw.
pub fn price_changed(now: Money) -> Rejection {
    let sentence = format!("The project costs {now} now. Order it again if you agree.");
    Rejection::new(Code::PriceChanged, sentence).at("expectedPrice").by("O-3")
}

/// The action is not allowed in the offer's state.
pub fn illegal_offer_state(state: OfferState, allowed: &[OfferState]) -> Rejection {
    Rejection::illegal_state("This offer", state, allowed).at("offerId").by("O-1")
}

/// There is no such milestone, or the person may not see it.
pub fn no_such_milestone() -> Rejection {
    let sentence = "There is no such milestone. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("milestoneId")
}

/// The action is not allowed in the milestone's state.
pub fn illegal_milestone_state(state: MilestoneState, allowed: &[MilestoneState]) -> Rejection {
    let refusal = Rejection::illegal_state("This milestone", state, allowed).at("milestoneId").by("O-2");
    if state != MilestoneState::Funding {
        return refusal;
    }
    let message = "A payment for this milestone is under way. Wait until its outcome is known.";
    Rejection { message: message.to_owned(), ..refusal }
}

/// There is no such contract, or the person may not see it.
pub fn no_such_contract() -> Rejection {
    let sentence = "There is no such contract. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("contractId")
}

/// The action is not allowed in the contract's state.
pub fn illegal_contract_state(state: ContractState) -> Rejection {
    Rejection::illegal_state("This contract", state, &[ContractState::Active]).at("contractId").by("O-1")
}

/// The contract is over, so nothing more is paid.
pub fn contract_ended() -> Rejection {
    let sentence = "This contract has ended, so its milestones cannot be funded. Send a new offer.";
    Rejection::new(Code::ContractEnded, sentence).at("milestoneId").by("O-1")
}

/// The contract has money that is funded and not released, or under way.
pub fn money_in_escrow() -> Rejection {
    let sentence = "Some of this contract's money is in escrow or on its way there. The client releases it, or the freelancer refunds \
         it, first.";
    Rejection::new(Code::MoneyInEscrow, sentence).at("contractId").by("O-2")
}

/// The client may not hire now.
pub fn client_restricted() -> Rejection {
    let sentence =
        "The client's account is suspended or closed, so the offer cannot be accepted. Decline it, or wait.";
    Rejection::new(Code::ClientRestricted, sentence).at("offerId").by("P-4")
}

/// The freelancer may not be paid now.
pub fn freelancer_restricted() -> Rejection {
    let sentence = "The freelancer's account is suspended or closed, so they cannot be paid, and money that is funded \
                    stays in escrow. Try again once the account is open.";
    Rejection::new(Code::FreelancerRestricted, sentence).at("milestoneId").by("P-4")
}

/// The job has a contract, so it cannot be cancelled as if nobody had been hired.
pub fn has_contract() -> Rejection {
    let sentence = "Somebody was hired for this job post, so it cannot be cancelled. Close it instead.";
    Rejection::new(Code::JobPostHasContract, sentence).at("jobPostId").by("T-1")
}

/// Nobody was hired for the job, so that it cannot be closed as if somebody had been.
pub fn has_no_contract() -> Rejection {
    let sentence = "Nobody was hired for this job post, so it cannot be closed. Cancel it instead.";
    Rejection::new(Code::JobPostHasNoContract, sentence).at("jobPostId").by("J-2")
}

/// A person with contracts under way cannot leave.
pub fn contracts_active() -> Rejection {
    let sentence = "You have contracts that are not over, money in escrow, or disputes that nobody has decided. Release or \
                    refund what is in escrow, and end the contracts; one whose payment is under way can be ended once \
                    the bank has answered.";
    Rejection::new(Code::ContractsActive, sentence).by("P-6")
}

/// The freelancer has not earned enough, or has withdrawn it.
pub fn insufficient_cash(required: Money, available: Money) -> Rejection {
    let sentence = format!(
        "This takes {required} from your cash account, which has {available}. Refund less, or wait until you have \
         earned more."
    );
    let facts = Facts::InsufficientCash { required, available };
    Rejection::new(Code::InsufficientCash, sentence).at("amount").by("O-5").with(facts)
}

/// The freelancer has changed the project since the client read it.
pub fn project_changed(seen: i64, now: i64) -> Rejection {
    let sentence =
        format!("You read version {seen} of this project, and it is version {now} now. Read it again.");
    Rejection::new(Code::Conflict, sentence).at("expectedVersion").by("O-3")
}

/// There is no such dispute, or the person may not see it.
pub fn no_such_dispute() -> Rejection {
    let sentence = "There is no such dispute. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("disputeId")
}

/// The action is not allowed in the dispute's state.
pub fn illegal_dispute_state(state: DisputeState, allowed: &[DisputeState]) -> Rejection {
    Rejection::illegal_state("This dispute", state, allowed).at("disputeId").by("O-2")
}

/// There is one already.
pub fn already_disputed() -> Rejection {
    let sentence = "There is an open dispute over this milestone. Wait for the decision.";
    Rejection::new(Code::AlreadyDisputed, sentence).at("milestoneId").by("O-2")
}

/// The client had their time.
pub fn dispute_too_late(days: i64) -> Rejection {
    let sentence = format!(
        "A release can be disputed for {days} days, and they are over. Ask the freelancer for a refund."
    );
    Rejection::new(Code::DisputeTooLate, sentence).at("milestoneId").by("O-2")
}

/// Nobody decides a dispute of their own.
pub fn own_dispute() -> Rejection {
    let sentence = "You have a part in this dispute. Another admin decides it.";
    Rejection::new(Code::NotAllowed, sentence).at("disputeId").by("O-2")
}

/// The freelancer has made as many refunds of the milestone as they may.
pub fn too_many_refunds(most: u64) -> Rejection {
    let sentence = format!(
        "You have refunded this milestone {most} times, and more are not allowed. Refund all that is left."
    );
    Rejection::new(Code::TooManyRefunds, sentence).at("milestoneId").by("O-2")
}

/// The person has opened as many disputes over the milestone as they may.
pub fn too_many_disputes(most: usize) -> Rejection {
    let sentence = format!(
        "You have disputed this milestone {most} times, and more are not allowed. Ask the other side."
    );
    Rejection::new(Code::TooManyDisputes, sentence).at("milestoneId").by("O-2")
}

/// What an admin has decided stays so.
pub fn dispute_decided() -> Rejection {
    let sentence =
        "An admin has decided a dispute over this milestone, and that is final. Ask the other side.";
    Rejection::new(Code::DisputeDecided, sentence).at("milestoneId").by("O-2")
}

/// What is left would go to somebody who may not be paid now.
pub fn decided_freelancer_restricted() -> Rejection {
    let sentence = "The freelancer's account is suspended or closed, so they cannot be paid. Refund all of it, or decide once \
                    the account is open.";
    Rejection::new(Code::FreelancerRestricted, sentence).at("refund").by("P-4")
}

/// The person has no client profile, and so hires nobody.
pub fn not_a_client() -> Rejection {
    let sentence = "Only a client can hire. Add a client profile to your account first.";
    Rejection::new(Code::NotAClient, sentence).by("P-1")
}
