//! Job posts and reports of them.

use super::text_enum;

text_enum! {
    /// One of the eight top categories (J-1).
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
    /// How a job is paid (J-1).
    JobPayment {
        /// One price for all.
        Fixed = "FIXED",
        /// By the hour.
        Hourly = "HOURLY",
    }
}

text_enum! {
    /// Experience that a client asks for (J-1).
    ExperienceLevel {
        /// New to the field.
        Entry = "ENTRY",
        /// Some years in it.
        Intermediate = "INTERMEDIATE",
        /// A master of it.
        Expert = "EXPERT",
    }
}

text_enum! {
    /// Who may see a job post (J-1).
    JobVisibility {
        /// Everyone.
        Public = "PUBLIC",
        /// Those whom the client invites.
        InviteOnly = "INVITE_ONLY",
        /// Members of the client's Talent Cloud.
        TalentCloud = "TALENT_CLOUD",
    }
}

text_enum! {
    /// Where a job post stands (J-2).
    JobPostState {
        /// Not published.
        Draft = "DRAFT",
        /// Takes proposals.
        Open = "OPEN",
        /// All hires are made.
        Filled = "FILLED",
        /// Closed by the client after a hire.
        Closed = "CLOSED",
        /// Cancelled by the client, no contract ever.
        Cancelled = "CANCELLED",
        /// No activity for too long.
        Expired = "EXPIRED",
        /// Taken down for a violation.
        Removed = "REMOVED",
    }
}

text_enum! {
    /// What is wrong with a job post (J-7).
    ReportReason {
        /// Not a job, or one that does not exist.
        Spam = "SPAM",
        /// Asks for free work, money, or contact outside.
        Fraud = "FRAUD",
        /// Offends or discriminates.
        Offensive = "OFFENSIVE",
        /// Asks for something that is not allowed.
        Prohibited = "PROHIBITED",
        /// Something else, said in the comment.
        Other = "OTHER",
    }
}

text_enum! {
    /// Where a report stands (J-7).
    ReportState {
        /// In the queue.
        Open = "OPEN",
        /// The post was taken down.
        Upheld = "UPHELD",
        /// The post stays.
        Dismissed = "DISMISSED",
    }
}
