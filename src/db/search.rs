//! The full-text search of job posts: FTS5 on SQLite, GIN on PostgreSQL, one function before both.

use sea_orm::{ConnectionTrait, DbBackend, sea_query::Expr};

use super::Txn;
use crate::error::Result;

/// Takes words out of the index's files that no post has any more: SQLite only marks them as deleted.
///
/// # Errors
/// When the database refuses.
pub async fn forget_words(txn: &Txn) -> Result<()> {
    if txn.get_database_backend() == DbBackend::Sqlite {
        txn.execute_unprepared("INSERT INTO job_posts_words (job_posts_words) VALUES ('optimize')").await?;
    }
    Ok(())
}

/// A condition on a job post: it has all of `words`, which are runs of lower-case letters and digits. No
/// post has none.
pub fn has_words(db: &impl ConnectionTrait, words: &[String]) -> Expr {
    if words.is_empty() {
        return Expr::value(false);
    }
    let quoted = |mark: &str| words.iter().map(|word| format!("{mark}{word}{mark}")).collect::<Vec<_>>();
    match db.get_database_backend() {
        DbBackend::Postgres => Expr::cust_with_values(
            "array_to_tsvector(string_to_array(job_posts.search_text, ' ')) @@ CAST($1 AS tsquery)",
            [quoted("'").join(" & ")],
        ),
        _ => Expr::cust_with_values(
            "job_posts.id IN (SELECT n.job_post_id FROM job_posts_words f \
             JOIN job_post_numbers n ON n.no = f.rowid WHERE job_posts_words MATCH ?)",
            [quoted("\"").join(" ")],
        ),
    }
}
