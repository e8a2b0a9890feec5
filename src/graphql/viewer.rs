//! The signed-in person, put together from the slices.

use async_graphql::{ID, Object};

use crate::{
    entity::ids::AccountId,
    error::Result,
    graphql::{
        accounts, affiliates, cash, catalog, connects, contracts, job_posts,
        kit::{context::Request, ids::Kind},
        mails, notifications, payments, payouts, profiles, promo_codes, proposals, purchases, referrals,
        rooms, subscriptions, tickets,
    },
    viewer::Viewer as Person,
};

/// The signed-in person, with everything that is theirs.
#[derive(Clone)]
pub struct Viewer(pub Person);

impl Kind for Viewer {
    type Key = AccountId;

    fn key(&self) -> Self::Key {
        self.0.id()
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let me = request.viewer.iter().filter(|viewer| ids.contains(&viewer.id()));
        Ok(me.cloned().map(Self).collect())
    }
}

/// The signed-in person, with everything that is theirs.
#[Object]
impl Viewer {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    #[graphql(flatten)]
    fn accounts(&self) -> accounts::of_viewer::OfViewer<'_> {
        accounts::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn connects(&self) -> connects::of_viewer::OfViewer<'_> {
        connects::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn cash(&self) -> cash::of_viewer::OfViewer<'_> {
        cash::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn payments(&self) -> payments::of_viewer::OfViewer<'_> {
        payments::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn purchases(&self) -> purchases::of_viewer::OfViewer<'_> {
        purchases::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn subscriptions(&self) -> subscriptions::of_viewer::OfViewer<'_> {
        subscriptions::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn promo_codes(&self) -> promo_codes::of_viewer::OfViewer<'_> {
        promo_codes::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn profiles(&self) -> profiles::of_viewer::OfViewer<'_> {
        profiles::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn referrals(&self) -> referrals::of_viewer::OfViewer<'_> {
        referrals::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn mails(&self) -> mails::of_viewer::OfViewer<'_> {
        mails::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn contracts(&self) -> contracts::of_viewer::OfViewer<'_> {
        contracts::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn proposals(&self) -> proposals::of_viewer::OfViewer<'_> {
        proposals::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn rooms(&self) -> rooms::of_viewer::OfViewer<'_> {
        rooms::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn projects(&self) -> catalog::of_viewer::OfViewer<'_> {
        catalog::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn job_posts(&self) -> job_posts::of_viewer::OfViewer<'_> {
        job_posts::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn affiliate(&self) -> affiliates::of_viewer::OfViewer<'_> {
        affiliates::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn payouts(&self) -> payouts::of_viewer::OfViewer<'_> {
        payouts::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn tickets(&self) -> tickets::of_viewer::OfViewer<'_> {
        tickets::of_viewer::OfViewer(&self.0)
    }

    #[graphql(flatten)]
    fn notifications(&self) -> notifications::of_viewer::OfViewer<'_> {
        notifications::of_viewer::OfViewer(&self.0)
    }
}
