use super::*;
use crate::entity::enums::PayoutFailure;

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

fn batch(payer: &Payer, rail: PayoutRail, currency: Currency, details: Vec<Details>) -> Batch<'_> {
    let item =
        |(n, details): (i64, Details)| Item { reference: format!("REF{n}"), minor: 1_000 + n, details };
    let items = (0..).zip(details).map(item).collect();
    Batch { id: PayoutBatchId::new(), rail, currency, day: "2026-03-16".parse().unwrap(), payer, items }
}

#[test]
fn w_2_a_bacs_file_has_labels_of_80_records_of_100_and_balances() {
    let payer = payer();
    let details = ["José Müller", "Ann", "A very long name that does not fit"];
    let details = details.map(|name| Details::bacs(name, "20-00-00", "12345678").unwrap());
    let batch = batch(&payer, PayoutRail::Bacs, Currency::Gbp, details.into());
    let file = String::from_utf8(batch.write().unwrap()).unwrap();
    let lines: Vec<_> = file.split("\r\n").collect();
    let widths: Vec<_> = lines.iter().map(|line| line.len()).collect();
    assert_eq!(widths, [80, 80, 80, 80, 100, 100, 100, 100, 80, 80, 80, 0], "{file}");
    let labels: Vec<_> = lines.iter().map(|line| line.get(..4).unwrap_or_default()).collect();
    assert_eq!(
        [&labels[..4], &labels[8..11]].concat(),
        ["VOL1", "HDR1", "HDR2", "UHL1", "EOF1", "EOF2", "UTL1"]
    );
    assert_eq!(&lines[1][41..47], " 26075", "16 March 2026 is the 75th day");
    let amount = |line: &str| line[35..46].parse::<i64>().unwrap();
    let credits: i64 = lines[4..7].iter().map(|line| amount(line)).sum();
    assert_eq!((credits, amount(lines[7]), &lines[7][15..17]), (3_003, 3_003, "17"));
    assert_eq!(&lines[10][4..44], "0000000003003000000000300300000010000003");
    assert_eq!(&lines[4][82..], "JOSE MULLER       ");
    assert!(lines[4..8].iter().all(|line| line.is_ascii() && line[17..31] == *"20201555555555"));
}

#[test]
fn w_2_a_message_for_bank_transfers_has_its_sums_twice_and_each_payout_once() {
    let payer = payer();
    let details = ["Ångström & Søn", "Ann"];
    let iban = "DE89370400440532013000";
    let details = details.map(|name| Details::bank_transfer(name, iban, Some("COBADEFF")).unwrap());
    let batch = batch(&payer, PayoutRail::BankTransfer, Currency::Eur, details.into());
    let file = String::from_utf8(batch.write().unwrap()).unwrap();
    assert_eq!(file.matches("<CtrlSum>20.01</CtrlSum>").count(), 2, "{file}");
    assert_eq!(file.matches("<NbOfTxs>2</NbOfTxs>").count(), 2);
    assert_eq!(file.matches("<CdtTrfTxInf>").count(), 2);
    assert!(file.contains("<Nm>Angstrom . Son</Nm>") && file.contains("<Cd>SEPA</Cd>"));
    assert_eq!(
        file,
        String::from_utf8(batch.write().unwrap()).unwrap(),
        "it is the same whenever it is written"
    );
}

#[test]
fn w_2_a_transfer_goes_by_sepa_where_its_account_is_in_it() {
    let payer = payer();
    let within = Details::bank_transfer("Ann", "DE89370400440532013000", None).unwrap();
    let outside = Details::bank_transfer("Ben", "TR330006100519786457841326", Some("TCZBTR2A")).unwrap();
    let message = |currency, details| {
        let batch = batch(&payer, PayoutRail::BankTransfer, currency, details);
        String::from_utf8(batch.write().unwrap()).unwrap()
    };
    let said =
        |file: &str| ["SEPA", "NURG", "SLEV", "SHAR"].map(|word| file.matches(&format!(">{word}</")).count());
    let both = vec![within.clone(), outside.clone()];
    let mixed = message(Currency::Eur, both.clone());
    assert_eq!(said(&mixed), [1, 1, 1, 1], "of each transfer: {mixed}");
    assert!(mixed.find("<CdtTrfTxInf>") < mixed.find("<PmtTpInf>"));
    assert_eq!(said(&message(Currency::Usd, both)), [0, 1, 0, 1], "of all");
    assert_eq!(said(&message(Currency::Eur, vec![within.clone(), within])), [1, 0, 1, 0]);
    assert_eq!(said(&message(Currency::Eur, vec![outside])), [0, 1, 0, 1]);
}

#[test]
fn w_2_a_mass_payment_has_a_line_each() {
    let payer = payer();
    let details = vec![Details::paypal("Ann", "ann@example.com").unwrap()];
    let batch = batch(&payer, PayoutRail::Paypal, Currency::Usd, details);
    let file = String::from_utf8(batch.write().unwrap()).unwrap();
    assert_eq!(file, "ann@example.com,10.00,USD,REF0,Payout by Connects\n");
}

