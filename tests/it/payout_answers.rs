//! What banks answer to files of payouts (W-2).

use std::fs;

use connects::entity::payout;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::{
    payout_files::{files, report, sent},
    payouts::bank,
    support::commands::Commands,
};

#[actix_web::test]
async fn w_2_a_file_that_is_refused_as_a_whole_is_due_once_more_and_holds_nobody() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (_, text) = files(&folder).remove(0);
    let message = text.split_once("<MsgId>").unwrap().1.split_once('<').unwrap().0;
    let answer = folder.path().join("answer.xml");
    let report = format!(
        "<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><GrpSts>RJCT</GrpSts>\
         <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    );
    fs::write(&answer, report).unwrap();
    let commands = Commands::on(&brought.world.app.settings);
    assert_eq!(commands.run(&["payouts", "import", "pain002", answer.to_str().unwrap()]).code, 0);
    assert_eq!(brought.last_payout().await["failure"], "FILE_REFUSED");
    let plan: Value = serde_json::from_str(&commands.run(&["payouts", "plan", "--json"]).stdout).unwrap();
    assert_eq!(
        (&plan["lines"][0]["cents"], &plan["lines"][0]["hold"]),
        (&json!(7_000), &Value::Null),
        "{plan}"
    );
    brought.world.verify().await;
}

#[actix_web::test]
async fn w_2_a_file_that_is_settled_as_a_whole_is_paid_and_the_log_says_by_which_answer() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (_, text) = files(&folder).remove(0);
    let message = text.split_once("<MsgId>").unwrap().1.split_once('<').unwrap().0;
    let answer = folder.path().join("answer.xml");
    let report = |status: &str| {
        format!(
            "<Document><CstmrPmtStsRpt><OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><GrpSts>{status}</GrpSts>\
             </OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
        )
    };
    let commands = Commands::on(&brought.world.app.settings);
    for counts in ["<OrgnlNbOfTxs>2</OrgnlNbOfTxs>", "<OrgnlCtrlSum>70.01</OrgnlCtrlSum>"] {
        fs::write(&answer, report("ACSC").replace("<GrpSts>", &format!("{counts}<GrpSts>"))).unwrap();
        let refused = commands.run(&["payouts", "import", "pain002", answer.to_str().unwrap()]);
        assert!(refused.code == 3 && refused.stderr.contains("1 payouts of 70.00 USD"), "{}", refused.stderr);
    }
    for (status, state) in [("ACTC", "PROCESSING"), ("PART", "PROCESSING"), ("ACSC", "PAID")] {
        fs::write(&answer, report(status)).unwrap();
        assert_eq!(commands.run(&["payouts", "import", "pain002", answer.to_str().unwrap()]).code, 0);
        assert_eq!(brought.last_payout().await["state"], state, "{status}");
    }
    let staff = brought.world.staff().await;
    let log = "{ admin { auditLog(first: 1) { nodes { action facts { name value } } } } }";
    let log = brought.world.data(Some(&staff), log, json!({})).await.to_string();
    let digest = connects::keys::sha256(&report("ACSC"));
    assert!(log.contains("PAYOUT_ANSWER_IMPORTED") && log.contains(&digest), "{log}");
    brought.world.verify().await;
}

#[actix_web::test]
async fn w_2_what_is_called_paid_after_it_had_failed_raises_the_alarm() {
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (_, text) = files(&folder).remove(0);
    let message = text.split_once("<MsgId>").unwrap().1.split_once('<').unwrap().0;
    let reference = brought.last_payout().await["reference"].as_str().unwrap().to_owned();
    let row = payout::Entity::find().one(brought.world.db().read()).await.unwrap().unwrap();
    let commands = Commands::on(&brought.world.app.settings);
    let path = folder.path().join("answer.xml");
    let import = |text: String| {
        fs::write(&path, text).unwrap();
        commands.run(&["payouts", "import", "pain002", path.to_str().unwrap(), "--json"])
    };
    let paid = report(message, &reference, "70.00");
    let whole = paid.replace("</OrgnlMsgId>", "</OrgnlMsgId><GrpSts>ACSC</GrpSts>");
    let whole = format!("{}</CstmrPmtStsRpt></Document>", whole.split_once("<OrgnlPmtInfAndSts>").unwrap().0);
    assert_eq!(commands.run(&["payouts", "refuse", &row.batch_id.unwrap().to_string()]).code, 0);
    for text in [paid.clone(), whole] {
        let alarm = import(text);
        assert!(alarm.code == 3 && alarm.stderr.contains(&reference), "{}", alarm.stderr);
        let said: Value = serde_json::from_str(&alarm.stdout).unwrap();
        assert_eq!((&said["settled"], &said["paidAfterFailure"]), (&json!(0), &json!([reference])));
    }
    let staff = brought.world.staff().await;
    let log = "{ admin { auditLog(first: 1) { nodes { action facts { name value } } } } }";
    let log = brought.world.data(Some(&staff), log, json!({})).await.to_string();
    assert!(log.contains("paidAfterFailure") && log.contains(&reference), "{log}");
    brought.world.verify().await;
    // What was paid and came back was paid once: the first answer may come again.
    let (brought, folder) = sent(bank("Ann Lee")).await;
    let (_, text) = files(&folder).remove(0);
    let message = text.split_once("<MsgId>").unwrap().1.split_once('<').unwrap().0;
    let reference = brought.last_payout().await["reference"].as_str().unwrap().to_owned();
    let commands = Commands::on(&brought.world.app.settings);
    let paid = report(message, &reference, "70.00");
    for (text, settled) in [(&paid, 1), (&paid.replacen("ACSC", "RJCT", 1), 1), (&paid, 0)] {
        fs::write(&path, text).unwrap();
        let done = commands.run(&["payouts", "import", "pain002", path.to_str().unwrap(), "--json"]);
        let said: Value = serde_json::from_str(&done.stdout).unwrap();
        assert_eq!((done.code, &said["settled"]), (0, &json!(settled)), "{}", done.stderr);
    }
    brought.world.verify().await;
}
