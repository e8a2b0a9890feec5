//! `payouts`: what would be paid out, writing files, and taking in what banks and PayPal answer.

use serde_json::{Value, json};

use super::{
    arguments::{AnswerForm, PayoutsCommand},
    output::print_json,
};
use crate::{
    app::App,
    clock::Instant,
    db::Database,
    entity::{
        enums::{Currency, PayoutPurpose},
        ids::PayoutBatchId,
    },
    error::{Fault, Result},
    money::Money,
    payouts::{self, Plan, files::Form},
};

/// Runs `command`.
pub async fn run(app: &App, command: PayoutsCommand) -> Result<()> {
    match command {
        PayoutsCommand::Plan { withdrawals, json } => plan(app, withdrawals, json).await,
        PayoutsCommand::Import { form, file, json } => import(app, form, &file, json).await,
        PayoutsCommand::Confirm { batch, json } => confirm(app, &batch, json).await,
        PayoutsCommand::Refuse { batch, json } => refuse(app, &batch, json).await,
    }
}

/// Prints what would be paid out now, and why the rest is not.
async fn plan(app: &App, withdrawals: bool, as_json: bool) -> Result<()> {
    let purpose = if withdrawals { PayoutPurpose::Withdrawal } else { PayoutPurpose::Commissions };
    let now = app.db.now().await?;
    let plan = plan_at(&app.db, purpose, now).await?;
    if as_json {
        return print_json(&in_json(&plan, now));
    }
    print(&plan);
    Ok(())
}

/// What of all that was due at `at` would be paid out now, under the policy in force.
pub async fn plan_at(db: &Database, purpose: PayoutPurpose, at: Instant) -> Result<Plan> {
    payouts::plan(db.read(), &db.policy_at(db.now().await?), purpose, at).await
}

/// A plan for programs.
pub fn in_json(plan: &Plan, at: Instant) -> Value {
    let line = |line: &payouts::Line| {
        let paid = line.paid.as_ref().map(|paid| Money::new(paid.minor, paid.currency).to_string());
        json!({ "account": line.account, "payout": line.payout, "cents": line.cents, "items": line.items,
            "hold": line.hold, "to": line.method.as_ref().map(|method| &method.label), "paid": paid })
    };
    json!({ "purpose": plan.purpose, "at": at, "digest": plan.digest(), "cents": plan.total_cents(),
            "lines": plan.lines.iter().map(line).collect::<Vec<_>>() })
}

/// Prints a plan for people.
pub fn print(plan: &Plan) {
    let usd = |cents| Money::new(cents, Currency::Usd);
    for line in &plan.lines {
        let verdict = line.hold.map_or("pay", |hold| hold.as_str());
        println!("{}  {:>12}  {verdict}", line.account, usd(line.cents).amount());
    }
    let (count, total) = (plan.paying().count(), usd(plan.total_cents()));
    println!("{count} payouts, {total} in all; digest {}", plan.digest());
}

/// Takes in what a bank or PayPal answered to a file.
async fn import(app: &App, form: AnswerForm, file: &std::path::Path, as_json: bool) -> Result<()> {
    let unreadable = |e| Fault::Setup(format!("cannot read {}: {e}", file.display()));
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    let form = match form {
        AnswerForm::Pain002 => Form::Pain002,
        AnswerForm::Arucs => Form::Arucs,
        AnswerForm::Paypal => Form::Paypal,
    };
    let done = app.db.write(async |txn| payouts::import_answer(txn, form, &text).await).await?;
    if as_json {
        print_json(&done)?;
    } else {
        println!("{} lines, {} payouts settled, {} unknown", done.lines, done.settled, done.unknown);
    }
    match done.paid_after_failure.as_slice() {
        [] => Ok(()),
        some => Err(payouts::rejection::paid_after_failure(some).into()),
    }
}

/// Notes that a bank has carried out a batch, but for what came back.
async fn confirm(app: &App, batch: &str, as_json: bool) -> Result<()> {
    let batch: PayoutBatchId = batch.parse().map_err(|_| payouts::rejection::no_such_batch())?;
    let settled = app.db.write(async |txn| payouts::confirm_batch(txn, batch).await).await?;
    if as_json {
        return print_json(&json!({ "settled": settled }));
    }
    println!("{settled} payouts are paid now");
    Ok(())
}

/// Notes that the file of a batch was refused, and nothing of it was paid.
async fn refuse(app: &App, batch: &str, as_json: bool) -> Result<()> {
    let batch: PayoutBatchId = batch.parse().map_err(|_| payouts::rejection::no_such_batch())?;
    let (settled, file) = app.db.write(async |txn| payouts::refuse_batch(txn, batch).await).await?;
    if as_json {
        return print_json(&json!({ "settled": settled, "file": file }));
    }
    println!("{settled} payouts have failed, and are due once more");
    if let Some(file) = file {
        println!("If {file} is in the folder, remove it: a bank that gets it pays twice");
    }
    Ok(())
}
