//! Files for banks and PayPal, their answers, and the keys of payout details (W-2, W-4).

use std::fs;

use connects::{
    config::payouts::Payer,
    entity::{enums::KeyPurpose, payout, payout_batch, payout_method},
    keyring, payouts,
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    commissions::Brought,
    payouts::bank,
    support::{World, commands::Commands, task},
};

const PAYOUTS: &str = "{ viewer { payouts { nodes { state failure reference } } } }";

fn payer() -> Payer {
    Payer {
        name: "Connects Ltd".into(),
        iban: "GB33BUKB20201555555555".into(),
        bic: "BUKBGB22".into(),
        sort_code: "202015".into(),
        account_number: "55555555".into(),
        service_user: "123456".into(),
    }
}

/// On 16 March, 70.00 of commission have gone out to this account, in a file.
pub async fn sent(account: Value) -> (Brought, TempDir) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("payouts");
    let world = World::with(|settings| {
        settings.payouts.folder = Some(path);
        settings.payouts.payer = payer();
    });
    let brought = Brought::within(world.await).await;
    brought.world.set_payout_method(&brought.ann, account).await;
    let parts = brought.hire(&brought.ada, "Poster", &["100.00"]).await;
    brought.fund(&parts[0]).await;
    brought.release(&parts[0]).await;
    brought.world.advance("2026-03-16T12:00:00Z").await;
    (brought, folder)
}

impl Brought {
    pub async fn last_payout(&self) -> Value {
        let shown = self.world.data(Some(&self.ann), PAYOUTS, json!({})).await;
        shown["viewer"]["payouts"]["nodes"][0].clone()
    }
}

pub fn files(folder: &TempDir) -> Vec<(String, String)> {
    let files = fs::read_dir(folder.path().join("payouts")).unwrap();
    let read = |file: fs::DirEntry| {
        (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())
    };
    files.map(|file| read(file.unwrap())).collect()
}

#[actix_web::test]
async fn w_2_a_bank_transfer_goes_out_in_a_file_and_is_paid_by_the_banks_answer() {
    let (brought, folder) = sent(bank("Änn Lee")).await;
    let payout = brought.last_payout().await;
    assert_eq!(payout["state"], "PROCESSING");
    let written = files(&folder);
    assert_eq!(written.len(), 1);
    let (name, text) = &written[0];
    assert!(name.starts_with("pain001-USD-2026-03-16-") && name.ends_with(".xml"), "{name}");
    let reference = payout["reference"].as_str().unwrap();
    assert!(
        text.contains(&format!("<EndToEndId>{reference}</EndToEndId>")) && text.contains("<Nm>Ann Lee</Nm>")
    );
    brought.world.verify().await;
    let answer = folder.path().join("answer.xml");
    let (_, message) = text.split_once("<MsgId>").unwrap();
    let message = message.split_once('<').unwrap().0;
    let commands = Commands::on(&brought.world.app.settings);
    let import = || commands.run(&["payouts", "import", "pain002", answer.to_str().unwrap(), "--json"]);
    // Another amount, and another file.
    for (message, amount) in [(message, "70.01"), ("01a22adc4d8374008aaf70405b63d87f", "70.00")] {
        fs::write(&answer, report(message, reference, amount)).unwrap();
        assert_eq!(import().code, 3, "{message} {amount}");
    }
    assert_eq!(brought.last_payout().await["state"], "PROCESSING");
    let confirmed = commands.run(&["payouts", "confirm", message]);
    assert!(confirmed.stderr.contains("did not go out by BACS"), "{}", confirmed.stderr);
    fs::write(&answer, report(message, reference, "70.00")).unwrap();
    let imported: Value = serde_json::from_str(&import().stdout).unwrap();
    assert_eq!(imported, json!({ "lines": 2, "settled": 1, "unknown": 1, "paidAfterFailure": [] }));
    let again: Value = serde_json::from_str(&import().stdout).unwrap();
    assert_eq!(again["settled"], 0, "the same answer changes nothing");
    assert_eq!(brought.last_payout().await["state"], "PAID");
    brought.world.verify().await;
}

