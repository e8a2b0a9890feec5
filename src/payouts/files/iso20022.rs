//! Bank transfers as an ISO 20022 customer credit transfer initiation, pain.001.001.09.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{Batch, Item, text::sepa};
use crate::{
    entity::enums::Currency,
    error::{Fault, Result},
    input::bank,
    money::Money,
    payouts::rules::details::Details,
};

/// The namespace of the message.
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

type Xml = Writer<Vec<u8>>;

/// The message for a batch.
///
/// # Errors
/// [`Fault::Broken`] when a payout does not go to a bank account.
pub fn write(batch: &Batch<'_>) -> Result<Vec<u8>> {
    if batch.items.iter().any(|item| !matches!(item.details, Details::BankTransfer { .. })) {
        return Err(Fault::Broken(format!("batch {} has another rail", batch.id)).into());
    }
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let written = written.and_then(|()| {
        xml.create_element("Document").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|xml| {
            within(xml, "CstmrCdtTrfInitn", |xml| {
                within(xml, "GrpHdr", |xml| header(xml, batch))?;
                within(xml, "PmtInf", |xml| payment(xml, batch))
            })
        })
    });
    written.map_err(|error| Fault::Broken(format!("no message: {error}")))?;
    Ok(xml.into_inner())
}

fn header(xml: &mut Xml, batch: &Batch<'_>) -> io::Result<()> {
    text(xml, "MsgId", &batch.id.0.simple().to_string())?;
    text(xml, "CreDtTm", &format!("{}T00:00:00Z", batch.day))?;
    sums(xml, batch)?;
    within(xml, "InitgPty", |xml| text(xml, "Nm", &sepa(&batch.payer.name, 70)))
}

fn sums(xml: &mut Xml, batch: &Batch<'_>) -> io::Result<()> {
    text(xml, "NbOfTxs", &batch.items.len().to_string())?;
    text(xml, "CtrlSum", &batch.total().amount())
}

fn payment(xml: &mut Xml, batch: &Batch<'_>) -> io::Result<()> {
    let payer = batch.payer;
    text(xml, "PmtInfId", &batch.id.0.simple().to_string())?;
    text(xml, "PmtMtd", "TRF")?;
    text(xml, "BtchBookg", "true")?;
    sums(xml, batch)?;
    // What differs between transfers is said of each of them.
    let whole = Level::of_all(batch);
    whole.iter().try_for_each(|level| level.write(xml))?;
    within(xml, "ReqdExctnDt", |xml| text(xml, "Dt", &batch.day.to_string()))?;
    within(xml, "Dbtr", |xml| text(xml, "Nm", &sepa(&payer.name, 70)))?;
    account(xml, "DbtrAcct", &payer.iban)?;
    agent(xml, "DbtrAgt", &payer.bic)?;
    whole.iter().try_for_each(|level| text(xml, "ChrgBr", level.charges()))?;
    let each = |item: &Item| whole.is_none().then(|| Level::of(batch, item));
    batch
        .items
        .iter()
        .try_for_each(|item| within(xml, "CdtTrfTxInf", |xml| transfer(xml, batch, item, each(item))))
}

/// How a transfer goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// By SEPA: euros to a country of it.
    Sepa,
    /// As an ordinary transfer.
    Ordinary,
}

impl Level {
    fn of(batch: &Batch<'_>, item: &Item) -> Self {
        match &item.details {
            Details::BankTransfer { iban, .. } if batch.currency == Currency::Eur && bank::is_sepa(iban) => {
                Self::Sepa
            }
            _ => Self::Ordinary,
        }
    }

    /// That of all transfers of a batch, if it is the same.
    fn of_all(batch: &Batch<'_>) -> Option<Self> {
        let mut levels = batch.items.iter().map(|item| Self::of(batch, item));
        let first = levels.next()?;
        levels.all(|level| level == first).then_some(first)
    }

    fn write(self, xml: &mut Xml) -> io::Result<()> {
        let code = if self == Self::Sepa { "SEPA" } else { "NURG" };
        within(xml, "PmtTpInf", |xml| within(xml, "SvcLvl", |xml| text(xml, "Cd", code)))
    }

    fn charges(self) -> &'static str {
        if self == Self::Sepa { "SLEV" } else { "SHAR" }
    }
}

fn transfer(xml: &mut Xml, batch: &Batch<'_>, item: &Item, level: Option<Level>) -> io::Result<()> {
    let Details::BankTransfer { holder, iban, bic } = &item.details else { return Ok(()) };
    within(xml, "PmtId", |xml| text(xml, "EndToEndId", &item.reference))?;
    level.iter().try_for_each(|level| level.write(xml))?;
    let amount = Money::new(item.minor, batch.currency).amount();
    within(xml, "Amt", |xml| {
        let element = xml.create_element("InstdAmt").with_attribute(("Ccy", batch.currency.as_str()));
        element.write_text_content(BytesText::new(&amount)).map(drop)
    })?;
    level.iter().try_for_each(|level| text(xml, "ChrgBr", level.charges()))?;
    if let Some(bic) = bic {
        agent(xml, "CdtrAgt", bic)?;
    }
    within(xml, "Cdtr", |xml| text(xml, "Nm", &sepa(holder, 70)))?;
    account(xml, "CdtrAcct", iban)?;
    within(xml, "RmtInf", |xml| text(xml, "Ustrd", &sepa(&format!("Payout {}", item.reference), 140)))
}

fn account(xml: &mut Xml, name: &str, iban: &str) -> io::Result<()> {
    within(xml, name, |xml| within(xml, "Id", |xml| text(xml, "IBAN", iban)))
}

fn agent(xml: &mut Xml, name: &str, bic: &str) -> io::Result<()> {
    within(xml, name, |xml| within(xml, "FinInstnId", |xml| text(xml, "BICFI", bic)))
}

fn within(xml: &mut Xml, name: &str, content: impl FnOnce(&mut Xml) -> io::Result<()>) -> io::Result<()> {
    xml.create_element(name).write_inner_content(content).map(drop)
}

fn text(xml: &mut Xml, name: &str, content: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(content)).map(drop)
}
