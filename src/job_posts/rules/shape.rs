//! The shape of a post (J-1): texts and amounts, checked in one place for what clients write and for what files have.

use super::{MAX_CENTS, Terms};
use crate::{
    entity::enums::JobPayment,
    error::Rejection,
    input::{amount, invalid, line, number, text},
};

/// The texts and amounts of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Title.
    pub title: String,
    /// Description; a file has none.
    pub description: String,
    /// A category within the top category.
    pub subcategory: Option<String>,
    /// Skills asked for.
    pub skills: Vec<String>,
    /// What it is worth.
    pub terms: Terms,
    /// How many freelancers the client wants.
    pub hires_wanted: i64,
}

/// Where a post comes from: its fields are called differently, and a file need not say as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A client wrote it.
    Written,
    /// A file has it.
    Imported,
}

impl Origin {
    /// What `column` of a file is called where the post comes from.
    fn field(self, column: &str) -> String {
        if self == Self::Imported {
            return column.to_owned();
        }
        let mut words = column.split('_');
        let first = words.next().unwrap_or_default();
        let others = words.map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..]));
        format!("content.{first}{}", others.collect::<String>())
    }
}

/// `content` with its texts in the form in which they are stored.
///
/// # Errors
/// `INVALID_INPUT` that names the field.
pub fn checked(content: Content, from: Origin) -> Result<Content, Rejection> {
    let field = |column| from.field(column);
    let title = line(&field("title"), &content.title, 1, 300)?;
    let description = match from {
        Origin::Written => text(&field("description"), &content.description, 1, 10_000)?,
        Origin::Imported => content.description,
    };
    let subcategory =
        content.subcategory.map(|name| line(&field("subcategory"), &name, 1, 100)).transpose()?;
    if content.skills.len() > 50 {
        return Err(invalid(&field("skills"), "This post names more than 50 skills. Leave some out."));
    }
    let skills = content.skills.iter().map(|skill| line(&field("skills"), skill, 1, 100));
    let skills = skills.collect::<Result<_, _>>()?;
    number(&field("hires_wanted"), content.hires_wanted, 1, 1_000)?;
    check_terms(&content.terms, from)?;
    Ok(Content { title, description, subcategory, skills, ..content })
}

fn check_terms(terms: &Terms, from: Origin) -> Result<(), Rejection> {
    for (column, value) in [
        ("budget", terms.budget_cents),
        ("hourly_min", terms.hourly_min_cents),
        ("hourly_max", terms.hourly_max_cents),
    ] {
        value.map(|value| amount(&from.field(column), value, 0, MAX_CENTS)).transpose()?;
    }
    for (column, value, least, most) in
        [("weekly_hours", terms.weekly_hours, 1, 168), ("duration_weeks", terms.duration_weeks, 1, 520)]
    {
        value.map(|value| number(&from.field(column), value, least, most)).transpose()?;
    }
    let no = |column, sentence| Err(invalid(&from.field(column), sentence));
    let is_hourly = terms.hourly_min_cents.or(terms.hourly_max_cents).is_some();
    match (from, terms.payment) {
        (Origin::Written, JobPayment::Fixed) if is_hourly => {
            no("hourly_min", "A fixed-price post cannot have hourly rates. Leave them out.")
        }
        (Origin::Written, JobPayment::Hourly) if terms.budget_cents.is_some() => {
            no("budget", "An hourly post cannot have a budget. Leave it out.")
        }
        _ if terms.hourly_max_cents.is_some_and(|most| terms.hourly_min_cents > Some(most)) => {
            no("hourly_max", "The highest hourly rate is below the lowest one. Raise it.")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(payment: JobPayment, min: Option<i64>, max: Option<i64>, budget: Option<i64>) -> Content {
        Content {
            title: " A title ".into(),
            description: "Words".into(),
            subcategory: None,
            skills: vec!["Rust".into()],
            terms: Terms {
                payment,
                budget_cents: budget,
                hourly_min_cents: min,
                hourly_max_cents: max,
                weekly_hours: None,
                duration_weeks: None,
            },
            hires_wanted: 1,
        }
    }

    #[test]
    fn j_1_fields_are_named_as_where_the_post_comes_from() {
        let field = |content: Content, from| checked(content, from).unwrap_err().field.join(".");
        let upside_down = || content(JobPayment::Hourly, Some(2), Some(1), None);
        assert_eq!(field(upside_down(), Origin::Written), "content.hourlyMax");
        assert_eq!(field(upside_down(), Origin::Imported), "hourly_max");
        let nobody = Content { hires_wanted: 0, ..content(JobPayment::Fixed, None, None, None) };
        assert_eq!(field(nobody, Origin::Written), "content.hiresWanted");
    }

    #[test]
    fn j_1_what_a_client_writes_agrees_with_itself_and_a_file_may_not() {
        for (odd, column) in [
            (content(JobPayment::Fixed, Some(1), None, Some(1)), "content.hourlyMin"),
            (content(JobPayment::Hourly, Some(1), None, Some(1)), "content.budget"),
        ] {
            assert_eq!(checked(odd.clone(), Origin::Written).unwrap_err().field.join("."), column);
            assert!(checked(odd, Origin::Imported).is_ok());
        }
        let silent = Content { description: String::new(), ..content(JobPayment::Fixed, None, None, None) };
        assert!(checked(silent.clone(), Origin::Written).is_err());
        assert_eq!(checked(silent, Origin::Imported).unwrap().title, "A title");
    }
}
