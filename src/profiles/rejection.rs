//! Refusals by profiles.

use crate::{
    error::{Code, Rejection},
    input::invalid,
};

/// Only freelancers have a profile.
pub fn not_a_freelancer() -> Rejection {
    let sentence = "You have no freelancer profile. Add one first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("M-11")
}

/// That is no address.
pub fn bad_slug() -> Rejection {
    let sentence = "An address has 3 to 50 characters: letters from a to z, digits, and single hyphens between them, with at \
                    least one letter. Choose another one.";
    invalid("slug", sentence).by("M-11")
}

/// The address is another person's.
pub fn slug_taken() -> Rejection {
    let sentence = "This address belongs to somebody else. Choose another one.";
    Rejection::new(Code::ProfileUrlTaken, sentence).at("slug").by("M-11")
}

/// The person has chosen as many addresses as one may.
pub fn too_many_slugs(most: usize) -> Rejection {
    let sentence =
        format!("You have chosen {most} addresses, and more are not allowed. Choose one of yours.");
    Rejection::new(Code::TooManyProfileUrls, sentence).at("slug").by("M-11")
}
