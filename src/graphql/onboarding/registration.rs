//! Registering, and verifying an address (P-1). None of these mutations takes an idempotency key or a dry run:
//! repeating one does no harm, and a rehearsed guess would still be a guess.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    error::Result,
    graphql::kit::{
        context::{Request, request},
        errors::UserError,
        mutation::{Answer, answer},
    },
    input,
    onboarding::{self, Registration, SignUp},
};

/// Input of `register`.
#[derive(InputObject)]
pub struct RegisterInput {
    /// The e-mail address, to which a token that verifies it is sent.
    email: String,
    /// The password; 10 to 256 visible characters, and not among the passwords that are guessed first.
    password: String,
    /// The name that other people see; one line of 1 to 100 visible characters.
    name: String,
    /// The country, as an ISO 3166-1 alpha-2 code such as `US` (P-5).
    country: String,
    /// Whether to create a freelancer profile, and with it a wallet.
    #[graphql(default)]
    freelancer: bool,
    /// Whether to create a client profile, which may publish job posts.
    #[graphql(default)]
    client: bool,
    /// Whether the person registers to become an affiliate, for which they need no profile (F-1).
    #[graphql(default)]
    affiliate: bool,
    /// The code of the freelancer who referred the person (C-2). If nothing is said, the link counts by which their browser
    /// came.
    referral_code: Option<String>,
    /// What the client tells the person's device by, 8 to 200 characters. A keyed hash of it is kept, to tell people who
    /// belong together (F-8).
    device_id: Option<String>,
}

/// Input of `verifyEmail`.
#[derive(InputObject)]
pub struct VerifyEmailInput {
    /// The token from the mail.
    token: String,
}

/// Input of `requestEmailVerification`.
#[derive(InputObject)]
pub struct RequestEmailVerificationInput {
    /// The e-mail address; case does not matter.
    email: String,
}

/// Result of `register`.
#[derive(SimpleObject)]
pub struct RegisterPayload {
    /// Whether a mail was sent: a token that verifies the address or, if the address already has an account, a
    /// warning to its owner. Only the mail says which.
    mail_sent: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `verifyEmail`.
#[derive(SimpleObject)]
pub struct VerifyEmailPayload {
    /// Whether the address is now verified.
    verified: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `requestEmailVerification`.
#[derive(SimpleObject)]
pub struct RequestEmailVerificationPayload {
    /// Whether the request was accepted; a mail is sent only if an account with this address is still
    /// unverified.
    accepted: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// What a client tells a device by.
fn device(typed: &str) -> Result<String> {
    Ok(input::line("deviceId", typed, 8, 200)?)
}

/// Registering, and verifying an address.
#[derive(Default)]
pub struct RegistrationMutation;

#[Object]
impl RegistrationMutation {
    /// Registers a person and sends a mail with a token that verifies the address. If the address already has
    /// an account, the answer is the same, and a mail informs the account's owner (P-1, P-5).
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to register, and their profiles.")] input: RegisterInput,
    ) -> Answer<RegisterPayload> {
        let request = request(ctx);
        let RegisterInput {
            email,
            password,
            name,
            country,
            freelancer,
            client,
            affiliate,
            referral_code,
            device_id,
        } = input;
        let who = Registration { email, name, country, freelancer, client, admin: false, verified: false };
        let done = async {
            let device = device_id.as_deref().map(device).transpose()?;
            let (visit, referral_visit) = (request.visit, request.referral.clone());
            let sign_up = SignUp { who, password, affiliate, visit, referral_code, referral_visit, device };
            onboarding::sign_up(&request.db, &request.gate, request.origin, &sign_up).await
        };
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(RegisterPayload { mail_sent: done.is_some(), user_errors })
    }

    /// Verifies an e-mail address with the token that was sent to it. A welcome gift that was waiting for the
    /// verification is issued at once.
    async fn verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token from the mail.")] input: VerifyEmailInput,
    ) -> Answer<VerifyEmailPayload> {
        let request = request(ctx);
        let verified = onboarding::verify_email(&request.db, &request.gate, &input.token);
        let (done, user_errors) = answer(ctx, verified).await?;
        Ok(VerifyEmailPayload { verified: done.is_some(), user_errors })
    }

    /// Sends another mail with a token that verifies an address, if its account is still unverified. The answer
    /// is the same if there is none.
    async fn request_email_verification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address to verify.")] input: RequestEmailVerificationInput,
    ) -> Answer<RequestEmailVerificationPayload> {
        let Request { db, gate, origin, .. } = request(ctx);
        let done = onboarding::request_verification(db, gate, *origin, &input.email);
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(RequestEmailVerificationPayload { accepted: done.is_some(), user_errors })
    }
}