fn answer(reference: &str, failure: Option<PayoutFailure>, amount: Option<(i64, Currency)>) -> Answered {
    let said = |(minor, currency)| Amount::Said(Money::new(minor, currency));
    let amount = amount.map_or(Amount::Unsaid, said);
    Answered { reference: reference.into(), failure, amount }
}

/// A status report of these transactions.
fn report(transactions: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>
         <OrgnlGrpInfAndSts><OrgnlMsgId>m1</OrgnlMsgId></OrgnlGrpInfAndSts>
         <OrgnlPmtInfAndSts>{transactions}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    )
}

#[test]
fn w_2_what_banks_and_paypal_answer_is_read() {
    let text = report(
        "<TxInfAndSts><OrgnlEndToEndId>a&#49;</OrgnlEndToEndId><TxSts><![CDATA[ACSC]]></TxSts><OrgnlTxRef><Amt>
        <InstdAmt Ccy=\"EUR\">9.2</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>
        <TxInfAndSts><OrgnlEndToEndId>a2</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>
        <TxInfAndSts><OrgnlEndToEndId>a3</OrgnlEndToEndId><TxSts>PDNG</TxSts></TxInfAndSts>",
    );
    let read_of = |form, text: &str| read(form, text).unwrap();
    let each = vec![
        answer("a1", None, Some((920, Currency::Eur))),
        answer("a2", Some(PayoutFailure::AccountClosed), None),
    ];
    let expected = Answers { message: Some("m1".into()), each, ..Answers::default() };
    assert_eq!(read_of(Form::Pain002, &text), expected);
    let refused = read_of(Form::Pain002, &report("<PmtInfSts>RJCT</PmtInfSts>"));
    assert!(refused.whole == Some(Whole::Refused) && refused.each.is_empty());
    let arucs =
        "<BACSDocument><Data><ARUCS><ReturnedCreditItem ref=\"B1  \" returnCode=\"B\" valueOf=\"10.00\"/>
        <ReturnedCreditItem ref=\"B2\" returnCode=\"0\"></ReturnedCreditItem></ARUCS></Data></BACSDocument>";
    let expected = [
        answer("B1", Some(PayoutFailure::AccountClosed), Some((1_000, Currency::Gbp))),
        answer("B2", Some(PayoutFailure::InvalidDetails), None),
    ];
    assert_eq!(read_of(Form::Arucs, arucs).each, expected);
    let paypal = "\u{feff}Email,Amount,Currency,Status,Unique ID\nann@example.com,10.00,USD,Completed,c1\n\
                  b@example.com,1.00,USD,Unclaimed,c2\nc@example.com,1.00,GBP,Returned,c3\n";
    let expected = [
        answer("c1", None, Some((1_000, Currency::Usd))),
        answer("c3", Some(PayoutFailure::Refused), Some((100, Currency::Gbp))),
    ];
    // What the account has paid to others, in whatever currency, does not make the rest unreadable.
    let paypal = format!("{paypal}d@example.com,5.00,CAD,Completed,c4\ne@example.com,,,Completed,c5\n");
    let foreign = |reference: &str| Answered { amount: Amount::Foreign, ..answer(reference, None, None) };
    let expected: Vec<_> = expected.into_iter().chain([foreign("c4"), foreign("c5")]).collect();
    let paypal = paypal.as_str();
    assert_eq!(read_of(Form::Paypal, paypal).each, expected);
}

#[test]
fn w_2_what_is_no_answer_is_refused_as_a_whole() {
    let whole = report("<TxInfAndSts><OrgnlEndToEndId>a1</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>");
    let twice = format!("{whole}<Document/>");
    let entities = format!("<!DOCTYPE Document [<!ENTITY a \"b\">]>{}", whole.split_once("?>").unwrap().1);
    let cut = whole.split_once("</TxInfAndSts>").unwrap().0;
    let contradiction = report("<PmtInfSts>ACSC</PmtInfSts>")
        .replace("</OrgnlGrpInfAndSts>", "<GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>");
    for (form, text) in [
        (Form::Pain002, cut),
        (Form::Pain002, &contradiction),
        (Form::Pain002, &twice),
        (Form::Pain002, &entities),
        (Form::Pain002, &report("<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>")),
        (Form::Pain002, ""),
        (Form::Pain002, "<Document/>"),
        (Form::Arucs, "<BACSDocument/>"),
        (Form::Arucs, "<ARUCS><ReturnedCreditItem ref=\"1\"/></ARUCS>"),
        (Form::Arucs, "<ARUCS><ReturnedCreditItem ref=\"1\" returnCode=\"B\"/>"),
        (Form::Paypal, "a,b\n1,2\n"),
    ] {
        assert!(read(form, text).is_err(), "{form:?} {text}");
    }
}