/// A status report that settles a payment of so much, and one of somebody else.
pub fn report(message: &str, reference: &str, amount: &str) -> String {
    format!(
        "<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInfAndSts>\
         <OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>ACSC</TxSts>\
         <OrgnlTxRef><Amt><InstdAmt Ccy=\"USD\">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\
         <TxInfAndSts><OrgnlEndToEndId>other</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>\
         </OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
}

#[actix_web::test]
async fn w_2_what_bacs_carried_out_is_confirmed_and_what_came_back_is_due_once_more() {
    let account =
        json!({ "bacs": { "holder": "Ann Lee", "sortCode": "20-00-00", "accountNumber": "12345678" } });
    let (brought, folder) = sent(account).await;
    let row = payout::Entity::find().one(brought.world.db().read()).await.unwrap().unwrap();
    let commands = Commands::on(&brought.world.app.settings);
    let batch = row.batch_id.unwrap().to_string();
    assert_eq!(commands.run(&["payouts", "confirm", &batch]).stdout, "1 payouts are paid now\n");
    assert_eq!(commands.run(&["payouts", "confirm", &batch]).stdout, "0 payouts are paid now\n");
    assert_eq!(brought.last_payout().await["state"], "PAID");
    brought.world.verify().await;
    let answer = folder.path().join("returns.xml");
    let reference = row.reference.unwrap();
    fs::write(&answer, format!("<ARUCS><ReturnedCreditItem ref=\"{reference}\" returnCode=\"B\"/></ARUCS>"))
        .unwrap();
    assert_eq!(commands.run(&["payouts", "import", "arucs", answer.to_str().unwrap()]).code, 0);
    assert_eq!(brought.last_payout().await["failure"], "ACCOUNT_CLOSED");
    brought.world.verify().await;
    let plan: Value = serde_json::from_str(&commands.run(&["payouts", "plan", "--json"]).stdout).unwrap();
    let line = &plan["lines"][0];
    assert_eq!((&line["cents"], &line["hold"]), (&json!(7_000), &json!("PAYOUT_METHOD_FAILED")), "{plan}");
}

#[actix_web::test]
async fn w_2_a_process_that_was_killed_before_the_file_leaves_it_to_the_next() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (name, text) = files(&folder).remove(0);
    let (app, folder_of) = (&brought.world.app, folder.path().join("payouts"));
    let write = async || payouts::write_files(&app.db, &app.keys, &folder_of, &payer()).await.unwrap();
    // Somebody has taken the file away and sent it: it does not come back.
    fs::remove_file(folder_of.join(&name)).unwrap();
    assert_eq!((write().await, files(&folder).len()), (0, 0));
    // Killed after it was noted, before it got its name.
    let batch = payout_batch::Entity::find().one(app.db.read()).await.unwrap().unwrap();
    let draft = folder_of.join(batch.draft.unwrap());
    fs::write(&draft, &text).unwrap();
    brought.world.sql(UNPUBLISHED).await.unwrap();
    assert_eq!((write().await, files(&folder)), (0, vec![(name.clone(), text.clone())]));
    fs::rename(folder_of.join(&name), &draft).unwrap();
    brought.world.sql(UNPUBLISHED).await.unwrap();
    brought.world.twin().await;
    assert_eq!(
        files(&folder),
        [(name.clone(), text.clone())],
        "the next process gives it its name when it starts"
    );
    // Killed before it was noted, with and without a draft.
    for is_there in [true, false] {
        fs::remove_file(folder_of.join(&name)).unwrap();
        brought.world.sql(UNWRITTEN).await.unwrap();
        if is_there {
            fs::write(folder_of.join(format!("{name}.0.draft")), "half of it").unwrap();
        }
        assert_eq!((write().await, files(&folder)), (1, vec![(name.clone(), text.clone())]));
    }
    assert_eq!(files(&folder).len(), 1);
    brought.world.verify().await;
}

