//! What can go wrong: a rule says no ([`Rejection`], shown to the person), or the machinery fails
//! ([`Fault`], logged and masked).

use std::fmt;

use crate::entity::enums::{JobPostState, ProposalState};

/// The result of nearly everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Either a rule said no, or something is broken.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule or a check of the input said no; nothing was changed.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The machinery failed; its transaction was rolled back.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Error {
    /// Whether somebody else holds what is needed now.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Rejected(no) => no.code == Code::Busy,
            Self::Fault(fault) => matches!(fault, Fault::Busy(_) | Fault::Conflict | Fault::Away),
        }
    }
}

/// A failure of the machinery. Its text is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// Something took longer than it may.
    #[error("{0} took too long")]
    TimedOut(&'static str),
    /// Another process holds what is needed now.
    #[error("{0}")]
    Busy(String),
    /// Another transaction was in the way; nothing was changed.
    #[error("another request was in the way")]
    Conflict,
    /// The database, or the connection to it, is away; the transaction under way was rolled back.
    #[error("the database is not available")]
    Away,
    /// The database did not say whether it saved what it was told to save.
    #[error("the database did not say whether this was saved")]
    Unknown,
    /// The process was asked to stop; what was done stands, the rest is done by the next run.
    #[error("stopped half way")]
    Stopped,
    /// The process's surroundings are not as they must be: a setting, a file, a port.
    #[error("{0}")]
    Setup(String),
    /// What cannot be, is.
    #[error("internal: {0}")]
    Broken(String),
}

impl Fault {
    /// What a caller hears of a fault that passes by itself: what became of the request, and what to do.
    /// `None` for one that is ours to mend.
    pub fn advice(&self) -> Option<String> {
        let sentence = match self {
            Self::Unknown => {
                "The database did not say whether this was saved. Send the same request again, with the same \
                 idempotency key if it takes one: then it is done once."
            }
            Self::Away => "The database is not available. Try again in a second.",
            Self::Stopped => "The server is stopping; what was done stands. Ask again for the rest.",
            Self::TimedOut(_) | Self::Busy(_) | Self::Conflict => {
                return Some(format!("This did not go through: {self}. Try again in a second."));
            }
            Self::Database(_) | Self::Setup(_) | Self::Broken(_) => return None,
        };
        Some(sentence.to_owned())
    }
}

/// A refusal by a rule or by a check of the input: data, not an accident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Stable code.
    pub code: Code,
    /// One sentence to a person: what is wrong and what to do.
    pub message: String,
    /// The input field at fault, as a path.
    pub field: Vec<String>,
    /// The rule that decided, such as `S-2`.
    pub rule: Option<&'static str>,
    /// The numbers behind it.
    pub facts: Facts,
}

impl Rejection {
    /// A refusal with `code` and a sentence that says what is wrong and what to do.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: Vec::new(), rule: None, facts: Facts::None }
    }

    /// Names the input field at fault.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = field.split('.').map(str::to_owned).collect();
        self
    }

    /// Names the rule that decided.
    #[must_use]
    pub fn by(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Adds the numbers behind it.
    #[must_use]
    pub fn with(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Rejection {}

/// The facts of a refusal that a program wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// The code says it all.
    None,
    /// Connects needed and there.
    InsufficientConnects {
        /// Connects needed.
        required: i64,
        /// Connects that can be spent.
        available: i64,
    },
    /// The price the person saw, and the price it is.
    ConnectsPriceChanged {
        /// Price the person saw.
        expected: i64,
        /// Price now.
        actual: i64,
    },
    /// A job post stands elsewhere than it would have to.
    JobPostState {
        /// Where it stands.
        state: JobPostState,
        /// Where it would have to.
        allowed: &'static [JobPostState],
    },
    /// A proposal stands elsewhere than it would have to.
    ProposalState {
        /// Where it stands.
        state: ProposalState,
        /// Where it would have to.
        allowed: &'static [ProposalState],
    },
    /// When it may be tried again.
    Throttled {
        /// Seconds to wait.
        retry_after_seconds: i64,
    },
}

/// Every code of a refusal. Stable: clients switch on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A value is malformed, too long, too short or out of range.
    InvalidInput,
    /// There is no such object, or the person may not see it.
    NotFound,
    /// The person may not do this.
    NotAllowed,
    /// Nobody is signed in.
    Unauthenticated,
    /// The idempotency key was used with other arguments.
    IdempotencyKeyReused,
    /// Too few spendable Connects.
    InsufficientConnects,
    /// The price is not the one the person saw.
    ConnectsPriceChanged,
    /// The freelancer has already sent a proposal to this job post.
    AlreadyProposed,
    /// The job post takes no proposals.
    JobPostNotOpen,
    /// The job post is the person's own.
    OwnJobPost,
    /// The person is no client.
    NotAClient,
    /// The object stands elsewhere in its life than it would have to.
    IllegalState,
    /// Somebody else changed the object meanwhile.
    Conflict,
    /// The person has reported this job post before.
    AlreadyReported,
    /// The client has appealed before.
    AlreadyAppealed,
    /// There is no open report or appeal.
    NothingToDecide,
    /// The time to edit this is over.
    EditWindowClosed,
    /// The person has no freelancer profile.
    NotAFreelancer,
    /// The account is suspended.
    AccountSuspended,
    /// The account is not suspended.
    NotSuspended,
    /// The account is closed.
    AccountClosed,
    /// The account is not closed.
    AccountNotClosed,
    /// The account was closed too short a time ago.
    TooEarly,
    /// The e-mail address must be verified first.
    EmailNotVerified,
    /// The e-mail address or the password is wrong.
    InvalidCredentials,
    /// The session has ended, or there never was one.
    SessionEnded,
    /// The mailed token is unknown, used or too old.
    InvalidToken,
    /// The password is easily guessed.
    WeakPassword,
    /// Tried too often.
    Throttled,
    /// There is an account with this e-mail address.
    EmailTaken,
    /// Nobody can register from this country.
    CountryNotSupported,
    /// The wallet is on this plan already, or will be from its next cycle.
    PlanUnchanged,
    /// Sandbox time only moves forward.
    ClockNotForward,
    /// The database lives in system time, which nobody can move.
    NotASandbox,
    /// The machine's clock lies too far ahead to be believed.
    ClockImplausible,
    /// The clock is being advanced, or the task is running, elsewhere.
    Busy,
}

impl Code {
    /// Whether the same call may succeed later.
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::InsufficientConnects | Self::Busy | Self::Throttled)
    }
}
