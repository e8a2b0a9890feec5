//! What banks and PayPal answer to files (W-2): a pain.002 status report, a BACS report of returned credits (ARUCS), and the
//! results of a PayPal mass payment.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::{
    entity::enums::{PayoutFailure, PayoutRail},
    error::{Code, Rejection},
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

/// What an answer says of one payout, or of a batch as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What the file called it.
    pub reference: String,
    /// Why it failed; absent: it was paid.
    pub failure: Option<PayoutFailure>,
}

/// What `text` says, in the order in which it says so. What it only acknowledges is left out.
///
/// # Errors
/// `INVALID_INPUT` when it is not of this form.
pub fn read(form: Form, text: &str) -> Result<Vec<Answered>, Rejection> {
    let read = match form {
        Form::Pain002 => pain002(text),
        Form::Arucs => arucs(text),
        Form::Paypal => paypal(text),
    };
    let sentence =
        "The file cannot be read as an answer of this form. Check the form, and that the file is whole.";
    read.ok_or_else(|| Rejection::new(Code::InvalidInput, sentence).by("W-2"))
}

fn pain002(text: &str) -> Option<Vec<Answered>> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().trim_text(true);
    let (mut answers, mut path) = (Vec::new(), Vec::<String>::new());
    let (mut reference, mut status, mut reason) = (String::new(), String::new(), String::new());
    let mut is_report = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = name_of(&start);
                is_report |= name == "CstmrPmtStsRpt";
                if ["OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "TxInfAndSts"].contains(&name.as_str()) {
                    (reference, status, reason) = Default::default();
                }
                path.push(name);
            }
            Event::Text(content) => {
                let content = content.decode().ok()?;
                match path.last().map(String::as_str) {
                    Some("OrgnlEndToEndId" | "OrgnlMsgId" | "OrgnlPmtInfId") => {
                        reference = content.into_owned();
                    }
                    Some("TxSts" | "GrpSts" | "PmtInfSts") => status = content.into_owned(),
                    Some("Cd") if path.iter().any(|name| name == "StsRsnInf") => {
                        reason = content.into_owned();
                    }
                    _ => {}
                }
            }
            Event::End(_) => {
                match path.pop()?.as_str() {
                    "TxInfAndSts" => answers.extend(of_status(&reference, &status, &reason)),
                    // A whole file that is accepted says nothing of its payouts yet.
                    "OrgnlGrpInfAndSts" if status == "RJCT" => {
                        answers.extend(of_status(&reference, &status, &reason));
                    }
                    // Its transactions follow within it, and are the last that it says.
                    "StsRsnInf" | "PmtInfSts" if is_batch(&path) && status == "RJCT" => {
                        answers.extend(of_status(&reference, &status, &reason));
                    }
                    _ => {}
                }
            }
            Event::Eof => return (is_report && path.is_empty()).then_some(answers),
            _ => {}
        }
    }
}

/// Whether the innermost of these elements is about a whole batch.
fn is_batch(path: &[String]) -> bool {
    path.last().is_some_and(|name| name == "OrgnlPmtInfAndSts")
}

/// What the status of a transaction says: it is settled, or rejected. Anything else is on its way.
fn of_status(reference: &str, status: &str, reason: &str) -> Option<Answered> {
    let failure = match status {
        "ACSC" | "ACCC" => None,
        "RJCT" => Some(match reason {
            "AC01" | "AC02" | "AC03" | "RC01" | "BE01" => PayoutFailure::InvalidDetails,
            "AC04" | "AC07" => PayoutFailure::AccountClosed,
            _ => PayoutFailure::Refused,
        }),
        _ => return None,
    };
    Some(Answered { reference: reference.to_owned(), failure })
}

fn arucs(text: &str) -> Option<Vec<Answered>> {
    let mut reader = Reader::from_str(text);
    let (mut answers, mut is_report) = (Vec::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => {
                let name = name_of(&start);
                is_report |= name == "ARUCS";
                if name == "ReturnedCreditItem" {
                    let failure = match attribute(&start, "returnCode")?.as_str() {
                        "2" | "3" | "5" => PayoutFailure::InvalidDetails,
                        "B" => PayoutFailure::AccountClosed,
                        _ => PayoutFailure::Refused,
                    };
                    let reference = attribute(&start, "ref")?.trim().to_owned();
                    answers.push(Answered { reference, failure: Some(failure) });
                }
            }
            Event::Eof => return is_report.then_some(answers),
            _ => {}
        }
    }
}

fn name_of(start: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(start.local_name().as_ref()).into_owned()
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).ok()??;
    Some(found.unescape_value().ok()?.into_owned())
}

fn paypal(text: &str) -> Option<Vec<Answered>> {
    let mut csv =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = csv.headers().ok()?.clone();
    let column = |names: &[&str]| {
        headers.iter().position(|header| names.iter().any(|name| header.trim().eq_ignore_ascii_case(name)))
    };
    let reference = column(&["Unique ID", "Customized ID", "Sender item ID"])?;
    let status = column(&["Status", "Transaction status"])?;
    let mut answers = Vec::new();
    for record in csv.records() {
        let record = record.ok()?;
        let failure = match record.get(status)?.trim().to_ascii_lowercase().as_str() {
            "completed" | "success" => None,
            "failed" | "denied" | "blocked" | "returned" | "refunded" | "reversed" => {
                Some(PayoutFailure::Refused)
            }
            _ => continue,
        };
        answers.push(Answered { reference: record.get(reference)?.trim().to_owned(), failure });
    }
    Some(answers)
}
