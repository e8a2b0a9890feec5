//! What affiliates put on their pages.

use async_graphql::{Context, ID, Object};

use crate::{
    affiliates::{rules::artwork, store},
    entity::{
        affiliate_link, creative,
        enums::{CreativeKind, PictureFormat},
        ids::CreativeId,
    },
    error::Result,
    graphql::{
        affiliates::affiliate_link::AffiliateLink,
        kit::{
            context::{Request, request},
            ids::{IdOf, Kind},
            scalars::{DateTime, int},
        },
    },
    html::escaped,
};

/// A picture or a text that affiliates put on their pages (F-2). Visible to approved affiliates while it is in use, and to
/// admins.
#[derive(Clone)]
pub struct AffiliateCreative(pub creative::Model);

impl Kind for AffiliateCreative {
    type Key = CreativeId;

    fn key(&self) -> Self::Key {
        self.0.id
    }

    async fn find(request: &Request, ids: &[Self::Key]) -> Result<Vec<Self>> {
        let Some(viewer) = &request.viewer else { return Ok(Vec::new()) };
        let rows = store::list_visible_creatives(request.db.read(), viewer, ids).await?;
        Ok(rows.into_iter().map(Self).collect())
    }
}

/// A picture or a text that affiliates put on their pages (F-2). Visible to approved affiliates while it is in use, and to
/// admins.
#[Object]
impl AffiliateCreative {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// What it is.
    async fn kind(&self) -> CreativeKind {
        self.0.kind
    }

    /// What admins and affiliates know it by.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What a text link says, and what is read out in place of a picture.
    async fn caption(&self) -> &str {
        &self.0.caption
    }

    /// The path of the picture on this server, which stays the same when the picture is revised; null for a text.
    async fn path(&self) -> Option<String> {
        self.0.digest.as_ref().map(|_| self.picture_path())
    }

    /// The format of the picture; null for a text.
    async fn format(&self) -> Option<PictureFormat> {
        self.0.format
    }

    /// The width of the picture in pixels; null for a text.
    async fn width(&self) -> Option<i32> {
        self.0.width.map(int)
    }

    /// The height of the picture in pixels; null for a text.
    async fn height(&self) -> Option<i32> {
        self.0.height.map(int)
    }

    /// The HTML to put on a page, which leads people to the link; null if the viewer does not see such a link, or nobody has
    /// told the server its address.
    async fn html(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link that it leads to.")] affiliate_link_id: IdOf<AffiliateLink>,
    ) -> Option<async_graphql::Result<String>> {
        let address = Some(request(ctx).address()).filter(|address| !address.is_empty())?;
        let id = affiliate_link_id.key().ok()?;
        let link = request(ctx).show(id, AffiliateLink).await?;
        Some(link.map(|link| self.html_with(&link.0, address)))
    }

    /// When it was published.
    async fn published_at(&self) -> DateTime {
        DateTime(self.0.published_at)
    }

    /// When it was last revised; null if it never was.
    async fn revised_at(&self) -> Option<DateTime> {
        self.0.revised_at.map(DateTime)
    }

    /// Since when it is not shown any more; null while it is in use.
    async fn retired_at(&self) -> Option<DateTime> {
        self.0.retired_at.map(DateTime)
    }
}

impl AffiliateCreative {
    fn picture_path(&self) -> String {
        format!("/creatives/{}", self.global_id().as_str())
    }

    /// A link around the picture or the text. `rel` tells search engines that the link is paid for.
    fn html_with(&self, link: &affiliate_link::Model, address: &str) -> String {
        let (address, caption) = (escaped(address), escaped(&self.0.caption));
        let content = match (self.0.width, self.0.height) {
            (Some(width), Some(height)) => {
                let path = self.picture_path();
                format!(
                    "<img src=\"{address}{path}\" alt=\"{caption}\" width=\"{width}\" height=\"{height}\">"
                )
            }
            _ => caption,
        };
        format!("<a href=\"{address}/r/{}\" rel=\"sponsored\">{content}</a>", link.code)
    }

    /// The media type of the picture, and the digest under which its file is kept; nothing for a text.
    pub fn file(&self) -> Option<(&'static str, &str)> {
        Some((artwork::media_type_of(self.0.format?), self.0.digest.as_deref()?))
    }
}
