//! Ids of the affiliate programme.

typed_id! {
    /// Why a registration may be fraud.
    AffiliateFlagId,
    /// A link of an affiliate.
    AffiliateLinkId,
    /// The attribution of a registration.
    AttributionId,
    /// A click on such a link.
    ClickId,
    /// What affiliates put on their pages.
    CreativeId,
    /// A browser that clicked, as far as its cookie says.
    VisitorId,
}
