//! Changing a password, and setting a new one by mail (P-1).

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    accounts::{self, ChangePassword},
    graphql::kit::{
        context::request,
        errors::{UserError, payload},
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

/// What became of a change of password.
#[derive(SimpleObject)]
pub struct ChangePasswordPayload {
    /// Whether the password was changed and other sessions have ended.
    changed: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a request for a token.
#[derive(SimpleObject)]
pub struct RequestPasswordResetPayload {
    /// Whether the request was taken; a mail goes out if there is an account with this address.
    accepted: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a new password.
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
    ) -> async_graphql::Result<ChangePasswordPayload> {
        let request = request(ctx);
        let work = async {
            let passwords = ChangePassword { current: &input.current_password, new: &input.new_password };
            let (db, gate, viewer) = (&request.db, &request.gate, request.person()?);
            accounts::change_password(db, gate, request.origin, viewer, passwords).await
        };
        let user_errors = payload(request, work.await)?.err().unwrap_or_default();
        Ok(ChangePasswordPayload { changed: user_errors.is_empty(), user_errors })
    }

    /// Mails a token that sets a new password, if there is an account with this address; answers alike
    /// if not (P-1).
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: RequestPasswordResetInput,
    ) -> async_graphql::Result<RequestPasswordResetPayload> {
        let request = request(ctx);
        let work = accounts::request_reset(&request.db, &request.gate, request.origin, &input.email);
        let user_errors = payload(request, work.await)?.err().unwrap_or_default();
        Ok(RequestPasswordResetPayload { accepted: user_errors.is_empty(), user_errors })
    }

    /// Sets a new password with a mailed token, and ends all sessions (P-1).
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token and the new password.")] input: ResetPasswordInput,
    ) -> async_graphql::Result<ResetPasswordPayload> {
        let request = request(ctx);
        let work = accounts::reset_password(&request.db, &request.gate, &input.token, &input.new_password);
        let user_errors = payload(request, work.await)?.err().unwrap_or_default();
        Ok(ResetPasswordPayload { changed: user_errors.is_empty(), user_errors })
    }
}
