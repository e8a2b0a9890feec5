//! Refusals by payments.

use crate::{
    error::{Code, Error, Facts, Rejection},
    input::invalid,
    money::Money,
};

/// The provider knows no such payment method.
pub fn method_invalid() -> Rejection {
    let sentence = "The payment provider knows no such payment method. Take the token from its form.";
    Rejection::new(Code::PaymentMethodInvalid, sentence).at("token").by("B-3")
}

/// The payment method is kept by a provider that this server does not use any more.
pub fn method_elsewhere() -> Rejection {
    let sentence =
        "This payment method was added with a payment provider that is not used any more. Add it again.";
    Rejection::new(Code::PaymentMethodInvalid, sentence).at("paymentMethodId").by("B-3")
}

/// A person pays with a payment method or from their cash account, and not with both.
pub fn one_way_to_pay() -> Rejection {
    let sentence = "Send either paymentMethodId, or fromCash: true to pay from your cash account.";
    invalid("paymentMethodId", sentence).by("P-3")
}

/// The person has as many payment methods as one may have.
pub fn too_many_methods(most: usize) -> Rejection {
    let sentence = format!("You have {most} payment methods, and more are not allowed. Remove one first.");
    Rejection::new(Code::TooManyPaymentMethods, sentence)
}

/// So many of the person's payments failed, or are not over yet, that more would look like trying out cards.
pub fn too_many_failures(retry_after_seconds: i64) -> Rejection {
    let sentence = format!(
        "Too many of your payments failed or are still under way. Check your card with its bank, and try again in \
         {retry_after_seconds} seconds."
    );
    Rejection::new(Code::Throttled, sentence).by("B-3").with(Facts::Throttled { retry_after_seconds })
}

/// There is no such payment method, or it is not the person's.
pub fn no_such_method() -> Rejection {
    let sentence = "There is no such payment method. Take its id from a query, or add one.";
    Rejection::new(Code::NotFound, sentence).at("paymentMethodId")
}

/// The provider does not answer, or cannot say.
pub fn provider_unavailable() -> Rejection {
    let sentence = "The payment provider does not answer. Try again in a minute.";
    Rejection::new(Code::PaymentProviderUnavailable, sentence)
}

/// The person has said nothing of how they pay, has too little cash, and has no payment method.
pub fn no_payment_method(required: Money) -> Rejection {
    let sentence = format!("This costs {required}, and you have no payment method. Add one, and try again.");
    Rejection::new(Code::NoPaymentMethod, sentence).by("M-7")
}

/// The person has too little cash to pay.
pub fn cash_too_little(required: Money, available: Money) -> Rejection {
    let sentence = format!(
        "This costs {required}, and your cash account has {available}. Pay with a payment method, which is charged for \
         all of it."
    );
    let facts = Facts::InsufficientCash { required, available };
    Rejection::new(Code::InsufficientCash, sentence).at("fromCash").by("P-3").with(facts)
}

/// There is no payment provider.
pub fn not_configured() -> Rejection {
    let sentence = "This server takes no payments. Ask its operator to configure a payment provider.";
    Rejection::new(Code::PaymentsNotConfigured, sentence)
}

/// So many payment methods were tried, by a person or from an address, that more would look like trying out cards.
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
        "Too many payment methods were tried. Try again in {retry_after_seconds} seconds, or use one that was added before."
    );
    Rejection::new(Code::Throttled, sentence).by("B-3").with(Facts::Throttled { retry_after_seconds }).into()
}
