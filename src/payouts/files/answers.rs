//! What banks and PayPal answer to files (W-2): a pain.002 status report, a BACS report of returned credits (ARUCS), and the
//! results of a PayPal mass payment.

use roxmltree::{Document, Node};

use crate::{
    entity::enums::{Currency, PayoutFailure, PayoutRail},
    error::{Code, Rejection},
    money::Money,
};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// ISO 20022, pain.002.
    Pain002,
    /// BACS, returned credits.
    Arucs,
    /// PayPal, comma-separated.
    Paypal,
}

impl Form {
    /// The rail that it answers.
    pub const fn rail(self) -> PayoutRail {
        match self {
            Self::Pain002 => PayoutRail::BankTransfer,
            Self::Arucs => PayoutRail::Bacs,
            Self::Paypal => PayoutRail::Paypal,
        }
    }
}

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The message of ours that it answers, if it names one.
    pub message: Option<String>,
    /// How many payouts that had, if the answer says so.
    pub count: Option<i64>,
    /// How much they were together, in the currency of the file, if the answer says so.
    pub sum: Option<String>,
    /// How that ended as a whole, if the answer says so.
    pub whole: Option<Whole>,
    /// What it says of each payout, in its order. What it only acknowledges is left out.
    pub each: Vec<Answered>,
}

/// How a file ended as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// All payouts of which the answer says nothing else are paid.
    Paid,
    /// None of them is.
    Refused,
}

/// What an answer says of one payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What the file called it.
    pub reference: String,
    /// Why it failed; absent: it was paid.
    pub failure: Option<PayoutFailure>,
    /// How much it was.
    pub amount: Amount,
}

/// What an answer says of the amount of a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Nothing.
    Unsaid,
    /// So much.
    Said(Money),
    /// What is no amount in a currency of ours, as it stands in lines about what others paid from the same account.
    Foreign,
}

impl Amount {
    /// What stands in an answer.
    fn of(amount: &str, currency: &str) -> Self {
        money_of(amount, currency).map_or(Self::Foreign, Self::Said)
    }
}

/// What `text` says.
///
/// # Errors
/// `INVALID_INPUT` when it is not of this form.
pub fn read(form: Form, text: &str) -> Result<Answers, Rejection> {
    let text = text.trim_start_matches('\u{feff}');
    let read = match form {
        Form::Pain002 => pain002(text),
        Form::Arucs => arucs(text),
        Form::Paypal => paypal(text),
    };
    let sentence =
        "The file cannot be read as an answer of this form. Check the form, and that the file is whole.";
    read.ok_or_else(|| Rejection::new(Code::InvalidInput, sentence).by("W-2"))
}

fn pain002(text: &str) -> Option<Answers> {
    let xml = Document::parse(text).ok()?;
    let report = children(xml.root_element(), "CstmrPmtStsRpt").next()?;
    let group = children(report, "OrgnlGrpInfAndSts").next()?;
    let mut answers = Answers {
        message: Some(text_of(group, "OrgnlMsgId")?),
        count: text_of(group, "OrgnlNbOfTxs").map(|count| count.parse()).transpose().ok()?,
        sum: text_of(group, "OrgnlCtrlSum"),
        whole: whole_of(text_of(group, "GrpSts").as_deref()),
        each: Vec::new(),
    };
    for part in children(report, "OrgnlPmtInfAndSts") {
        let part_as_whole = whole_of(text_of(part, "PmtInfSts").as_deref());
        // An answer that contradicts itself says nothing.
        if answers.whole.zip(part_as_whole).is_some_and(|(one, other)| one != other) {
            return None;
        }
        answers.whole = part_as_whole.or(answers.whole);
        for one in children(part, "TxInfAndSts") {
            answers.each.extend(of_transaction(one)?);
        }
    }
    Some(answers)
}

/// The status of what a bank rejects.
const REJECTED: &str = "RJCT";

/// The status of what is settled, on the account of who pays or of who is paid.
const SETTLED: [&str; 2] = ["ACSC", "ACCC"];

/// What the status of a file says of all of it; anything else is on its way.
fn whole_of(status: Option<&str>) -> Option<Whole> {
    match status {
        Some(REJECTED) => Some(Whole::Refused),
        Some(status) if SETTLED.contains(&status) => Some(Whole::Paid),
        _ => None,
    }
}

