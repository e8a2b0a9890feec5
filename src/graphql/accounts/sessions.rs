//! Signing in and out (P-1). None of these takes an idempotency key or a dry run:
//! repeating one does no harm, and a rehearsed guess would be a guess.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use crate::{
    accounts::{self, SignedIn},
    entity::ids::AccountId,
    graphql::{
        accounts::account::Account,
        kit::{
            context::request,
            errors::{UserError, payload},
            ids::input_id,
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
    account_id: Option<ID>,
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

/// What became of signing in.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// The session's tokens, unless refused.
    tokens: Option<SessionTokens>,
    /// The person who signed in, unless refused.
    viewer: Option<Viewer>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of a refresh.
#[derive(SimpleObject)]
pub struct RefreshSessionPayload {
    /// The session's next tokens, unless refused.
    tokens: Option<SessionTokens>,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of signing out.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// Whether the session has ended.
    signed_out: bool,
    /// Why it was refused; empty when it was not.
    user_errors: Vec<UserError>,
}

/// What became of signing out everywhere.
#[derive(SimpleObject)]
pub struct SignOutEverywherePayload {
    /// Whose sessions have ended, unless refused.
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
    ) -> async_graphql::Result<SignInPayload> {
        let request = request(ctx);
        let credentials = (input.email.as_str(), input.password.as_str());
        let work = accounts::sign_in(&request.db, &request.gate, request.origin, credentials);
        Ok(match payload(request, work.await)? {
            Ok((signed_in, roles)) => SignInPayload {
                tokens: Some((&signed_in).into()),
                viewer: Some(Viewer(viewer::Viewer(signed_in.account, roles))),
                user_errors: Vec::new(),
            },
            Err(user_errors) => SignInPayload { tokens: None, viewer: None, user_errors },
        })
    }

    /// Gets the next tokens of a session. A refresh token is used once; used again it ends the session,
    /// but for some seconds it gives the same tokens again to who did not hear the answer (P-1).
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RefreshSessionInput,
    ) -> async_graphql::Result<RefreshSessionPayload> {
        let request = request(ctx);
        let work = accounts::refresh(&request.db, &request.gate, &input.refresh_token);
        Ok(match payload(request, work.await)? {
            Ok(signed_in) => {
                RefreshSessionPayload { tokens: Some((&signed_in).into()), user_errors: Vec::new() }
            }
            Err(user_errors) => RefreshSessionPayload { tokens: None, user_errors },
        })
    }

    /// Ends a session; its access tokens are refused at once (P-1).
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SignOutInput,
    ) -> async_graphql::Result<SignOutPayload> {
        let request = request(ctx);
        let token = input.refresh_token.as_deref();
        let sign_out = async |txn: &_| accounts::sign_out(txn, &request.gate, request.origin, token).await;
        let work = request.db.write(sign_out);
        let user_errors = payload(request, work.await)?.err().unwrap_or_default();
        Ok(SignOutPayload { signed_out: user_errors.is_empty(), user_errors })
    }

    /// Ends all sessions of a person; their access tokens are refused at once (P-1).
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: SignOutEverywhereInput,
    ) -> async_graphql::Result<SignOutEverywherePayload> {
        let request = request(ctx);
        let work = async {
            let actor = request.person()?;
            let account = match &input.account_id {
                None => actor.id(),
                Some(id) => input_id::<AccountId>("Account", id, "input.accountId")?,
            };
            request.db.write(async |txn| accounts::sign_out_everywhere(txn, actor, account).await).await
        };
        Ok(match payload(request, work.await)? {
            Ok(account) => {
                SignOutEverywherePayload { account: Some(Account(account)), user_errors: Vec::new() }
            }
            Err(user_errors) => SignOutEverywherePayload { account: None, user_errors },
        })
    }
}
