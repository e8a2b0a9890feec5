//! Changing a password, and resetting it by mail (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    accounts::{self, ChangePassword},
    graphql::kit::{
        context::request,
        errors::UserError,
        mutation::{Answer, answer},
    },
};

/// Input of `changePassword`.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    current_password: String,
    /// The new password; 10 to 256 characters (policy), and not among the passwords that are guessed first.
    new_password: String,
}

/// Input of `requestPasswordReset`.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The e-mail address; case does not matter.
    email: String,
}

/// Input of `resetPassword`.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The token from the mail; it works once and for a limited time.
    token: String,
    /// The new password; 10 to 256 characters (policy), and not among the passwords that are guessed first.
    new_password: String,
}

/// Result of `changePassword`.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// Whether the password was changed and the viewer's other sessions were ended.
    changed: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `requestPasswordReset`.
#[derive(SimpleObject)]
pub struct RequestPasswordResetPayload {
    /// Whether the request was accepted; a mail is sent only if there is an account with this address.
    accepted: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `resetPassword`.
#[derive(SimpleObject)]
pub struct ResetPasswordPayload {
    /// Whether the new password was set and all sessions were ended.
    changed: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Changes to passwords.
#[derive(Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Changes the viewer's password and ends their other sessions (P-1).
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The current and the new password.")] input: ChangePasswordInput,
    ) -> Answer<ChangePasswordPayload> {
        let request = request(ctx);
        let done = async {
            let passwords = ChangePassword { current: &input.current_password, new: &input.new_password };
            let (db, gate, viewer) = (&request.db, &request.gate, request.person()?);
            accounts::change_password(db, gate, request.origin, viewer, passwords).await
        };
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(ChangePasswordPayload { changed: done.is_some(), user_errors })
    }

    /// Sends a mail with a token that sets a new password, if there is an account with this address. The answer
    /// is the same if there is none (P-1).
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The e-mail address of the account.")] input: RequestPasswordResetInput,
    ) -> Answer<RequestPasswordResetPayload> {
        let request = request(ctx);
        let done = accounts::request_reset(&request.db, &request.gate, request.origin, &input.email);
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(RequestPasswordResetPayload { accepted: done.is_some(), user_errors })
    }

    /// Sets a new password with a token from a mail, and ends all sessions of the person (P-1).
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and the new password.")] input: ResetPasswordInput,
    ) -> Answer<ResetPasswordPayload> {
        let request = request(ctx);
        let done = accounts::reset_password(&request.db, &request.gate, &input.token, &input.new_password);
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(ResetPasswordPayload { changed: done.is_some(), user_errors })
    }
}
