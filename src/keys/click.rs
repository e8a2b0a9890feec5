//! The cookies of clicks on affiliates' links (F-3).

use super::{Keys, sealed};
use crate::{
    entity::ids::{ClickId, VisitorId},
    error::Result,
};

/// How long a cookie says which click brought a visitor (F-3).
pub const CLICK_COOKIE_LIFE: chrono::TimeDelta = chrono::TimeDelta::days(30);

impl Keys {
    /// The text of a cookie that says which click brought a visitor, and which visitor that is.
    ///
    /// # Errors
    /// [`Fault::Setup`](crate::error::Fault::Setup) when the keys are behind.
    pub fn click_cookie(&self, click: ClickId, visitor: VisitorId) -> Result<String> {
        Ok(sealed::seal(&self.signer(|ring| &ring.clicks)?, click.0, &visitor.0.simple().to_string()))
    }

    /// The click and the visitor of a cookie; `None` when it is forged.
    pub fn open_click_cookie(&self, cookie: &str) -> Option<(ClickId, VisitorId)> {
        let ring = self.ring();
        let (click, visitor) = sealed::open(&ring.clicks, cookie)?;
        Some((ClickId(click), visitor.parse().ok()?))
    }
}
