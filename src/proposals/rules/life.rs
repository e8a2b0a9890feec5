//! The life of a proposal (S-5, S-6): its moves, and how long it can be edited.

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    entity::{
        enums::{
            JobPostState,
            ProposalState::{self, Archived, Declined, Hired, Interviewing, Offered, Submitted, Withdrawn},
        },
        proposal,
    },
    error::Rejection,
    job_posts::rules::life as job_life,
    moves::moves,
    policy::Proposals,
    proposals::rejection,
};

moves! {
    /// An action on a proposal (S-5).
    Move of ProposalState {
        /// The client writes for the first time.
        Interview: Submitted => Interviewing,
        /// The client offers a contract.
        Offer: Submitted | Interviewing => Offered,
        /// The offer comes to nothing, and the client has never written.
        Resubmit: Offered => Submitted,
        /// The offer comes to nothing, and the interview goes on.
        Resume: Offered => Interviewing,
        /// The freelancer accepts an offer, to this proposal or directly for its job post.
        Hire: Submitted | Interviewing | Offered => Hired,
        /// The client declines it.
        Decline: Submitted | Interviewing => Declined,
        /// The freelancer withdraws it.
        Withdraw: Submitted | Interviewing => Withdrawn,
        /// The freelancer closes the account.
        Leave: Submitted | Interviewing | Offered => Withdrawn,
        /// Its job post ends.
        Archive: Submitted | Interviewing | Offered => Archived,
    }
}

/// The states in which a proposal is live: nobody has decided it for good.
pub const LIVE: &[ProposalState] = Move::Archive.from();

/// The states in which nobody has decided anything: its freelancer may edit it.
const UNDECIDED: &[ProposalState] = &[Submitted, Interviewing];

/// The states in which both sides can write to each other.
const TALKING: &[ProposalState] = &[Submitted, Interviewing, Offered, Hired];

/// The state of a proposal in `state` after the action (S-5).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: ProposalState, way: Move) -> Result<ProposalState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_state(state, way.from()))
}

/// Checks that a proposal in `state` can be opened, short-listed or hidden (S-5).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_live(state: ProposalState) -> Result<(), Rejection> {
    if LIVE.contains(&state) { Ok(()) } else { Err(rejection::illegal_state(state, LIVE)) }
}

/// Checks that a proposal in `state` can be edited (S-5).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_undecided(state: ProposalState) -> Result<(), Rejection> {
    if UNDECIDED.contains(&state) { Ok(()) } else { Err(rejection::illegal_state(state, UNDECIDED)) }
}

/// Checks that the two sides of a proposal in `state` can write to each other (S-9): nobody has ended it.
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_talk(state: ProposalState) -> Result<(), Rejection> {
    if TALKING.contains(&state) { Ok(()) } else { Err(rejection::illegal_state(state, TALKING)) }
}

/// How a proposal goes on whose offer came to nothing: it is interviewing once its client has written (S-5).
pub const fn without_offer(interviewing_since: Option<Instant>) -> Move {
    if interviewing_since.is_some() { Move::Resume } else { Move::Resubmit }
}

/// The state of a proposal at `now`: one whose offer's time is up is where it was, and a live one is archived once its job
/// post's time is up, whether or not the task has run.
pub fn state_at(
    proposal: &proposal::Model,
    post: JobPostState,
    expires_at: Option<Instant>,
    now: Instant,
) -> ProposalState {
    let is_over = proposal.state == Offered && proposal.offer_expires_at.is_some_and(|at| at <= now);
    let state = if is_over { without_offer(proposal.interviewing_since).to() } else { proposal.state };
    let ended = job_life::state_at(post, expires_at, now) != post;
    if ended && LIVE.contains(&state) { Archived } else { state }
}

/// The end of the time in which the letter of a proposal can be edited, unless its client opens it earlier (S-6).
pub fn letter_open_until(submitted_at: Instant, policy: &Proposals) -> Instant {
    submitted_at + TimeDelta::hours(policy.letter_hours)
}

