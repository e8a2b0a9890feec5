//! Pure rules of the affiliate programme: who may do what, where links lead, which clicks count, and to whom a registration
//! is attributed.

pub mod artwork;
pub mod rings;
pub mod visitors;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use url::Url;

use crate::{
    entity::{
        attribution, click,
        enums::{
            AffiliateState::{self, Approved, Pending, Rejected, Suspended, Terminated},
            AttributionRefusal::{
                self, AffiliateNotApproved, ClickTooOld, Freelancer, KnownPerson, NotAClient,
            },
            AttributionState, ClickFate, FlagState, LinkTarget, TraceKind,
        },
        ids::AffiliateLinkId,
    },
    error::Rejection,
    input::invalid,
    moves::moves,
};

moves! {
    /// An action on an affiliate (F-1).
    AffiliateMove of AffiliateState {
        /// The person applies once more.
        ApplyAgain: Rejected => Pending,
        /// An admin approves the application.
        Approve: Pending => Approved,
        /// An admin rejects it.
        Reject: Pending => Rejected,
        /// An admin suspends the affiliate.
        Suspend: Approved => Suspended,
        /// An admin lifts the suspension.
        Reinstate: Suspended => Approved,
        /// An admin ends the affiliate's part in the programme.
        Terminate: Approved | Suspended => Terminated,
    }
}

moves! {
    /// A decision on a flag (F-8).
    FlagMove of FlagState {
        /// An admin finds nothing wrong.
        Clear: FlagState::Open => FlagState::Cleared,
        /// An admin finds fraud.
        Uphold: FlagState::Open => FlagState::Upheld,
    }
}

/// The state of a flag in `state` after the decision (F-8).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn judged(state: FlagState, way: FlagMove) -> Result<FlagState, Rejection> {
    way.after(state).ok_or_else(|| {
        Rejection::illegal_state("This flag", state, way.from()).at("affiliateFlagId").by("F-8")
    })
}

/// The state of an affiliate in `state` after the action (F-1).
///
/// # Errors
/// `ILLEGAL_STATE`.
pub fn moved(state: AffiliateState, way: AffiliateMove) -> Result<AffiliateState, Rejection> {
    way.after(state).ok_or_else(|| {
        Rejection::illegal_state("This affiliate", state, way.from()).at("affiliateId").by("F-1")
    })
}

/// The most characters of a path.
const PATH_AT_MOST: usize = 500;

/// The path and query to which a link leads (F-2): the page of its target, or what was typed for a deep link.
///
/// # Errors
/// `INVALID_INPUT` for anything that could lead to another site.
pub fn path_of(target: LinkTarget, typed: Option<&str>) -> Result<String, Rejection> {
    match (target, typed) {
        (LinkTarget::TalentMarketplace, None) => Ok("/".to_owned()),
        (LinkTarget::ProjectCatalog, None) => Ok("/catalog".to_owned()),
        (LinkTarget::DeepLink, Some(typed)) => {
            let sentence =
                "This is not a page of the site. Write its path, beginning with one slash, such as /jobs/42.";
            own_path(typed).ok_or_else(|| invalid("path", sentence))
        }
        (LinkTarget::DeepLink, None) => {
            Err(invalid("path", "A deep link needs a path. Write that of the page, such as /jobs/42."))
        }
        (_, Some(_)) => Err(invalid("path", "Only a deep link has a path. Leave it out.")),
    }
}

/// `typed` as a path of our own site, as browsers understand it; nothing if a browser could go anywhere else.
fn own_path(typed: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_graphic() && c != '\\';
    let own = Url::parse("https://own.invalid").ok()?;
    if typed.len() > PATH_AT_MOST || !typed.starts_with('/') || !typed.chars().all(plain) {
        return None;
    }
    let read = own.join(typed).ok()?;
    let is_ours = read.origin() == own.origin() && read.username().is_empty() && read.password().is_none();
    let path = read.as_str().strip_prefix("https://own.invalid")?.to_owned();
    // The redirector is no page.
    (is_ours && !path.starts_with("//") && !path.starts_with("/r/")).then_some(path)
}

/// The code of a link: its id without what all ids of one day share.
pub fn code_of(id: AffiliateLinkId) -> String {
    id.0.simple().to_string().split_off(16)
}

/// What is known of a person when they register.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Whether they have a client profile.
    pub is_client: bool,
    /// Whether they registered as a freelancer.
    pub is_freelancer: bool,
    /// What they share with other accounts.
    pub shared: BTreeSet<TraceKind>,
    /// The time since the click.
    pub since_click: TimeDelta,
    /// The state of the affiliate.
    pub affiliate: AffiliateState,
}

/// Why a registration counts for nobody, if so (F-4). `window` is how long a click counts.
pub fn refusal_of(facts: &Registered, window: TimeDelta) -> Option<AttributionRefusal> {
    let known = [TraceKind::Person, TraceKind::Organisation, TraceKind::Payment];
    let reasons = [
        (facts.affiliate != Approved, AffiliateNotApproved),
        (facts.since_click >= window, ClickTooOld),
        (facts.is_freelancer, Freelancer),
        (!facts.is_client, NotAClient),
        (known.iter().any(|kind| facts.shared.contains(kind)), KnownPerson),
    ];
    reasons.into_iter().find_map(|(applies, refusal)| applies.then_some(refusal))
}

/// The outcome of `click` of the browser that brought the client of `attribution` (F-4).
pub fn fate_of(click: &click::Model, attribution: &attribution::Model) -> ClickFate {
    let window = attribution.hire_before - attribution.clicked_at;
    // The last click wins, so one after the winner came after the registration, if only by less than the clock shows.
    if (click.clicked_at, click.id) > (attribution.clicked_at, attribution.click_id) {
        return ClickFate::TooLate;
    }
    match (click.id == attribution.click_id, attribution.state) {
        (true, AttributionState::Refused) => ClickFate::Refused,
        (true, _) => ClickFate::Won,
        (false, _) if attribution.registered_at - click.clicked_at >= window => ClickFate::TooOld,
        (false, _) => ClickFate::Superseded,
    }
}

#[cfg(test)]
mod tests;
