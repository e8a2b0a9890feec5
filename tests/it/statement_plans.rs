//! How SQLite plans statements: once for each text.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::support::World;

#[tokio::test]
async fn sqlite_plans_a_statement_once_whatever_is_bound_to_it() {
    let world = World::new().await;
    let db = world.db().read();
    if db.get_database_backend() != DbBackend::Sqlite {
        return;
    }
    let asked = Statement::from_string(DbBackend::Sqlite, "PRAGMA compile_options");
    let options = db.query_all_raw(asked).await.unwrap();
    let options: Vec<String> =
        options.iter().map(|row| row.try_get("", "compile_options").unwrap()).collect();
    for option in ["ENABLE_QPSG", "DEFAULT_MEMSTATUS=0"] {
        assert!(options.iter().any(|one| one == option), "{option} is set in .cargo/config.toml");
    }
}
