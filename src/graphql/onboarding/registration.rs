//! Registering, and verifying an address (P-1). None of these takes an idempotency key or a dry run:
//! repeating one does no harm, and a rehearsed guess would be a guess.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    graphql::kit::{
        context::{Request, request},
        errors::UserError,
        mutation::{Answer, answer},
    },
    onboarding::{self, Registration, SignUp},
};

/// Who registers, and as what.
#[derive(InputObject)]
pub struct RegisterInput {
    /// E-mail address; a token that verifies it is mailed there.
    email: String,
    /// 10 to 256 characters that can be seen; not one of the first that are guessed.
    password: String,
    /// Name as shown to others; one line of 1 to 100 characters that can be seen.
    name: String,
    /// ISO 3166-1 alpha-2 country, such as `US` (P-5).
    country: String,
    /// With a freelancer profile and so a wallet.
    #[graphql(default)]
    freelancer: bool,
    /// May post jobs.
    #[graphql(default)]
    client: bool,
}

/// A mailed token that verifies an address.
#[derive(InputObject)]
pub struct VerifyEmailInput {
    /// The token.
    token: String,
}

/// An address to be verified.
#[derive(InputObject)]
pub struct RequestEmailVerificationInput {
    /// E-mail address, in any case.
    email: String,
}

/// Result of `register`.
#[derive(SimpleObject)]
pub struct RegisterPayload {
    /// Whether a mail was sent: a token that verifies the address, or, to one that has an account, a notice.
    /// Which of the two is told there only.
    mail_sent: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `verifyEmail`.
#[derive(SimpleObject)]
pub struct VerifyEmailPayload {
    /// Whether the address is verified now.
    verified: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `requestEmailVerification`.
#[derive(SimpleObject)]
pub struct RequestEmailVerificationPayload {
    /// Whether the request was taken; a mail goes out if an account with this address waits for one.
    accepted: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Registering and verifying an address.
#[derive(Default)]
pub struct RegistrationMutation;

#[Object]
impl RegistrationMutation {
    /// Registers a person and mails a token that verifies the address. An address that has an account
    /// is answered alike, and its owner is told by mail (P-1, P-5).
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and as what.")] input: RegisterInput,
    ) -> Answer<RegisterPayload> {
        let request = request(ctx);
        let RegisterInput { email, password, name, country, freelancer, client } = input;
        let who = Registration { email, name, country, freelancer, client, admin: false, verified: false };
        let sign_up = SignUp { who, password };
        let done = onboarding::sign_up(&request.db, &request.gate, request.origin, &sign_up).await;
        let (done, user_errors) = answer(ctx, done)?;
        Ok(RegisterPayload { mail_sent: done.is_some(), user_errors })
    }

    /// Verifies an e-mail address with the token that was mailed there; a welcome gift that waited for it
    /// is issued at once.
    async fn verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: VerifyEmailInput,
    ) -> Answer<VerifyEmailPayload> {
        let request = request(ctx);
        let verify = async |txn: &_| onboarding::verify_email(txn, &request.gate, &input.token).await;
        let (done, user_errors) = answer(ctx, request.db.write(verify).await)?;
        Ok(VerifyEmailPayload { verified: done.is_some(), user_errors })
    }

    /// Mails another token that verifies an address, if an account waits for one; answers alike if not.
    async fn request_email_verification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: RequestEmailVerificationInput,
    ) -> Answer<RequestEmailVerificationPayload> {
        let Request { db, gate, origin, .. } = request(ctx);
        let done = onboarding::request_verification(db, gate, *origin, &input.email).await;
        let (done, user_errors) = answer(ctx, done)?;
        Ok(RequestEmailVerificationPayload { accepted: done.is_some(), user_errors })
    }
}