/// Checks that the letter can be edited at `now` (S-6).
///
/// # Errors
/// `EDIT_WINDOW_CLOSED`.
pub fn may_edit_letter(
    submitted_at: Instant,
    viewed_at: Option<Instant>,
    policy: &Proposals,
    now: Instant,
) -> Result<(), Rejection> {
    let until = letter_open_until(submitted_at, policy);
    if viewed_at.is_some() {
        Err(rejection::letter_closed("the client has opened your proposal"))
    } else if now >= until {
        Err(rejection::letter_closed(&format!("it could be edited until {until}")))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;
    use crate::{
        entity::ids::{AccountId, JobPostId, ProposalId, WalletId},
        error::Code,
        policy::Policy,
    };

    #[test]
    fn s_5_only_a_live_proposal_can_be_acted_on() {
        assert!([Submitted, Interviewing, Offered].iter().all(|live| must_be_live(*live).is_ok()));
        assert!(must_be_undecided(Submitted).is_ok() && must_be_undecided(Offered).is_err());
        assert!(must_talk(Hired).is_ok() && must_talk(Declined).is_err());
        for over in [Hired, Declined, Withdrawn, Archived] {
            assert_eq!(must_be_live(over).unwrap_err().code, Code::IllegalState);
        }
    }

    #[test]
    fn s_5_only_the_listed_moves_are_allowed() {
        let live = vec![Submitted, Interviewing, Offered];
        let all = [
            (Move::Interview, vec![Submitted], Interviewing),
            (Move::Offer, vec![Submitted, Interviewing], Offered),
            (Move::Resubmit, vec![Offered], Submitted),
            (Move::Resume, vec![Offered], Interviewing),
            (Move::Hire, live.clone(), Hired),
            (Move::Decline, vec![Submitted, Interviewing], Declined),
            (Move::Withdraw, vec![Submitted, Interviewing], Withdrawn),
            (Move::Leave, live.clone(), Withdrawn),
            (Move::Archive, live, Archived),
        ];
        assert_eq!(all.each_ref().map(|(way, ..)| *way), Move::ALL);
        for (way, from, to) in all {
            let allowed: Vec<_> =
                ProposalState::iter().filter(|state| moved(*state, way) == Ok(to)).collect();
            assert_eq!(allowed, from, "{way:?}");
        }
    }

    fn offered(interviewing_since: Option<Instant>, until: Instant) -> proposal::Model {
        proposal::Model {
            id: ProposalId::new(),
            job_post_id: JobPostId::new(),
            freelancer_id: AccountId::new(),
            wallet_id: WalletId::new(),
            cover_letter: String::new(),
            connects_charged: 0,
            entry_seq: None,
            amount_cents: None,
            state: Offered,
            offer_expires_at: Some(until),
            interviewing_since,
            return_reversed_at: None,
            submitted_at: Instant::UNIX_EPOCH,
            edited_at: None,
            viewed_at: None,
            shortlisted_at: None,
            hidden_at: None,
            ended_at: None,
            ended_reason: None,
        }
    }

    #[test]
    fn x_7_a_proposal_is_where_it_was_from_the_instant_at_which_its_offer_ends() {
        let ends: Instant = "2026-01-08T00:00:00Z".parse().unwrap();
        let at = |micros| ends + TimeDelta::microseconds(micros);
        let of = |since, post_ends, micros| {
            let proposal = offered(since, ends);
            state_at(&proposal, JobPostState::Open, post_ends, at(micros))
        };
        assert_eq!([of(None, None, -1), of(None, None, 0)], [Offered, Submitted]);
        assert_eq!([of(Some(ends), None, -1), of(Some(ends), None, 0)], [Offered, Interviewing]);
        assert_eq!(of(None, Some(ends), 0), Archived);
    }

    #[test]
    fn s_6_a_letter_can_be_edited_for_six_hours_or_until_it_is_opened() {
        let policy = Policy::seed().unwrap().proposals;
        let sent: Instant = "2026-01-01T00:00:00Z".parse().unwrap();
        let may = |viewed, hours, micros| {
            let now = sent + TimeDelta::hours(hours) + TimeDelta::microseconds(micros);
            may_edit_letter(sent, viewed, &policy, now).map_err(|no| no.code)
        };
        assert_eq!(may(None, 6, -1), Ok(()));
        assert_eq!(may(None, 6, 0), Err(Code::EditWindowClosed));
        assert_eq!(may(Some(sent), 0, 1), Err(Code::EditWindowClosed));
    }
}
