//! What can go wrong: a rule says no ([`Rejection`], shown to the person), or the machinery fails
//! ([`Fault`], logged and masked).

mod code;

use std::fmt;

pub use self::code::Code;

use crate::{entity::enums::Vocabulary, money::Money};

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
    /// Whether someone else is using what is needed now.
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Rejected(no) => no.code == Code::Busy,
            Self::Fault(fault) => {
                matches!(fault, Fault::Busy(_) | Fault::Locked | Fault::Conflict | Fault::Away)
            }
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
    /// Another transaction has locked what is needed now, and did not end in time.
    #[error("another request is working on the same thing")]
    Locked,
    /// Another transaction was in the way; nothing was changed.
    #[error("another request was in the way")]
    Conflict,
    /// The database, or the connection to it, is away; the transaction under way was rolled back.
    #[error("the database is not available")]
    Away,
    /// The database did not confirm whether it saved the changes.
    #[error("the database did not say whether this was saved")]
    Unknown,
    /// The process was asked to stop; what was done remains, and the next run does the rest.
    #[error("stopped midway")]
    Stopped,
    /// The process's surroundings are not as they must be: a setting, a file, a port.
    #[error("{0}")]
    Setup(String),
    /// A state that should be impossible.
    #[error("internal: {0}")]
    Broken(String),
}

impl Fault {
    /// The message to a caller about a fault that passes by itself: the outcome of the request, and what to do.
    /// `None` for a fault that we have to fix.
    pub fn advice(&self) -> Option<String> {
        let sentence = match self {
            Self::Unknown => {
                "The database did not say whether this was saved. Send the same request again, with the same \
                 idempotency key if it takes one, and it will be done only once."
            }
            Self::Away => "The database is not available. Try again in a second.",
            Self::Stopped => "The server is stopping, and what was done remains. Ask again for the rest.",
            Self::TimedOut(_) | Self::Busy(_) | Self::Locked | Self::Conflict => {
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
    /// A message to a person: what is wrong, and what to do.
    pub message: String,
    /// The input field at fault, as a path from the input on.
    pub field: Vec<String>,
    /// The rule that decided, such as `S-2`.
    pub rule: Option<&'static str>,
    /// The numbers behind it.
    pub facts: Facts,
}

impl Rejection {
    /// A refusal with `code` and a message that says what is wrong and what to do.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: Vec::new(), rule: None, facts: Facts::None }
    }

    /// A refusal because `thing`, such as `This job post`, is in `state` and would have to be in one of `allowed`.
    pub fn illegal_state<S: Vocabulary>(thing: &str, state: S, allowed: &[S]) -> Self {
        let (of, state) = (S::NAME, state.word());
        let allowed: Vec<_> = allowed.iter().map(|one| one.word()).collect();
        let sentence =
            format!("{thing} is {state}. This can be done only while it is {}.", allowed.join(" or "));
        let facts = Box::new(IllegalState { of, state, allowed });
        Self::new(Code::IllegalState, sentence).with(Facts::IllegalState(facts))
    }

    /// Names the input field at fault, such as `content.title`; none when empty.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = field.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        self
    }

    /// Says that the field at fault, if there is one, belongs to `outer`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        if !self.field.is_empty() {
            self.field.insert(0, outer.to_owned());
        }
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

/// The facts of a refusal, for programs to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Facts {
    /// Nothing beyond the code.
    None,
    /// Connects needed and available.
    InsufficientConnects {
        /// Connects needed.
        required: i64,
        /// Connects that can be spent.
        available: i64,
    },
    /// Cash needed and available.
    InsufficientCash {
        /// Money needed.
        required: Money,
        /// Money in the cash account.
        available: Money,
    },
    /// The price the person saw, and the current price.
    ConnectsPriceChanged {
        /// Price the person saw.
        expected: i64,
        /// Price now.
        actual: i64,
    },
    /// The state of an object, and the states in which the action is allowed.
    IllegalState(Box<IllegalState>),
    /// When the person may try again.
    Throttled {
        /// Seconds to wait.
        retry_after_seconds: i64,
    },
}

/// The state of an object and the allowed states, in the words of an enum of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IllegalState {
    /// Name of the enum.
    pub of: &'static str,
    /// The object's state.
    pub state: &'static str,
    /// The states in which the action is allowed.
    pub allowed: Vec<&'static str>,
}
