//! Refusals by referral campaigns.

use crate::{
    clock::Instant,
    entity::{enums::ReferralObstacle, referral_campaign},
    error::{Code, Rejection},
    input::invalid,
};

/// There is no such campaign.
pub fn no_such_campaign() -> Rejection {
    let sentence = "There is no such campaign. Take its id from a query.";
    Rejection::new(Code::NotFound, sentence).at("referralCampaignId")
}

/// The campaign is over.
pub fn over(since: Instant) -> Rejection {
    let sentence =
        format!("This campaign ended at {}. Create another one.", since.format("%Y-%m-%d %H:%M UTC"));
    Rejection::new(Code::ReferralCampaignOver, sentence).at("referralCampaignId").by("C-1")
}

/// Nobody registers from that country, or it is none.
pub fn bad_country(no: &Rejection) -> Rejection {
    let sentence = match no.code {
        Code::CountryNotSupported => "Nobody can register from this country. Choose another one.",
        _ => "This is not a country. Write it as a two-letter ISO 3166-1 code, such as US.",
    };
    invalid("country", sentence).by("C-1")
}

/// A campaign cannot open in the past.
pub fn opens_early() -> Rejection {
    invalid("opensAt", "A campaign cannot open in the past. Choose a later time, or leave it out.").by("C-1")
}

/// A campaign closes after it opens.
pub fn closes_early() -> Rejection {
    invalid("deadline", "The deadline is over before the campaign opens. Choose a later day.").by("C-5")
}

/// No link has this code.
pub fn unknown_code() -> Rejection {
    let sentence = "There is no such referral code. Check how it is written, or leave it out.";
    Rejection::new(Code::ReferralCodeUnknown, sentence).at("referralCode").by("C-2")
}

/// The person may not refer friends in this campaign.
pub fn not_allowed(obstacle: ReferralObstacle, campaign: &referral_campaign::Model) -> Rejection {
    let sentence = match obstacle {
        ReferralObstacle::CampaignClosed => "This campaign is not open now. Choose one that is.".to_owned(),
        ReferralObstacle::NotAFreelancer => {
            "Only freelancers refer friends. Create a freelancer profile first.".to_owned()
        }
        ReferralObstacle::OtherCountry => {
            let country = campaign.country.as_deref().unwrap_or_default();
            format!("This campaign is for freelancers in {country}. Choose another one.")
        }
        ReferralObstacle::BadgeMissing => {
            let badge = campaign.badge.map_or("", |badge| badge.as_str());
            format!("This campaign is for freelancers with the badge {badge} or a higher one. Earn it first.")
        }
        ReferralObstacle::MailsUnwanted => {
            "You have turned off mails about campaigns, which this one needs. Turn them on first.".to_owned()
        }
        ReferralObstacle::EmailUnverified => {
            "Your e-mail address is not verified. Verify it first.".to_owned()
        }
    };
    Rejection::new(Code::ReferralNotAllowed, sentence).at("referralCampaignId").by("C-1")
}
