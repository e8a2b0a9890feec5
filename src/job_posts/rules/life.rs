//! The life of a job post (J-2, J-4): its moves and its deadlines.

use chrono::TimeDelta;

use crate::{
    clock::Instant,
    entity::enums::JobPostState::{self, Cancelled, Closed, Draft, Expired, Filled, Open, Removed},
    error::Rejection,
    job_posts::rejection,
    moves::moves,
    policy::JobPosts,
};

moves! {
    /// An action on a job post (J-2).
    Move of JobPostState {
        /// Its client opens it to proposals.
        Publish: Draft => Open,
        /// Its client cancels it, or leaves, before anybody is hired.
        Cancel: Open => Cancelled,
        /// As many are hired as its client wants.
        Fill: Open => Filled,
        /// Its client ends it, or leaves, after somebody was hired.
        Close: Open => Closed,
        /// It was without activity for too long.
        Expire: Open => Expired,
        /// An admin takes it down for a violation, or its client was suspended for fraud.
        Remove: Open | Filled | Closed | Expired => Removed,
    }
}

/// The states in which its client changes a post, and an admin makes it free.
const EDITABLE: &[JobPostState] = &[Draft, Open];

/// The state of a post in `state` after the action (J-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: JobPostState, way: Move) -> Result<JobPostState, Rejection> {
    way.after(state).ok_or_else(|| rejection::illegal_state(state, way.from()))
}

/// Checks that a post in `state` can be changed (J-2).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn must_be_editable(state: JobPostState) -> Result<(), Rejection> {
    if EDITABLE.contains(&state) { Ok(()) } else { Err(rejection::illegal_state(state, EDITABLE)) }
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
    use sea_orm::Iterable;

    use super::*;
    use crate::policy::Policy;

    #[test]
    fn j_2_only_the_listed_moves_are_allowed() {
        let all = [
            (Move::Publish, vec![Draft], Open),
            (Move::Cancel, vec![Open], Cancelled),
            (Move::Fill, vec![Open], Filled),
            (Move::Close, vec![Open], Closed),
            (Move::Expire, vec![Open], Expired),
            (Move::Remove, vec![Open, Filled, Closed, Expired], Removed),
        ];
        assert_eq!(all.each_ref().map(|(way, ..)| *way), Move::ALL);
        for (way, from, to) in all {
            let allowed: Vec<_> = JobPostState::iter().filter(|state| moved(*state, way) == Ok(to)).collect();
            assert_eq!(allowed, from, "{way:?}");
        }
        let refused = moved(Removed, Move::Cancel).unwrap_err();
        assert_eq!(refused.rule, Some("J-2"));
        assert!(refused.message.contains("REMOVED"), "{}", refused.message);
        let editable: Vec<_> =
            JobPostState::iter().filter(|state| must_be_editable(*state).is_ok()).collect();
        assert_eq!(editable, [Draft, Open]);
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
