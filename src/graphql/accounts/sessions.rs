//! Signing in and out (P-1). None of these mutations takes an idempotency key or a dry run: repeating one does
//! no harm, and a rehearsed guess would still be a guess.

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

/// Input of `signIn`.
#[derive(InputObject)]
pub struct SignInInput {
    /// The e-mail address; case does not matter.
    email: String,
    /// The password.
    password: String,
}

/// Input of `refreshSession`.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The session's current refresh token; each works once.
    refresh_token: String,
}

/// Input of `signOut`.
#[derive(InputObject)]
pub struct SignOutInput {
    /// A refresh token of the session to end; if left out, the session of the request's access token ends.
    refresh_token: Option<String>,
}

/// Input of `signOutEverywhere`.
#[derive(InputObject)]
pub struct SignOutEverywhereInput {
    /// The account whose sessions end; if left out, the viewer's own. Only admins and support may name another
    /// account.
    account_id: Option<IdOf<Account>>,
}

/// The access token and the refresh token of a session.
#[derive(SimpleObject)]
pub struct SessionTokens {
    /// The bearer token for the `Authorization` header.
    access_token: String,
    /// When the access token expires, by the wall clock.
    access_token_expires_at: DateTime,
    /// The token that gets the next pair of tokens, once.
    refresh_token: String,
    /// When the session expires and can no longer be refreshed, by the wall clock.
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
    /// The session's tokens; null if the request was refused.
    tokens: Option<SessionTokens>,
    /// The person who signed in; null if the request was refused.
    viewer: Option<Viewer>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `refreshSession`.
#[derive(SimpleObject)]
pub struct RefreshSessionPayload {
    /// The session's next tokens; null if the request was refused.
    tokens: Option<SessionTokens>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `signOut`.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Whether the session was ended.
    signed_out: bool,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Result of `signOutEverywhere`.
#[derive(SimpleObject)]
pub struct SignOutEverywherePayload {
    /// The account whose sessions were ended; null if the request was refused.
    account: Option<Account>,
    /// The reasons for a refusal; empty on success.
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
        #[graphql(desc = "The e-mail address and the password.")] input: SignInInput,
    ) -> Answer<SignInPayload> {
        let request = request(ctx);
        let credentials = (input.email.as_str(), input.password.as_str());
        let done = accounts::sign_in(&request.db, &request.gate, request.origin, credentials);
        let (done, user_errors) = answer(ctx, done).await?;
        let tokens = done.as_ref().map(|(signed_in, _)| signed_in.into());
        let viewer = done.map(|(signed_in, roles)| Viewer(viewer::Viewer(signed_in.account, roles)));
        Ok(SignInPayload { tokens, viewer, user_errors })
    }

    /// Gets the next tokens of a session. Reusing a refresh token ends the session, except that a retry within
    /// a few seconds receives the same tokens (P-1).
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to refresh.")] input: RefreshSessionInput,
    ) -> Answer<RefreshSessionPayload> {
        let request = request(ctx);
        let done = accounts::refresh(&request.db, &request.gate, &input.refresh_token);
        let (signed_in, user_errors) = answer(ctx, done).await?;
        Ok(RefreshSessionPayload { tokens: signed_in.as_ref().map(Into::into), user_errors })
    }

    /// Ends a session; its access tokens are refused at once (P-1).
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: SignOutInput,
    ) -> Answer<SignOutPayload> {
        let request = request(ctx);
        let token = input.refresh_token.as_deref();
        let done = accounts::sign_out(&request.db, &request.gate, request.origin, token);
        let (done, user_errors) = answer(ctx, done).await?;
        Ok(SignOutPayload { signed_out: done.is_some(), user_errors })
    }

    /// Ends all sessions of a person; their access tokens are refused at once (P-1).
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account whose sessions to end.")] input: SignOutEverywhereInput,
    ) -> Answer<SignOutEverywherePayload> {
        let request = request(ctx);
        let done = async {
            let actor = request.person()?;
            let account = input.account_id.as_ref().map_or(Ok(actor.id()), IdOf::key)?;
            request.db.write(async |txn| accounts::sign_out_everywhere(txn, actor, account).await).await
        };
        let (account, user_errors) = answer(ctx, done).await?;
        Ok(SignOutEverywherePayload { account: account.map(Account), user_errors })
    }
}
