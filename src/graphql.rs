//! The GraphQL API: a thin skin over the entities. It holds no rule; a resolver calls one use case.

pub mod accounts;
pub mod admin;
pub mod audit;
pub mod closing;
pub mod connects;
pub mod engagement;
pub mod job_posts;
pub mod kit;
pub mod memberships;
pub mod node;
pub mod notifications;
pub mod onboarding;
pub mod proposals;
pub mod schedule;
pub mod viewer;

use async_graphql::{Context, EmptySubscription, ID, MergedObject, Object, SDLExportOptions};

use self::{
    admin::Admin,
    kit::{
        context::request,
        errors::{coded, top_level},
        page::Pages,
    },
    node::Node,
    schedule::clock::Clock,
    viewer::Viewer,
};
use crate::{config::Settings, viewer::Permission};

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What anyone can ask.
#[derive(MergedObject, Default)]
pub struct Query(RootQuery, job_posts::search::JobPostQuery);

/// What anyone can change.
#[derive(MergedObject, Default)]
pub struct Mutation(
    job_posts::mutations::JobPostMutation,
    proposals::mutations::ProposalMutation,
    engagement::mutations::EngagementMutation,
    job_posts::moderation::ReportMutation,
    notifications::mutations::NotificationMutation,
    memberships::mutations::MembershipMutation,
    accounts::suspensions::SuspensionMutation,
    closing::account_closure::ClosureMutation,
    onboarding::profiles::ProfileMutation,
    schedule::mutations::TaskMutation,
    onboarding::registration::RegistrationMutation,
    accounts::sessions::SessionMutation,
    accounts::passwords::PasswordMutation,
    accounts::roles::RoleMutation,
);

/// Questions that belong to no slice.
#[derive(Default)]
struct RootQuery;

#[Object]
impl RootQuery {
    /// The signed-in person; null for a visitor.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        request(ctx).viewer.clone().map(Viewer)
    }

    /// Everything operational; null for everyone but admins, support and auditors.
    async fn admin(&self, ctx: &Context<'_>) -> Option<Admin> {
        request(ctx).viewer.clone().filter(|viewer| viewer.may(Permission::Operate)).map(Admin)
    }

    /// The server's clock.
    async fn clock(&self, ctx: &Context<'_>) -> Clock {
        Clock::of(request(ctx))
    }

    /// The object with this id, if the viewer may see it.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id.")] id: ID,
    ) -> Option<async_graphql::Result<Node>> {
        let request = request(ctx);
        match node::find_all(request, &[id]).await {
            Ok(mut nodes) => nodes.pop().flatten().map(Ok),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }

    /// The objects with these ids, in the same order; null where the viewer may not see one.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100 global ids.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > 100 {
            return Err(coded(
                "BAD_USER_INPUT",
                "`nodes` takes at most 100 ids; ask for the rest in another request.",
            ));
        }
        let request = request(ctx);
        node::find_all(request, &ids).await.map_err(|error| top_level(request, error))
    }
}

/// The schema, with the descriptions of types that come from the library, and introspection as set.
pub fn schema(settings: &Settings) -> Schema {
    use async_graphql::connection::{Edge, EmptyFields, PageInfo};
    macro_rules! describe {
        ($($node:ty => $page:literal, $edge:literal;)+) => {
            Schema::build(Query::default(), Mutation::default(), EmptySubscription)
                $(.override_output_type_description::<Pages<$node>>($page)
                  .override_output_type_description::<Edge<String, $node, EmptyFields>>($edge))+
        };
    }
    let builder = describe! {
        connects::wallet::Wallet => "Wallets, page by page.", "A wallet in a list.";
        connects::lot::Lot => "Lots, page by page.", "A lot in a list.";
        connects::lot::LotMovement => "Movements, page by page.", "A movement in a list.";
        connects::history::HistoryEntry => "History rows, page by page.", "A history row in a list.";
        job_posts::job_post::JobPost => "Job posts, page by page.", "A job post in a list.";
        proposals::proposal::Proposal => "Proposals, page by page.", "A proposal in a list.";
        notifications::notification::Notification => "Notices, page by page.", "A notice in a list.";
        schedule::task::TaskRun => "Task runs, page by page.", "A task run in a list.";
        job_posts::report::JobPostReport => "Reports, page by page.", "A report in a list.";
        accounts::account::Account => "Accounts, page by page.", "An account in a list.";
        audit::audit_entry::AuditEntry => "Rows of the audit log, page by page.", "A row of the audit log in a list.";
    };
    let builder = builder
        .override_output_type_description::<PageInfo>("Where a page stands in its list.")
        .limit_depth(settings.limits.depth);
    let builder =
        if settings.introspection { builder } else { builder.disable_introspection().disable_suggestions() };
    builder.finish()
}

/// The schema in SDL, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions();
    let sdl = schema(&Settings::default()).sdl_with_options(options);
    let lines: Vec<_> = sdl.lines().map(|line| line.replace('\t', "  ").trim_end().to_owned()).collect();
    format!("{}\n", lines.join("\n").trim())
}
