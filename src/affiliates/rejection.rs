//! Refusals by the affiliate programme.

use crate::error::{Code, Rejection};

/// There is no such affiliate, or the person may not see them.
pub fn no_such_affiliate() -> Rejection {
    let sentence = "There is no such affiliate. Take the id from a query.";
    Rejection::new(Code::NotFound, sentence).at("affiliateId")
}

/// There is no such flag, or the person may not see it.
pub fn no_such_flag() -> Rejection {
    let sentence = "There is no such flag. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("affiliateFlagId")
}

/// An admin who has a part in a registration does not decide on its flags.
pub fn own_flag() -> Rejection {
    let sentence = "You have a part in this registration. Ask another admin to decide.";
    Rejection::new(Code::NotAllowed, sentence).at("affiliateFlagId").by("F-8")
}

/// There is no such link, or it is another affiliate's.
pub fn no_such_link() -> Rejection {
    let sentence = "There is no such affiliate link. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("affiliateLinkId")
}

/// There is no such creative, or it is retired.
pub fn no_such_creative() -> Rejection {
    let sentence = "There is no such creative in use. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("affiliateCreativeId")
}

/// The folder or the bucket of pictures does not take a file.
pub fn assets_unavailable() -> Rejection {
    let sentence = "The picture cannot be kept now. Try again in a minute.";
    Rejection::new(Code::AssetsUnavailable, sentence).by("F-2")
}

/// The terms have another version by now.
pub fn terms_changed(current: i64) -> Rejection {
    let sentence = format!("The terms have version {current} by now. Read them, and accept that version.");
    Rejection::new(Code::TermsChanged, sentence).at("termsVersion").by("F-1")
}

/// The person is not an approved affiliate.
pub fn not_an_affiliate() -> Rejection {
    let sentence = "You are not an approved affiliate. Apply first, and wait for the decision.";
    Rejection::new(Code::NotAnAffiliate, sentence).by("F-2")
}

/// An admin who is an affiliate does not decide on themselves.
pub fn own_affiliate() -> Rejection {
    let sentence = "You cannot decide on yourself. Ask another admin.";
    Rejection::new(Code::NotAllowed, sentence).at("affiliateId").by("F-1")
}

/// The affiliate has as many links in use as one may have.
pub fn too_many_links(most: u64) -> Rejection {
    let sentence = format!("You have {most} links in use, and more are not allowed. Retire one first.");
    Rejection::new(Code::TooManyLinks, sentence).by("F-2")
}
