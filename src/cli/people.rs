//! `register` and `token`: people, from the command line.

use chrono::TimeDelta;

use super::arguments::{RegisterArgs, TokenArgs};
use crate::{
    accounts::{rejection, store},
    app::App,
    clock::wall_now,
    error::{Code, Error, Result},
    input, keyring,
    onboarding::{self, Registration},
};

/// Registers people, each in a transaction of its own.
pub async fn register(app: &App, args: RegisterArgs) -> Result<()> {
    for email in &args.emails {
        let name = args.name.clone().unwrap_or_else(|| email.split('@').next().unwrap_or(email).to_owned());
        let who = Registration {
            email: email.clone(),
            name,
            country: args.country.clone(),
            freelancer: args.freelancer,
            client: args.client,
            admin: args.admin,
            verified: true,
        };
        match app.db.write(async |txn| onboarding::register_by_command(txn, &app.keys, &who).await).await {
            Ok(registered) => println!("registered {}", registered.account.email),
            Err(Error::Rejected(no)) if no.code == Code::EmailTaken && args.skip_existing => {
                println!("exists {}", input::email("email", email)?);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Prints a bearer token for each address.
pub async fn token(app: &App, args: TokenArgs) -> Result<()> {
    for email in &args.emails {
        let email = input::email("email", email)?;
        let account = store::find_by_email(app.db.read(), &email).await?;
        let account = account.ok_or_else(|| rejection::no_such_account("email"))?;
        let now = wall_now();
        let until = now + TimeDelta::days(args.days.into());
        println!("{}", keyring::mint(&app.db, &app.keys, account.id, now, until).await?);
    }
    Ok(())
}