/// As if no file was written.
const UNWRITTEN: &str =
    "UPDATE payout_batches SET file = NULL, draft = NULL, written_at = NULL, published_at = NULL";

/// As if the file had not got its name.
const UNPUBLISHED: &str = "UPDATE payout_batches SET published_at = NULL";

#[actix_web::test]
async fn w_2_the_file_of_a_batch_that_is_refused_before_it_is_out_does_not_appear() {
    for before in [UNWRITTEN, UNPUBLISHED] {
        let (brought, folder) = sent(bank("Ann Lee")).await;
        let (name, text) = files(&folder).remove(0);
        let (app, folder_of) = (&brought.world.app, folder.path().join("payouts"));
        let batch = payout_batch::Entity::find().one(app.db.read()).await.unwrap().unwrap();
        // Killed before the draft was noted, or before it got its name.
        fs::remove_file(folder_of.join(&name)).unwrap();
        let draft = batch.draft.unwrap_or_default();
        fs::write(folder_of.join(if before == UNWRITTEN { format!("{name}.0.draft") } else { draft }), &text)
            .unwrap();
        brought.world.sql(before).await.unwrap();
        let commands = Commands::on(&brought.world.app.settings);
        if before == UNWRITTEN {
            let refused = commands.run(&["payouts", "refuse", &batch.id.to_string(), "--json"]);
            let refused: Value = serde_json::from_str(&refused.stdout).unwrap();
            assert_eq!(refused, json!({ "settled": 1, "file": null }));
        } else {
            let refuse = async |txn: &_| payouts::refuse_batch(txn, batch.id).await;
            assert_eq!(app.db.write(refuse).await.unwrap(), (1, Some(name)));
        }
        let written = payouts::write_files(&app.db, &app.keys, &folder_of, &payer()).await.unwrap();
        assert_eq!((written, files(&folder)), (0, Vec::new()), "neither the file nor its draft");
        // Nothing waits for it any more.
        assert_eq!(payouts::store::find_next_question(app.db.read()).await.unwrap(), None);
        brought.world.verify().await;
    }
}

#[actix_web::test]
async fn w_2_a_file_that_could_not_get_its_name_keeps_the_task_due() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (name, text) = files(&folder).remove(0);
    let (app, folder_of) = (&brought.world.app, folder.path().join("payouts"));
    let batch = payout_batch::Entity::find().one(app.db.read()).await.unwrap().unwrap();
    fs::rename(folder_of.join(&name), folder_of.join(batch.draft.unwrap())).unwrap();
    brought.world.sql(UNPUBLISHED).await.unwrap();
    let next = payouts::store::find_next_question(app.db.read()).await.unwrap();
    assert_eq!(next, batch.written_at, "the draft waits since it was written");
    brought.world.advance("2026-03-16T12:10:00Z").await;
    assert_eq!(files(&folder), [(name, text)]);
    assert_eq!(payouts::store::find_next_question(app.db.read()).await.unwrap(), None);
}

#[actix_web::test]
async fn w_2_of_processes_that_write_at_once_one_file_comes() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (name, text) = files(&folder).remove(0);
    let folder_of = folder.path().join("payouts");
    let (one, other) = (&brought.world.app, brought.world.twin().await);
    let write = async |app: &connects::app::App| {
        payouts::write_files(&app.db, &app.keys, &folder_of, &payer()).await.unwrap();
    };
    for _ in 0..10 {
        fs::remove_file(folder_of.join(&name)).unwrap();
        brought.world.sql(UNWRITTEN).await.unwrap();
        futures_util::join!(write(one), write(&other));
        assert_eq!(files(&folder), [(name.clone(), text.clone())]);
    }
}

