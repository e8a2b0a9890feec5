//! Which of a proposal's Connects could still be returned, and by which rule (T-5).

use crate::entity::enums::{JobPostState, ProposalState, RefundEvent};

/// The refund that an event would bring, and the rule behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// The event.
    pub event: RefundEvent,
    /// Connects that would be returned.
    pub connects: i64,
    /// The rule that decides.
    pub rule: &'static str,
    /// The rule as a sentence.
    pub reason: &'static str,
}

/// The refunds that events could still bring for a proposal in `state` to a post in `post`, which has a contract or not;
/// `outstanding` of its Connects have not been returned.
pub fn cases_of(
    state: ProposalState,
    (post, has_contract): (JobPostState, bool),
    outstanding: i64,
) -> Vec<Case> {
    let (withdrawn, hired) = (state == ProposalState::Withdrawn, state == ProposalState::Hired);
    let never = withdrawn || hired;
    let full = |possible: bool| if possible && !never { outstanding } else { 0 };
    let can_cancel = post == JobPostState::Open && !has_contract;
    let can_remove = matches!(
        post,
        JobPostState::Open | JobPostState::Filled | JobPostState::Closed | JobPostState::Expired
    );
    let reason = |possible: bool, yes: &'static str| match (withdrawn, hired, possible) {
        (true, ..) => "Nothing is refunded for a withdrawn proposal.",
        (_, true, _) => "Nothing is refunded to a freelancer who was hired.",
        (false, false, true) => yes,
        (false, false, false) => "This can no longer happen to the job post.",
    };
    let no = |event, reason| Case { event, connects: 0, rule: "T-2", reason };
    vec![
        Case {
            event: RefundEvent::ClientCancels,
            connects: full(can_cancel),
            rule: if never { "T-2" } else { "T-1" },
            reason: reason(
                can_cancel,
                "Everything that has not been refunded yet is refunded, even if the proposal was declined.",
            ),
        },
        Case {
            event: RefundEvent::PostRemoved,
            connects: full(can_remove),
            rule: if never { "T-2" } else { "T-1" },
            reason: reason(
                can_remove,
                "Everything that has not been refunded yet is refunded, unless the freelancer was hired.",
            ),
        },
        no(RefundEvent::PostExpires, "Nothing is refunded when a job post expires."),
        no(
            RefundEvent::NotChosen,
            "Nothing is refunded when the client declines the proposal or chooses another one.",
        ),
        no(RefundEvent::Withdrawn, "Nothing is refunded when the freelancer withdraws."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(state: ProposalState, post: JobPostState) -> Vec<i64> {
        cases_of(state, (post, false), 6).iter().map(|case| case.connects).collect()
    }

    #[test]
    fn t_5_every_event_says_what_it_would_give_back() {
        use {JobPostState as Post, ProposalState as State};
        assert_eq!(back(State::Submitted, Post::Open), [6, 6, 0, 0, 0]);
        assert_eq!(back(State::Declined, Post::Open), [6, 6, 0, 0, 0], "T-1 outranks T-2");
        assert_eq!(back(State::Withdrawn, Post::Open), [0, 0, 0, 0, 0]);
        assert_eq!(back(State::Hired, Post::Open), [0, 0, 0, 0, 0]);
        assert_eq!(cases_of(State::Submitted, (Post::Open, true), 6)[0].connects, 0, "somebody was hired");
        assert_eq!(back(State::Archived, Post::Expired), [0, 6, 0, 0, 0]);
        assert_eq!(back(State::Archived, Post::Cancelled), [0, 0, 0, 0, 0]);
    }
}
