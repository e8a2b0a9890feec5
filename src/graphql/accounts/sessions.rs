//! Signing in and out (P-1). None of these takes an idempotency key or a dry run:
//! repeating one does no harm, and a rehearsed guess would be a guess.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::{
    accounts::{self, SignedIn},
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            errors::UserError,
            ids::IdOf,
            mutation::{Answer, answer},
            scalars::DateTime,
        },
        viewer::Viewer,
    },
    viewer,
};

/// Who signs in.
#[derive(InputObject)]
pub struct SignInInput {
    /// E-mail address, in any case.
    email: String,
    /// Password.
    password: String,
}

/// A session to refresh.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token; it is used once.
    refresh_token: String,
}

/// A session to end.
#[derive(InputObject)]
pub struct SignOutInput {
    /// A refresh token of the session; the session of the request's access token unless given.
    refresh_token: Option<String>,
}

/// Whose sessions to end.
#[derive(InputObject)]
pub struct SignOutEverywhereInput {
    /// Whose; one's own unless given. Others' are for admins and support.
    account_id: Option<IdOf<Account>>,
}

/// The tokens of a session.
#[derive(SimpleObject)]
pub struct SessionTokens {
    /// A bearer token for the Authorization header.
    access_token: String,
    /// Until when it is valid, by the wall clock.
    access_token_expires_at: DateTime,
    /// Gets the next pair of tokens, once.
    refresh_token: String,
    /// Until when the session can be refreshed, by the wall clock.
    session_expires_at: DateTime,
}

impl From<&SignedIn> for SessionTokens {
    fn from(signed_in: &SignedIn) -> Self {
        Self {
            access_token: signed_in.access_token.clone(),
            access_token_expires_at: DateTime(signed_in.access_expires_at),
            refresh_token: signed_in.refresh_token.clone(),
            session_expires_at: DateTime(signed_in.session_expires_at),
        }
    }
}

/// Result of `signIn`.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The session's tokens; null when refused.
    tokens: Option<SessionTokens>,
    /// The person who signed in; null when refused.
    viewer: Option<Viewer>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `refreshSession`.
#[derive(SimpleObject)]
pub struct RefreshSessionPayload {
    /// The session's next tokens; null when refused.
    tokens: Option<SessionTokens>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `signOut`.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Whether the session has ended.
    signed_out: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Result of `signOutEverywhere`.
#[derive(SimpleObject)]
pub struct SignOutEverywherePayload {
    /// Whose sessions have ended; null when refused.
    account: Option<Account>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// Signing in and out.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Signs a person in (P-1).
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Address and password.")] input: SignInInput,
    ) -> Answer<SignInPayload> {
        let request = request(ctx);
        let credentials = (input.email.as_str(), input.password.as_str());
        let done = accounts::sign_in(&request.db, &request.gate, request.origin, credentials).await;
        let (done, user_errors) = answer(ctx, done)?;
        let tokens = done.as_ref().map(|(signed_in, _)| signed_in.into());
        let viewer = done.map(|(signed_in, roles)| Viewer(viewer::Viewer(signed_in.account, roles)));
        Ok(SignInPayload { tokens, viewer, user_errors })
    }

    /// Gets the next tokens of a session. A refresh token is used once; used again it ends the session,
    /// but for some seconds it gives the same tokens again to who did not hear the answer (P-1).
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RefreshSessionInput,
    ) -> Answer<RefreshSessionPayload> {
        let request = request(ctx);
        let done = accounts::refresh(&request.db, &request.gate, &input.refresh_token).await;
        let (signed_in, user_errors) = answer(ctx, done)?;
        Ok(RefreshSessionPayload { tokens: signed_in.as_ref().map(Into::into), user_errors })
    }

    /// Ends a session; its access tokens are refused at once (P-1).
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SignOutInput,
    ) -> Answer<SignOutPayload> {
        let request = request(ctx);
        let token = input.refresh_token.as_deref();
        let sign_out = async |txn: &_| accounts::sign_out(txn, &request.gate, request.origin, token).await;
        let (done, user_errors) = answer(ctx, request.db.write(sign_out).await)?;
        Ok(SignOutPayload { signed_out: done.is_some(), user_errors })
    }

    /// Ends all sessions of a person; their access tokens are refused at once (P-1).
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: SignOutEverywhereInput,
    ) -> Answer<SignOutEverywherePayload> {
        let request = request(ctx);
        let done = async {
            let actor = request.person()?;
            let account = input.account_id.as_ref().map_or(Ok(actor.id()), IdOf::key)?;
            request.db.write(async |txn| accounts::sign_out_everywhere(txn, actor, account).await).await
        };
        let (account, user_errors) = answer(ctx, done.await)?;
        Ok(SignOutEverywherePayload { account: account.map(Account), user_errors })
    }
}
