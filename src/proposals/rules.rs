//! Pure rules of proposals: who may submit what.

pub mod life;
pub mod refund;

use super::rejection;
use crate::{
    accounts::rejection::{email_not_verified, restricted},
    clock::Instant,
    connects::rejection::insufficient_connects,
    entity::{
        enums::{JobPostState, JobVisibility, RestrictionKind},
        ids::AccountId,
    },
    error::Rejection,
    input,
    job_posts::{
        self,
        rejection::{job_post_not_open, no_such_job_post},
        rules::life::is_hidden,
    },
    money::Connects,
};

/// The facts that decide whether a proposal may be submitted.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The freelancer who submits it.
    pub freelancer: AccountId,
    /// The restriction that keeps the freelancer from spending, with its start (P-4).
    pub restricted: Option<(RestrictionKind, Instant)>,
    /// Whether the freelancer's e-mail address is verified, or need not be for spending.
    pub may_spend: bool,
    /// Whether the freelancer has proposed to this post before (S-1).
    pub proposed: bool,
    /// Whether the client has hired the freelancer for this post directly.
    pub hired: bool,
    /// The client of the post.
    pub client: AccountId,
    /// Whether its client is suspended or has closed their account, which hides the post (P-4).
    pub client_restricted: bool,
    /// The state of the post.
    pub state: JobPostState,
    /// Who may see the post.
    pub visibility: JobVisibility,
    /// Its price now.
    pub price: Connects,
    /// The price that the freelancer saw.
    pub expected: Connects,
    /// Connects that the freelancer's wallet can spend.
    pub available: Connects,
}

/// Checks whether the proposal may be submitted: first the freelancer, then the post; what the freelancer can change
/// comes last.
///
/// # Errors
/// The refusal of the first rule that fails.
pub fn may_submit(facts: &Facts) -> Result<(), Rejection> {
    if let Some((kind, since)) = facts.restricted {
        Err(restricted(kind, since))
    } else if facts.client == facts.freelancer {
        Err(rejection::own_job_post())
    } else if is_hidden(facts.state) || facts.client_restricted || facts.visibility != JobVisibility::Public {
        Err(no_such_job_post())
    } else if facts.proposed {
        Err(rejection::already_proposed())
    } else if facts.hired {
        Err(rejection::already_hired())
    } else if facts.state != JobPostState::Open {
        Err(job_post_not_open(facts.state))
    } else if facts.price != facts.expected {
        Err(rejection::connects_price_changed(facts.expected, facts.price))
    } else if facts.price > Connects(0) && !facts.may_spend {
        Err(email_not_verified())
    } else if facts.price > facts.available {
        Err(insufficient_connects(facts.price, facts.available))
    } else {
        Ok(())
    }
}

/// A freelancer's bid, in minor units: one cent to a billion dollars.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked_amount(cents: i64) -> Result<i64, Rejection> {
    input::amount("amount", cents, 1, job_posts::rules::MAX_CENTS)
}

/// A letter to the client: 1 to 5,000 characters.
///
/// # Errors
/// `INVALID_INPUT`.
pub fn checked_letter(letter: &str) -> Result<String, Rejection> {
    input::text("coverLetter", letter, 1, 5_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn facts() -> Facts {
        Facts {
            freelancer: AccountId::new(),
            restricted: None,
            may_spend: true,
            proposed: false,
            hired: false,
            client: AccountId::new(),
            client_restricted: false,
            state: JobPostState::Open,
            visibility: JobVisibility::Public,
            price: Connects(4),
            expected: Connects(4),
            available: Connects(4),
        }
    }

    fn code(facts: Facts) -> Option<Code> {
        may_submit(&facts).err().map(|rejection| rejection.code)
    }

    #[test]
    fn s_1_once_per_freelancer_and_post_and_never_to_oneself() {
        assert_eq!(code(facts()), None);
        assert_eq!(code(Facts { proposed: true, ..facts() }), Some(Code::AlreadyProposed));
        assert_eq!(code(Facts { hired: true, ..facts() }), Some(Code::AlreadyHired));
        let me = AccountId::new();
        assert_eq!(code(Facts { freelancer: me, client: me, ..facts() }), Some(Code::OwnJobPost));
    }

    #[test]
    fn s_2_the_price_seen_must_be_the_price_and_must_be_there() {
        assert_eq!(code(Facts { expected: Connects(2), ..facts() }), Some(Code::ConnectsPriceChanged));
        assert_eq!(code(Facts { available: Connects(3), ..facts() }), Some(Code::InsufficientConnects));
        assert_eq!(
            code(Facts { expected: Connects(2), available: Connects(0), ..facts() }),
            Some(Code::ConnectsPriceChanged)
        );
    }

    #[test]
    fn s_3_a_free_post_needs_no_connects_and_no_verified_address() {
        let free = Facts {
            price: Connects(0),
            expected: Connects(0),
            available: Connects(0),
            may_spend: false,
            ..facts()
        };
        assert_eq!(code(free), None);
    }

    #[test]
    fn r_1_spending_waits_for_a_verified_address_where_the_policy_asks_for_it() {
        assert_eq!(code(Facts { may_spend: false, ..facts() }), Some(Code::EmailNotVerified));
    }

    #[test]
    fn only_an_open_visible_post_takes_proposals_and_only_from_people_not_suspended() {
        let since = "2026-01-01T00:00:00Z".parse().unwrap();
        for (kind, no) in [
            (RestrictionKind::Suspended, Code::AccountSuspended),
            (RestrictionKind::Fraud, Code::AccountSuspended),
            (RestrictionKind::Closed, Code::AccountClosed),
        ] {
            assert_eq!(code(Facts { restricted: Some((kind, since)), ..facts() }), Some(no));
        }
        assert_eq!(code(Facts { state: JobPostState::Closed, ..facts() }), Some(Code::JobPostNotOpen));
        assert_eq!(code(Facts { state: JobPostState::Draft, ..facts() }), Some(Code::NotFound));
        assert_eq!(code(Facts { client_restricted: true, ..facts() }), Some(Code::NotFound));
        assert_eq!(code(Facts { visibility: JobVisibility::InviteOnly, ..facts() }), Some(Code::NotFound));
    }
}
