//! The life of a job post (J-2, J-4): which actions are allowed in which state.

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    entity::enums::JobPostState::{self, Closed, Draft, Expired, Filled, Open, Removed},
    error::Rejection,
    job_posts::rejection,
    policy::JobPosts,
};

/// An action on a job post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Change its texts and terms.
    Edit,
    /// Open it to proposals.
    Publish,
    /// Cancel it before any contract.
    Cancel,
    /// End it after somebody was hired.
    Close,
    /// Take it down for a violation.
    Remove,
}

impl Move {
    /// The states from which it is allowed.
    pub const fn from(self) -> &'static [JobPostState] {
        match self {
            Self::Edit => &[Draft, Open],
            Self::Publish => &[Draft],
            Self::Cancel | Self::Close => &[Open],
            Self::Remove => &[Open, Filled, Closed, Expired],
        }
    }
}

/// Checks that the action is allowed for a post in `state` (J-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn may_move(way: Move, state: JobPostState) -> Result<(), Rejection> {
    if way.from().contains(&state) {
        return Ok(());
    }
    Err(rejection::illegal_state(state, way.from()))
}

/// The state of a post at `now`: an open one whose time is up has expired, whether or not the task has run.
pub fn state_at(state: JobPostState, expires_at: Option<Instant>, now: Instant) -> JobPostState {
    if state == Open && expires_at.is_some_and(|at| at <= now) { Expired } else { state }
}

/// When a post that is active at `now` expires, and when its client is warned before (J-4).
pub fn deadlines_of(now: Instant, policy: &JobPosts) -> (Instant, Instant) {
    let expires_at = now + TimeDelta::days(policy.expire_days);
    (expires_at, expires_at - TimeDelta::days(policy.warn_days))
}

/// Whether a public post in this state is visible to everyone: drafts and removed posts are not.
pub const fn is_hidden(state: JobPostState) -> bool {
    matches!(state, Draft | Removed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{entity::enums::JobPostState::Cancelled, policy::Policy};

    const ALL: [JobPostState; 7] = [Draft, Open, Filled, Closed, Cancelled, Expired, Removed];

    #[test]
    fn j_2_only_the_listed_moves_are_allowed() {
        let allowed = |way| ALL.iter().filter(|state| may_move(way, **state).is_ok()).count();
        assert_eq!(
            [Move::Edit, Move::Publish, Move::Cancel, Move::Close, Move::Remove].map(allowed),
            [2, 1, 1, 1, 4]
        );
        let refused = may_move(Move::Cancel, Removed).unwrap_err();
        assert_eq!(refused.rule, Some("J-2"));
        assert!(refused.message.contains("REMOVED"), "{}", refused.message);
        let over = [Cancelled, Expired, Removed, Closed];
        assert!(over.iter().all(|state| may_move(Move::Edit, *state).is_err()));
    }

    #[test]
    fn j_4_a_post_expires_thirty_days_after_the_last_activity_and_warns_five_before() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let policy = Policy::seed().unwrap().job_posts;
        let (expires, warns) = deadlines_of(at("2026-01-10T12:00:00Z"), &policy);
        assert_eq!((expires, warns), (at("2026-02-09T12:00:00Z"), at("2026-02-04T12:00:00Z")));
        let just_before = expires - TimeDelta::microseconds(1);
        assert_eq!(state_at(Open, Some(expires), just_before), Open);
        assert_eq!(state_at(Open, Some(expires), expires), Expired, "X-7: with or without the task");
        assert_eq!(state_at(Cancelled, None, expires), Cancelled);
    }
}
