//! Refusals by promo codes.

use crate::{
    clock::Instant,
    entity::enums::{Currency, MembershipPlan, PromoKind},
    error::{Code, Error, Facts, Rejection},
    input::invalid,
    money::Money,
};

/// The field of an input that has the code.
const FIELD: &str = "promoCode";

/// There is no such code, or it has not started.
pub fn unknown() -> Rejection {
    refused(Code::PromoCodeUnknown, "There is no such promo code. Check how it is written.")
}

/// The code was valid until `ended`.
pub fn expired(ended: Instant) -> Rejection {
    let sentence = format!(
        "This promo code was valid until {}. Use another one, or none.",
        ended.format("%Y-%m-%d %H:%M UTC")
    );
    refused(Code::PromoCodeExpired, sentence)
}

/// All its uses are taken.
pub fn used_up() -> Rejection {
    refused(Code::PromoCodeUsedUp, "All uses of this promo code are taken. Use another one, or none.")
}

/// The person has used it as often as one may.
pub fn already_used(times: i64) -> Rejection {
    let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    let sentence =
        format!("One account can use this promo code {often}, and yours has. Use another one, or none.");
    refused(Code::PromoCodeAlreadyUsed, sentence)
}

/// It is for other countries.
pub fn elsewhere(country: &str) -> Rejection {
    not_applicable(format!("This promo code cannot be used in {country}. Use another one, or none."))
}

/// It is for other plans.
pub fn other_plan(plan: MembershipPlan) -> Rejection {
    not_applicable(format!("This promo code is not for members on {plan}. Use another one, or none."))
}

/// It is for larger purchases.
pub fn below_minimum(minimum_cents: i64) -> Rejection {
    let minimum = Money::new(minimum_cents, Currency::Usd);
    not_applicable(format!(
        "This promo code is for purchases of {minimum} or more. Buy more, or use another one."
    ))
}

/// It gives something with a purchase only.
pub fn needs_purchase() -> Rejection {
    not_applicable("This promo code is for purchases. Use it when you buy Connects.".to_owned())
}

/// It gives something without a purchase only.
pub fn needs_no_purchase() -> Rejection {
    not_applicable("This promo code needs no purchase. Redeem it on its own.".to_owned())
}

fn not_applicable(sentence: String) -> Rejection {
    refused(Code::PromoCodeNotApplicable, sentence)
}

fn refused(code: Code, sentence: impl Into<String>) -> Rejection {
    Rejection::new(code, sentence).at(FIELD).by("B-5")
}

/// So many codes that do not exist were typed, by a person or from an address, that more would look like guessing.
pub fn too_many_tries(error: Error) -> Error {
    let Error::Rejected(Rejection {
        code: Code::Throttled,
        facts: Facts::Throttled { retry_after_seconds },
        ..
    }) = error
    else {
        return error;
    };
    let sentence = format!(
        "Too many promo codes were tried that do not exist. Try again in {retry_after_seconds} seconds."
    );
    let throttled = Rejection::new(Code::Throttled, sentence).at(FIELD).by("B-5");
    throttled.with(Facts::Throttled { retry_after_seconds }).into()
}

/// The person has no freelancer profile, and so no wallet.
pub fn no_wallet() -> Rejection {
    let sentence = "Only freelancers redeem promo codes. Create a freelancer profile first.";
    Rejection::new(Code::NotAFreelancer, sentence).by("P-2")
}

/// A code of that name exists already.
pub fn taken(code: &str) -> Rejection {
    let sentence = format!("There is a promo code {code} already. Choose another name.");
    Rejection::new(Code::PromoCodeTaken, sentence).at("code").by("B-5")
}

/// A name that no code can have.
pub fn bad_name(field: &'static str, least: usize, most: usize) -> Rejection {
    let sentence = format!(
        "A promo code has {least} to {most} letters of the English alphabet, digits and dashes. Choose another name."
    );
    invalid(field, sentence).by("B-5")
}

/// So many codes cannot be made at once, or named codes are one at a time.
pub fn bad_count(most: i32) -> Rejection {
    let sentence = format!("Up to {most} codes are made at once. A code with a name is made alone.");
    invalid("count", sentence).by("B-5")
}

/// The kind of code gives something else.
pub fn has_not(kind: PromoKind, other: &str, field: &str) -> Rejection {
    invalid(other, format!("A code of the kind {kind} does not say this. Say {field}.")).by("B-5")
}

/// The code does not say how much it gives, or too much.
pub fn needs(kind: PromoKind, field: &str, range: &str) -> Rejection {
    invalid(field, format!("A code of the kind {kind} gives {range}. Say how much.")).by("B-5")
}

/// It is not a country.
pub fn bad_country() -> Rejection {
    let sentence = "A country is a code of two letters, such as US. Write those of ISO 3166-1.";
    invalid("countries", sentence).by("B-5")
}

/// A code ends earlier than it was to end, or not at all.
pub fn ends_late(end: Instant) -> Rejection {
    let sentence =
        format!("This code ends at {} already. Choose an earlier instant.", end.format("%Y-%m-%d %H:%M UTC"));
    invalid("endsAt", sentence).by("B-5")
}

/// A code that is used alone has no purchase that could be too small.
pub fn minimum_alone() -> Rejection {
    invalid("minimumPurchase", "This kind of code needs no purchase, so it has no minimum. Leave it out.")
        .by("B-5")
}

/// There is no such code that an admin could end.
pub fn no_such_code() -> Rejection {
    let sentence = "There is no such promo code. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("promoCodeId")
}

/// The code has ended.
pub fn over(ended: Instant) -> Rejection {
    let sentence =
        format!("This promo code ended at {}. Make another one.", ended.format("%Y-%m-%d %H:%M UTC"));
    Rejection::new(Code::PromoCodeExpired, sentence).at("promoCodeId").by("B-5")
}

/// A limit makes no sense.
pub fn bad_limit(field: &'static str) -> Rejection {
    invalid(field, "A limit is from 1 to 1,000,000. Leave it out for the usual one.").by("B-5")
}

/// The code ends before it starts, or has ended.
pub fn ends_early() -> Rejection {
    invalid("endsAt", "A promo code ends after it starts, and not before now. Choose a later time.").by("B-5")
}
