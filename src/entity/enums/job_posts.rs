//! Job posts, and reports of them.

use super::text_enum;

text_enum! {
    /// One of the eight top-level categories (J-1).
    JobCategory {
        /// Design.
        Design = "DESIGN",
        /// Video and audio.
        VideoAndAudio = "VIDEO_AND_AUDIO",
        /// Development and IT.
        DevelopmentAndIt = "DEVELOPMENT_AND_IT",
        /// Marketing.
        Marketing = "MARKETING",
        /// Writing and translation.
        WritingAndTranslation = "WRITING_AND_TRANSLATION",
        /// Admin and customer support.
        AdminAndCustomerSupport = "ADMIN_AND_CUSTOMER_SUPPORT",
        /// Consulting and HR.
        ConsultingAndHr = "CONSULTING_AND_HR",
        /// Lifestyle.
        Lifestyle = "LIFESTYLE",
    }
}

text_enum! {
    /// How a job is paid for (J-1).
    JobPayment {
        /// A fixed price for the whole job.
        Fixed = "FIXED",
        /// An hourly rate.
        Hourly = "HOURLY",
    }
}

text_enum! {
    /// The experience that a client asks for (J-1).
    ExperienceLevel {
        /// New to the field.
        Entry = "ENTRY",
        /// Some years of experience in the field.
        Intermediate = "INTERMEDIATE",
        /// An expert in the field.
        Expert = "EXPERT",
    }
}

text_enum! {
    /// Who may see a job post (J-1).
    JobVisibility {
        /// Everyone.
        Public = "PUBLIC",
        /// Freelancers whom the client invites.
        InviteOnly = "INVITE_ONLY",
        /// Members of the client's Talent Cloud.
        TalentCloud = "TALENT_CLOUD",
    }
}

text_enum! {
    /// The state of a job post (J-2).
    JobPostState {
        /// The job post has not been published.
        Draft = "DRAFT",
        /// The job post accepts proposals.
        Open = "OPEN",
        /// The client has made all the hires that they wanted.
        Filled = "FILLED",
        /// The client closed the job post after a hire.
        Closed = "CLOSED",
        /// The client cancelled the job post before any contract.
        Cancelled = "CANCELLED",
        /// The job post expired for lack of activity.
        Expired = "EXPIRED",
        /// The job post was removed for a violation.
        Removed = "REMOVED",
    }
}

text_enum! {
    /// Why a job post is reported (J-7).
    ReportReason {
        /// The post is not about a job, or the job does not exist.
        Spam = "SPAM",
        /// The post asks for free work, for money, or for contact outside the marketplace.
        Fraud = "FRAUD",
        /// The post is offensive or discriminatory.
        Offensive = "OFFENSIVE",
        /// The post asks for something that is not allowed.
        Prohibited = "PROHIBITED",
        /// Another reason, given in the comment.
        Other = "OTHER",
    }
}

text_enum! {
    /// The state of a report (J-7).
    ReportState {
        /// The report has not been decided yet.
        Open = "OPEN",
        /// The report was upheld, and the job post was removed.
        Upheld = "UPHELD",
        /// The report was dismissed, and the job post stays.
        Dismissed = "DISMISSED",
    }
}
