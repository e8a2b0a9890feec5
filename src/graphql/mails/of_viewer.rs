//! Which mails the signed-in person wants.

use async_graphql::{Context, Object, SimpleObject, resolver_utils::EnumType};

use crate::{
    entity::enums::MailTopic,
    graphql::kit::{context::request, errors::top_level},
    mails::store,
    viewer::Viewer as Person,
};

/// Whether a person wants mails on a topic.
#[derive(SimpleObject)]
pub struct MailPreference {
    /// The topic.
    topic: MailTopic,
    /// Whether they want them; they do unless they have said otherwise.
    is_wanted: bool,
}

/// Which mails the signed-in person wants.
pub struct OfViewer<'a>(pub &'a Person);

/// Which mails the signed-in person wants.
#[Object(name = "ViewerMails")]
impl OfViewer<'_> {
    /// Whether this person wants mails, for each topic of those that one can do without.
    async fn mail_preferences(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<MailPreference>> {
        let request = request(ctx);
        let unwanted = store::list_opt_outs(request.db.read(), self.0.id()).await;
        let unwanted = unwanted.map_err(|error| top_level(request, error))?;
        let is_wanted = |topic| unwanted.iter().all(|row| row.topic != topic);
        let topics = MailTopic::items().iter().map(|item| item.value);
        Ok(topics.map(|topic| MailPreference { topic, is_wanted: is_wanted(topic) }).collect())
    }
}