/// What the status of a transaction says: it is settled, or rejected. Anything else is on its way.
#[allow(clippy::option_option)]
fn of_transaction(one: Node<'_, '_>) -> Option<Option<Answered>> {
    let reason = children(one, "StsRsnInf").flat_map(|info| children(info, "Rsn"));
    let reason = reason.filter_map(|reason| text_of(reason, "Cd")).next();
    let failure = match text_of(one, "TxSts").unwrap_or_default().as_str() {
        status if SETTLED.contains(&status) => None,
        REJECTED => Some(match reason.as_deref() {
            Some("AC01" | "AC02" | "AC03" | "RC01" | "BE01") => PayoutFailure::InvalidDetails,
            Some("AC04" | "AC07") => PayoutFailure::AccountClosed,
            _ => PayoutFailure::Refused,
        }),
        _ => return Some(None),
    };
    let paid = children(one, "OrgnlTxRef").flat_map(|of| children(of, "Amt"));
    let paid = paid.flat_map(|amount| children(amount, "InstdAmt")).next();
    let said = |paid: Node<'_, '_>| {
        Amount::of(paid.text().unwrap_or_default(), paid.attribute("Ccy").unwrap_or_default())
    };
    let amount = paid.map_or(Amount::Unsaid, said);
    Some(Some(Answered { reference: text_of(one, "OrgnlEndToEndId")?, failure, amount }))
}

fn arucs(text: &str) -> Option<Answers> {
    let xml = Document::parse(text).ok()?;
    let named = |name: &'static str| xml.descendants().filter(move |node| node.tag_name().name() == name);
    named("ARUCS").next()?;
    let returned = |item: Node<'_, '_>| {
        let failure = match item.attribute("returnCode")? {
            "0" | "2" | "3" | "5" => PayoutFailure::InvalidDetails,
            "B" => PayoutFailure::AccountClosed,
            _ => PayoutFailure::Refused,
        };
        let said = |amount| Amount::of(amount, item.attribute("currency").unwrap_or("GBP"));
        let amount = item.attribute("valueOf").map_or(Amount::Unsaid, said);
        Some(Answered { reference: item.attribute("ref")?.trim().to_owned(), failure: Some(failure), amount })
    };
    let each = named("ReturnedCreditItem").map(returned).collect::<Option<_>>()?;
    Some(Answers { each, ..Answers::default() })
}

/// The elements of this name directly within `node`, in whatever namespace.
fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

/// The text of the first element of this name directly within `node`.
fn text_of(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    let child = children(node, name).next()?;
    Some(child.text()?.trim().to_owned())
}

/// An amount in a currency of ours.
fn money_of(amount: &str, currency: &str) -> Option<Money> {
    let ours = [Currency::Usd, Currency::Eur, Currency::Gbp];
    let currency = ours.into_iter().find(|one| one.as_str() == currency.trim())?;
    // PayPal writes what goes out as less than nothing, and thousands apart.
    Money::parse(&amount.trim().trim_start_matches('-').replace(',', ""), currency)
}

fn paypal(text: &str) -> Option<Answers> {
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = csv.headers().ok()?.clone();
    let column = |names: &[&str]| {
        headers.iter().position(|header| names.iter().any(|name| header.trim().eq_ignore_ascii_case(name)))
    };
    let reference = column(&["Unique ID", "Customized ID", "Sender item ID"])?;
    let status = column(&["Status", "Transaction status"])?;
    let (amount, currency) = (column(&["Amount"]), column(&["Currency", "Currency code"]));
    let mut answers = Answers::default();
    for record in csv.records() {
        let record = record.ok()?;
        let failure = match record.get(status)?.trim().to_ascii_lowercase().as_str() {
            "completed" | "success" => None,
            "failed" | "denied" | "blocked" | "returned" | "refunded" | "reversed" => {
                Some(PayoutFailure::Refused)
            }
            _ => continue,
        };
        let said = |(amount, currency)| {
            Amount::of(record.get(amount).unwrap_or_default(), record.get(currency).unwrap_or_default())
        };
        let amount = amount.zip(currency).map_or(Amount::Unsaid, said);
        answers.each.push(Answered { reference: record.get(reference)?.trim().to_owned(), failure, amount });
    }
    Some(answers)
}
