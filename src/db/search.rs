//! The full-text search of job posts: FTS5 on SQLite, GIN on PostgreSQL, one function before both.

use sea_orm::{ConnectionTrait, DbBackend, sea_query::Expr};

use super::Txn;
use crate::{error::Result, input::words::Wanted};

/// Removes words that no post has any more from the index's files: SQLite only marks them as deleted.
///
/// # Errors
/// When the database refuses.
pub async fn forget_words(txn: &Txn) -> Result<()> {
    if txn.get_database_backend() == DbBackend::Sqlite {
        txn.execute_unprepared("INSERT INTO job_posts_words (job_posts_words) VALUES ('optimize')").await?;
    }
    Ok(())
}

/// The condition that a job post has all of `wanted`, which must not be empty.
pub fn has_words(db: &impl ConnectionTrait, wanted: &[Wanted]) -> Expr {
    if wanted.is_empty() {
        return Expr::value(false);
    }
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust_with_values(
            "array_to_tsvector(string_to_array(job_posts.search_text, ' ')) @@ CAST($1 AS tsquery)",
            [all_of(wanted, "'", " | ", " & ")],
        ),
        _ => Expr::cust_with_values(
            "job_posts.id IN (SELECT n.job_post_id FROM job_posts_words f \
             JOIN job_post_numbers n ON n.no = f.rowid WHERE job_posts_words MATCH ?)",
            [all_of(wanted, "\"", " OR ", " AND ")],
        ),
    }
}

/// The search expression for the database. A word contains no quotation mark.
fn all_of(wanted: &[Wanted], mark: &str, or: &str, and: &str) -> String {
    let quoted = |word: &String| format!("{mark}{word}{mark}");
    let one = |wanted: &Wanted| match wanted.parts.iter().map(quoted).collect::<Vec<_>>().join(and) {
        parts if parts.is_empty() => quoted(&wanted.word),
        parts => format!("({}{or}({parts}))", quoted(&wanted.word)),
    };
    wanted.iter().map(one).collect::<Vec<_>>().join(and)
}
