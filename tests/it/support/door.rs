//! What people do at the door: register, read mail, sign in.

use std::{collections::BTreeMap, net::IpAddr};

use connects::{
    accounts::{Address, Origin, store::Askers},
    entity::{account, password},
    graphql::kit::context::Caller,
    schedule::{self, Asked},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{World, task};

pub const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) {
    mailSent userErrors { __typename code message field rule retryable
      ... on Throttled { retryAfterSeconds } } } }";

pub const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    tokens { accessToken accessTokenExpiresAt refreshToken sessionExpiresAt } viewer { email roles }
    userErrors { __typename code message field rule retryable ... on Throttled { retryAfterSeconds } } } }";

pub const REFRESH: &str = "mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
    tokens { accessToken refreshToken } userErrors { code } } }";

/// A password that is good enough.
pub const PASSWORD: &str = "a horse in winter";

/// A mail as it lies in the folder.
#[derive(Clone, Debug)]
pub struct Letter {
    pub headers: BTreeMap<String, String>,
    pub text: String,
}

impl Letter {
    fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let line = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_lowercase(), value.to_owned())
        };
        let headers = head.replace("\r\n ", " ").split("\r\n").map(line).collect();
        Self { headers, text: body.to_owned() }
    }

    pub fn to(&self) -> &str {
        &self.headers["to"]
    }

    pub fn subject(&self) -> &str {
        &self.headers["subject"]
    }

    pub fn id(&self) -> &str {
        &self.headers["message-id"]
    }

    pub fn token(&self) -> String {
        let (_, token) =
            self.text.split_once("Token: ").unwrap_or_else(|| panic!("{} has a token", self.text));
        token.trim().to_owned()
    }
}

impl World {
    /// Sends the mails that are due; all mails so far, oldest first.
    pub async fn mails(&self) -> Vec<Letter> {
        self.send_mails().await;
        let folder = self.app.settings.mail_folder();
        let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
        let read = |file: std::io::Result<std::fs::DirEntry>| {
            Letter::parse(&std::fs::read_to_string(file.expect("a file").path()).expect("text"))
        };
        let mut letters: Vec<_> = files.map(read).collect();
        letters.sort_by(|a, b| a.id().cmp(b.id()));
        letters
    }

    /// Sends the mails that are due.
    pub async fn send_mails(&self) -> schedule::Counts {
        let asked =
            Asked { trigger: connects::entity::enums::TaskTrigger::Command, actor: None, as_of: None };
        let run = self.app.runner().run_now(task("mail"), asked).await;
        run.expect("mails are sent").1
    }

    /// The token in the last mail to `email`.
    pub async fn mailed_token(&self, email: &str) -> String {
        let mails = self.mails().await;
        mails.iter().rfind(|letter| letter.to() == email).expect("a mail").token()
    }

    /// Registers over GraphQL; the payload.
    pub async fn sign_up(&self, email: &str) -> Value {
        let input = json!({ "email": email, "password": PASSWORD, "name": "Ada Byron", "country": "GB",
                            "freelancer": true });
        self.data(None, REGISTER, json!({ "input": input })).await["register"].clone()
    }

    /// Registers and verifies the address.
    pub async fn sign_up_and_verify(&self, email: &str) {
        self.sign_up(email).await;
        let token = self.mailed_token(email).await;
        let verified = self.do_with_token("verifyEmail", "VerifyEmailInput", &token, "verified").await;
        assert_eq!(verified["verified"], true, "{verified}");
    }

    /// A mutation that takes a token and no more.
    pub async fn do_with_token(&self, mutation: &str, input: &str, token: &str, field: &str) -> Value {
        let query = format!(
            "mutation($input: {input}!) {{ {mutation}(input: $input) {{ {field} userErrors {{ code }} }} }}"
        );
        self.data(None, &query, json!({ "input": { "token": token } })).await[mutation].clone()
    }

    /// Signs in over GraphQL; the payload.
    pub async fn try_sign_in(&self, email: &str, password: &str) -> Value {
        let input = json!({ "email": email, "password": password });
        self.data(None, SIGN_IN, json!({ "input": input })).await["signIn"].clone()
    }

    /// Signs in; access token and refresh token.
    pub async fn sign_in(&self, email: &str, password: &str) -> (String, String) {
        let payload = self.try_sign_in(email, password).await;
        let token =
            |name: &str| payload["tokens"][name].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
        (token("accessToken"), token("refreshToken"))
    }

    /// Refreshes over GraphQL; the payload.
    pub async fn refresh(&self, token: &str) -> Value {
        let input = json!({ "input": { "refreshToken": token } });
        self.data(None, REFRESH, input).await["refreshSession"].clone()
    }

    /// Who asks with this bearer token, as HTTP finds out.
    pub async fn asker(&self, token: &str) -> Option<Caller> {
        let bearer = self.app.keys.read(token)?;
        let viewer = self.app.db.find::<Askers>(bearer).await.expect("asked")?.viewer;
        let session = bearer.session.map(|(id, _)| id);
        Some(Caller {
            viewer: Some(viewer),
            wallet: None,
            origin: Origin { address: Address::Unknown, session },
            visit: None,
            referral: None,
        })
    }

    /// Asks with a bearer token, which must be valid.
    pub async fn ask_with(&self, token: &str, query: &str, variables: Value) -> Value {
        let caller = self.asker(token).await.expect("a valid token");
        let answer = self.ask_from(caller, query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    pub async fn accounts(&self) -> Vec<account::Model> {
        account::Entity::find().all(self.db().read()).await.expect("accounts")
    }

    pub async fn passwords(&self) -> Vec<password::Model> {
        password::Entity::find().all(self.db().read()).await.expect("passwords")
    }
}

/// A visitor at an address.
pub fn from(address: &str) -> Caller {
    let address: IpAddr = address.parse().expect("an address");
    Caller { origin: Origin { address: Address::Ip(address), session: None }, ..Caller::default() }
}
