//! The GraphQL API: a thin layer over the use cases. It holds no rule; a resolver calls one use case.

pub mod accounts;
pub mod admin;
pub mod affiliates;
pub mod audit;
pub mod cash;
pub mod catalog;
pub mod closing;
pub mod commissions;
pub mod connects;
pub mod contracts;
pub mod engagement;
pub mod job_posts;
pub mod kit;
pub mod mails;
pub mod memberships;
pub mod node;
pub mod notifications;
pub mod onboarding;
pub mod payments;
pub mod payouts;
pub mod policy_versions;
pub mod profiles;
pub mod promo_codes;
pub mod proposals;
pub mod purchases;
pub mod referral_rewards;
pub mod referrals;
pub mod rooms;
pub mod schedule;
pub mod subscriptions;
pub mod talent_badges;
pub mod tickets;
pub mod viewer;

use async_graphql::{
    Context, EmptySubscription, ID, MergedObject, Object, SDLExportOptions, connection::PageInfo,
};

use self::{
    admin::Admin,
    kit::{
        context::request,
        errors::{coded, top_level},
    },
    node::Node,
    schedule::clock::Clock,
    viewer::Viewer,
};
use crate::{config::Settings, viewer::Permission};

/// The schema.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// All queries.
#[derive(MergedObject, Default)]
pub struct Query(
    RootQuery,
    job_posts::search::JobPostQuery,
    catalog::search::CatalogQuery,
    profiles::search::FreelancerQuery,
);

/// All mutations.
#[derive(MergedObject, Default)]
pub struct Mutation(
    job_posts::mutations::JobPostMutation,
    proposals::mutations::ProposalMutation,
    engagement::mutations::EngagementMutation,
    rooms::mutations::RoomMutation,
    job_posts::moderation::ReportMutation,
    notifications::mutations::NotificationMutation,
    payments::mutations::PaymentMutation,
    purchases::mutations::PurchaseMutation,
    subscriptions::mutations::SubscriptionMutation,
    promo_codes::mutations::PromoCodeMutation,
    talent_badges::mutations::TalentBadgeMutation,
    profiles::mutations::OwnProfileMutation,
    referrals::mutations::ReferralMutation,
    referral_rewards::mutations::ReferralRewardMutation,
    mails::mutations::MailMutation,
    policy_versions::mutations::PolicyMutation,
    contracts::mutations::ContractMutation,
    contracts::direct::DirectMutation,
    catalog::mutations::CatalogMutation,
    contracts::refunding::RefundMutation,
    affiliates::mutations::AffiliateMutation,
    affiliates::publishing::CreativeMutation,
    payouts::mutations::PayoutMutation,
    payouts::plans::PayoutPlanMutation,
    tickets::mutations::TicketMutation,
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

/// Queries that belong to no slice.
#[derive(Default)]
struct RootQuery;

#[Object]
impl RootQuery {
    /// The signed-in person; null for a visitor.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        request(ctx).viewer.clone().map(Viewer)
    }

    /// The operational data of the marketplace; null for anyone but admins, support and auditors.
    async fn admin(&self, ctx: &Context<'_>) -> Option<Admin> {
        request(ctx).viewer.clone().filter(|viewer| viewer.may(Permission::Operate)).map(Admin)
    }

    /// The server's clock.
    async fn clock(&self, ctx: &Context<'_>) -> Clock {
        Clock::of(request(ctx))
    }

    /// The object with this id; null if there is none that the viewer may see.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id of the object.")] id: ID,
    ) -> Option<async_graphql::Result<Node>> {
        let request = request(ctx);
        match node::find_all(request, &[id]).await {
            Ok(mut nodes) => nodes.pop().flatten().map(Ok),
            Err(error) => Some(Err(top_level(request, error))),
        }
    }

    /// The objects with these ids, in the same order; null in place of each that the viewer may not see or that
    /// does not exist.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global ids of the objects, at most 100.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > 100 {
            return Err(coded(
                "BAD_USER_INPUT",
                "`nodes` takes at most 100 ids. Ask for the rest in another request.",
            ));
        }
        let request = request(ctx);
        node::find_all(request, &ids).await.map_err(|error| top_level(request, error))
    }
}

/// The schema, with descriptions of the types that come from the library, and introspection as configured.
pub fn schema(settings: &Settings) -> Schema {
    let builder = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .override_output_type_description::<PageInfo>(
            "Where a page is in its list, and whether there are more pages.",
        )
        .limit_depth(settings.limits.depth);
    let builder = node::describe_pages(builder);
    let builder =
        if settings.introspection { builder } else { builder.disable_introspection().disable_suggestions() };
    builder.finish()
}

/// The schema in SDL, as `schema.graphql` keeps it.
pub fn sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by();
    let sdl = schema(&Settings::default()).sdl_with_options(options);
    let lines: Vec<_> = sdl.lines().map(|line| line.replace('\t', "  ").trim_end().to_owned()).collect();
    format!("{}\n", lines.join("\n").trim())
}
