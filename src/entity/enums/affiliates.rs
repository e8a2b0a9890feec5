//! The affiliate programme.

use super::text_enum;

text_enum! {
    /// The state of an affiliate (F-1).
    AffiliateState {
        /// The application waits for a decision.
        Pending = "PENDING",
        /// The affiliate's links count.
        Approved = "APPROVED",
        /// The application was rejected.
        Rejected = "REJECTED",
        /// Links do not count, and nothing is paid, until an admin reinstates the affiliate.
        Suspended = "SUSPENDED",
        /// The affiliate has left the programme for good; what has locked is still paid.
        Terminated = "TERMINATED",
    }
}

text_enum! {
    /// The page to which an affiliate's link leads (F-2).
    LinkTarget {
        /// The talent marketplace.
        TalentMarketplace = "TALENT_MARKETPLACE",
        /// The Project Catalog.
        ProjectCatalog = "PROJECT_CATALOG",
        /// Another page of the site.
        DeepLink = "DEEP_LINK",
    }
}

text_enum! {
    /// The kind of a creative (F-2).
    CreativeKind {
        /// The platform's logo.
        Logo = "LOGO",
        /// A banner.
        Banner = "BANNER",
        /// A button.
        Button = "BUTTON",
        /// A text, without a picture.
        TextLink = "TEXT_LINK",
    }
}

text_enum! {
    /// The format of a picture.
    PictureFormat {
        /// Graphics Interchange Format.
        Gif = "GIF",
        /// JPEG.
        Jpeg = "JPEG",
        /// Portable Network Graphics.
        Png = "PNG",
        /// WebP.
        Webp = "WEBP",
    }
}

text_enum! {
    /// The state of the attribution of a registration to a click (F-4).
    AttributionState {
        /// The new client has not hired and paid yet.
        Open = "OPEN",
        /// The registration counts for nobody.
        Refused = "REFUSED",
        /// The first hire was not in time.
        NoHireInTime = "NO_HIRE_IN_TIME",
        /// The affiliate has a commission.
        Commissioned = "COMMISSIONED",
    }
}

text_enum! {
    /// Why a registration counts for nobody (F-4).
    AttributionRefusal {
        /// The person registered without a client profile.
        NotAClient = "NOT_A_CLIENT",
        /// The person registered as a freelancer.
        Freelancer = "FREELANCER",
        /// The person has or had another account.
        KnownPerson = "KNOWN_PERSON",
        /// The click was too long ago.
        ClickTooOld = "CLICK_TOO_OLD",
        /// The affiliate was not approved when the person registered.
        AffiliateNotApproved = "AFFILIATE_NOT_APPROVED",
    }
}

text_enum! {
    /// What the lines of an affiliate's report are about (F-2).
    AffiliateReportBy {
        /// Days, in UTC.
        Day = "DAY",
        /// Links.
        Link = "LINK",
        /// Countries of people who registered.
        Country = "COUNTRY",
    }
}

text_enum! {
    /// The outcome of a click when its visitor registered (F-4).
    ClickFate {
        /// It was the last one, and the registration is attributed to it.
        Won = "WON",
        /// It was the last one, and the registration counts for nobody.
        Refused = "REFUSED",
        /// A later click won.
        Superseded = "SUPERSEDED",
        /// It was too long ago.
        TooOld = "TOO_OLD",
        /// It came after the registration.
        TooLate = "TOO_LATE",
    }
}

text_enum! {
    /// Which is the same of two people who are seen with it (F-8, F-9).
    TraceKind {
        /// The person, by their e-mail address without its tag.
        Person = "PERSON",
        /// The organisation, by the domain of the e-mail address.
        Organisation = "ORGANISATION",
        /// The device.
        Device = "DEVICE",
        /// The card or account with which they pay.
        Payment = "PAYMENT",
        /// The account to which they are paid.
        Payout = "PAYOUT",
    }
}

text_enum! {
    /// The fraud that a registration which an affiliate brought may be (F-8).
    FlagKind {
        /// The person was seen with something that the affiliate was seen with.
        SelfReferral = "SELF_REFERRAL",
        /// The person is connected with the affiliate through others, or with another client of the affiliate.
        Ring = "RING",
        /// The person registered sooner after the click than people do.
        FastSignUp = "FAST_SIGN_UP",
        /// Many people whom the affiliate brought came from one network.
        ManySignUps = "MANY_SIGN_UPS",
        /// The click came from an ad that was found by the platform's own name.
        BrandBidding = "BRAND_BIDDING",
    }
}

text_enum! {
    /// The state of a flag (F-8).
    FlagState {
        /// It waits for an admin, and nothing of the commission locks or is paid.
        Open = "OPEN",
        /// An admin has found nothing wrong.
        Cleared = "CLEARED",
        /// An admin has found fraud, and nothing more of the commission is earned.
        Upheld = "UPHELD",
    }
}