#[actix_web::test]
async fn w_2_a_file_that_no_answer_refuses_is_refused_by_command() {
    let account =
        json!({ "bacs": { "holder": "Ann Lee", "sortCode": "20-00-00", "accountNumber": "12345678" } });
    let (brought, _folder) = sent(account).await;
    let row = payout::Entity::find().one(brought.world.db().read()).await.unwrap().unwrap();
    let commands = Commands::on(&brought.world.app.settings);
    let batch = row.batch_id.unwrap().to_string();
    assert_eq!(commands.run(&["payouts", "refuse", "x"]).code, 3);
    let refused = commands.run(&["payouts", "refuse", &batch]);
    assert!(
        refused.stdout.contains("bacs18-GBP-") && refused.stdout.contains("remove it"),
        "{}",
        refused.stdout
    );
    assert_eq!(commands.run(&["payouts", "confirm", &batch]).code, 3, "it never went out");
    assert_eq!(brought.last_payout().await["failure"], "FILE_REFUSED");
    let told = "{ viewer { notifications { nodes { kind message } } } }";
    let told = brought.world.data(Some(&brought.ann), told, json!({})).await.to_string();
    assert!(told.contains("Nothing is wrong with your payout details, and it will be sent again."), "{told}");
    let plan: Value = serde_json::from_str(&commands.run(&["payouts", "plan", "--json"]).stdout).unwrap();
    assert_eq!((&plan["lines"][0]["cents"], &plan["lines"][0]["hold"]), (&json!(7_000), &Value::Null));
    brought.world.verify().await;
}

#[actix_web::test]
async fn w_3_a_statement_calls_paid_what_was_paid() {
    use actix_web::test as web;
    let (brought, _folder) = sent(bank("Ann Lee")).await;
    let world = &brought.world;
    let shown = world.data(Some(&brought.ann), "{ viewer { payouts { nodes { id } } } }", json!({})).await;
    let id = shown["viewer"]["payouts"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let service = crate::http::service!(world);
    let bearer = format!("Bearer {}", brought.ann.token(world));
    let request = web::TestRequest::get().uri(&format!("/payouts/{id}/statement.csv"));
    let response = web::call_service(&service, request.insert_header(("authorization", bearer)).to_request());
    let csv = String::from_utf8(web::read_body(response.await).await.to_vec()).unwrap();
    assert!(csv.contains("CONVERTED,") && !csv.contains("PAID"), "{csv}");
}

#[actix_web::test]
async fn w_4_after_a_rotation_details_are_encrypted_with_the_new_key_and_payouts_go_on() {
    let world = World::new().await;
    let brought = Brought::within(world).await;
    let world = &brought.world;
    world.set_payout_method(&brought.ann, bank("Ann Lee")).await;
    let sealed = async || payout_method::Entity::find().one(world.db().read()).await.unwrap().unwrap();
    let before = sealed().await;
    let secrets = world.app.keys.secrets();
    let rotate = world.db().write(async |txn| keyring::rotate(txn, secrets, KeyPurpose::PayoutDetails).await);
    let rotated = rotate.await.unwrap();
    let commands = Commands::on(&world.app.settings);
    let early = commands.run(&["keys", "retire", "payout-details"]);
    assert_ne!(early.code, 0);
    assert!(early.stderr.contains("still encrypted"), "{}", early.stderr);
    let twin = world.twin().await;
    let asked = connects::schedule::Asked {
        trigger: connects::entity::enums::TaskTrigger::Command,
        actor: None,
        as_of: None,
    };
    let done = twin.runner().run_now(task("retire-keys"), asked).await.unwrap();
    assert_eq!(done.1["sealed"], 1);
    let after = sealed().await;
    assert_eq!((before.key_id, after.key_id), (rotated.retiring, rotated.active));
    assert_ne!(before.sealed, after.sealed);
    assert_eq!(commands.run(&["keys", "retire", "payout-details"]).code, 0);
    let text = after.sealed.unwrap();
    let seal = connects::keys::Sealed { key: after.key_id, text };
    assert!(twin.keys.open_details(after.id, &seal).is_ok());
    // Beside another method it opens nothing.
    assert!(twin.keys.open_details(connects::entity::ids::PayoutMethodId::new(), &seal).is_err());
}
