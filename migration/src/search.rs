//! The full-text index of job posts: FTS5 on SQLite, GIN on PostgreSQL.
//!
//! Both index `job_posts.search_text`, words that the program has cut and folded itself and that both take as they
//! are, so that the two databases find the same posts. SQLite's `ascii` tokenizer splits and folds nothing beyond ASCII.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

const POSTGRES: [&str; 1] = ["CREATE INDEX job_posts_words ON job_posts \
     USING gin (array_to_tsvector(string_to_array(search_text, ' ')))"];

// FTS5 numbers its rows. A post has no number that survives VACUUM, so it gets one here.
const SQLITE: [&str; 4] = [
    "CREATE TABLE job_post_numbers (no INTEGER PRIMARY KEY, job_post_id BLOB NOT NULL UNIQUE) STRICT",
    "CREATE VIRTUAL TABLE job_posts_words USING fts5(words, content='', contentless_delete=1, \
     tokenize=\"ascii tokenchars '.+#'\")",
    "CREATE TRIGGER job_posts_words_insert AFTER INSERT ON job_posts BEGIN \
     INSERT INTO job_post_numbers (job_post_id) VALUES (new.id); \
     INSERT INTO job_posts_words (rowid, words) \
     SELECT no, new.search_text FROM job_post_numbers WHERE job_post_id = new.id; END",
    "CREATE TRIGGER job_posts_words_update AFTER UPDATE OF search_text ON job_posts BEGIN \
     UPDATE job_posts_words SET words = new.search_text \
     WHERE rowid = (SELECT no FROM job_post_numbers WHERE job_post_id = new.id); END",
];

/// Indexes the words of all job posts, and keeps the index true.
pub async fn index_job_posts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let statements: &[&str] =
        if manager.get_database_backend() == DbBackend::Postgres { &POSTGRES } else { &SQLITE };
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
