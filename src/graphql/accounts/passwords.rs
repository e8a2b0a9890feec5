//! Changing a password, and setting a new one by mail (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    accounts::{self, ChangePassword},
    graphql::kit::{
        context::request,
        errors::UserError,
        mutation::{Answer, answer},
    },
};

/// The password a person has, and the one he wants.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password until now.
    current_password: String,
    /// The password from now on; 10 to 256 characters (policy), not one of the first that are guessed.
    new_password: String,
}

/// Who needs a new password.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// E-mail address, in any case.
    email: String,
}

/// A new password, and the mailed token that sets it.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The token; it works once, for a while.
    token: String,
    /// The password from now on; 10 to 256 characters, not one of the first that are guessed.
    new_password: String,
}

/// Result of `changePassword`.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// Whether the password was changed and other sessions have ended.
    changed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `requestPasswordReset`.
#[derive(SimpleObject)]
pub struct RequestPasswordResetPayload {
    /// Whether the request was taken; a mail goes out if there is an account with this address.
    accepted: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `resetPassword`.
#[derive(SimpleObject)]
pub struct ResetPasswordPayload {
    /// Whether the password was set and all sessions have ended.
    changed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Changes to passwords.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Changes the viewer's password and ends his other sessions (P-1).
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password until now and from now on.")] input: ChangePasswordInput,
    ) -> Answer<ChangePasswordPayload> {
        let request = request(ctx);
        let done = async {
            let passwords = ChangePassword { current: &input.current_password, new: &input.new_password };
            let (db, gate, viewer) = (&request.db, &request.gate, request.person()?);
            accounts::change_password(db, gate, request.origin, viewer, passwords).await
        };
        let (done, user_errors) = answer(ctx, done.await)?;
        Ok(ChangePasswordPayload { changed: done.is_some(), user_errors })
    }

    /// Mails a token that sets a new password, if there is an account with this address; answers alike
    /// if not (P-1).
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: RequestPasswordResetInput,
    ) -> Answer<RequestPasswordResetPayload> {
        let request = request(ctx);
        let done = accounts::request_reset(&request.db, &request.gate, request.origin, &input.email);
        let (done, user_errors) = answer(ctx, done.await)?;
        Ok(RequestPasswordResetPayload { accepted: done.is_some(), user_errors })
    }

    /// Sets a new password with a mailed token, and ends all sessions (P-1).
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and the new password.")] input: ResetPasswordInput,
    ) -> Answer<ResetPasswordPayload> {
        let request = request(ctx);
        let done = accounts::reset_password(&request.db, &request.gate, &input.token, &input.new_password);
        let (done, user_errors) = answer(ctx, done.await)?;
        Ok(ResetPasswordPayload { changed: done.is_some(), user_errors })
    }
}
