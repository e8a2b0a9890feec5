"""The readers accept a good file, and refuse each that is broken in one place; and the model's own arithmetic."""

import paths  # noqa: F401  # pylint: disable=unused-import

import random
import unittest
from datetime import datetime, timezone
from fractions import Fraction

import corners
import masspay
import refusals
import replies
import standard18
import transfers
from agreement import Disagreement
from clerk import Clerk
from dates import money
from filing import RATES, FileYear, converted
from names import NOBODY, is_spelled, letters, nobody, some_name
from payees import WAYS, Account, Payees, checked
from sheets import NotAccepted, Record, is_iban, minor_of, named
from things import Person

ID = "019d2a3c-0000-7000-8000-0000000abcde"
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>{ID.replace("-", "")}</MsgId><CreDtTm>2026-03-16T00:00:00Z</CreDtTm>
<NbOfTxs>2</NbOfTxs><CtrlSum>30.01</CtrlSum>
<InitgPty><Nm>Payer Ltd</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>BLOCK</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>2</NbOfTxs><CtrlSum>30.01</CtrlSum>
<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>
<ReqdExctnDt><Dt>2026-03-16</Dt></ReqdExctnDt><Dbtr><Nm>Payer Ltd</Nm></Dbtr>
<DbtrAcct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>BUKBGB22</BICFI></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>
<CdtTrfTxInf><PmtId><EndToEndId>REF1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">10.00</InstdAmt></Amt>
<CdtrAgt><FinInstnId><BICFI>COBADEFF</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>Ann Lee</Nm></Cdtr>
<CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct><RmtInf><Ustrd>Payout REF1</Ustrd></RmtInf></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>REF2</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">20.01</InstdAmt></Amt>
<Cdtr><Nm>Bob . Co</Nm></Cdtr><CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct>
<RmtInf><Ustrd>Payout REF2</Ustrd></RmtInf></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>"""
BROKEN_XML = (
    ("<CtrlSum>30.01</CtrlSum>\n<I", "<CtrlSum>30.02</CtrlSum>\n<I", "CtrlSum"),
    ("<NbOfTxs>2</NbOfTxs><CtrlSum>30.01</CtrlSum>\n<P", "<NbOfTxs>3</NbOfTxs><CtrlSum>30.01</CtrlSum>\n<P", "NbOfTxs"),
    ("REF2</EndToEndId>", "REF1</EndToEndId>", "twice"), ("20.01</InstdAmt>", "20.1</InstdAmt>", "two decimals"),
    ("20.01</InstdAmt>", "20.02</InstdAmt>", "CtrlSum"), ("Ccy=\"EUR\">20.01", "Ccy=\"USD\">20.01", "currency"),
    ("DE89", "DE88", "check digits"), ("GB33", "GB34", "IBAN of the payer"), ("Ann Lee", "Änn Lee", "characters"),
    ("Ann Lee", "A" * 71, "longer than 70"), ("Ann Lee", "Ann Lee/", "slash"), ("Ann Lee", ". .", "says nothing"),
    ("<Dt>2026-03-16</Dt>", "<Dt>2026-03-17</Dt>", "day of execution"), ("SLEV", "SHAR", "charges"), ("SEPA", "NURG", "level"),
    ("<PmtMtd>TRF", "<PmtMtd>CHK", "method"), ("COBADEFF", "COBA", "schema"), ("<Dbtr>", "<Debtor>", "well-formed"),
    ("<ChrgBr>SLEV</ChrgBr>", "", "charges"), ("</Document>", "", "well-formed"), ("2026-03-16T", "2026-03-15T", "made"),
    ("<Document", "<!DOCTYPE Document><Document", "document type"), ("pain.001.001.09", "pain.001.001.03", "schema"))
LINES = [
    "VOL1ABCDEF" + " " * 27 + "    123456    " + " " * 28 + "1",
    "HDR1A123456S  1123456ABCDEF00010001       26075 26105 000000" + " " * 20,
    "HDR2F0200000100" + " " * 35 + "00" + " " * 28, "UHL1 26075999999    000000001 DAILY  001" + " " * 40,
    "200000123456780992020155555555" + "5    00000001000PAYER LTD         REFERENCE1        ANN LEE           ",
    "200000123456790992020155555555" + "5    00000002001PAYER LTD         REFERENCE2        BOB & CO          ",
    "202015555555550172020155555555" + "5    00000003001PAYOUTS           CONTRA            PAYER LTD         ",
    "EOF1A123456S  1123456ABCDEF00010001       26075 26105 000000" + " " * 20,
    "EOF2F0200000100" + " " * 35 + "00" + " " * 28,
    "UTL1" + "0000000003001" * 2 + "0000001" + "0000002" + " " * 36]
TEXT = "\r\n".join(LINES) + "\r\n"
BROKEN_TEXT = (
    ("0000000003001" * 2, "00000000030010000000003002", "credits"),
    ("0000000003001" * 2, "00000000030020000000003001", "debits"),
    ("00000010000002", "00000010000003", "number of credits"), ("00000010000002", "00000020000002", "number of debits"),
    ("00000003001PAYOUTS", "00000003000PAYOUTS", "contra"), ("00000001000PAYER", "00000001001PAYER", "contra"),
    ("00000001000PAYER", "00000000000PAYER", "nothing"), ("REFERENCE2", "REFERENCE1", "twice"),
    ("ANN LEE ", "ANN LEE", "100"), ("VOL1ABCDEF ", "VOL1ABCDEF", "length of VOL1"), ("ANN LEE", "Ann Lee", "characters"),
    ("ANN LEE", "ÄNN LEE", "ASCII"), ("ANN LEE", "       ", "names nobody"), ("REFERENCE1", "REF1      ", "too short"),
    ("REFERENCE1", "DDICRENCE1", "no reference"), ("780992", "780982", "neither a credit"), ("550172", "550992", "no contra"),
    ("UHL1 26075", "UHL1 26074", "processing day"), ("UHL1 26075", "UHL1 26400", "no day"),
    ("UHL1 26075", "UHL1 26148", "not near"), ("EOF1A123456", "EOF1A123457", "EOF1"),
    ("HDR1A123456S  1123456", "HDR1A123456S  1654321", "identifier"), ("F0200000100", "F0200000106", "format"),
    ("2020155555555" + "5    00000001000", "2020155555555" + "6    00000001000", "account of the payer"),
    ("\r\n", "\n", "last line"), ("EOF2", "EOF3", "label"), ("12345678", "1234567A", "no account"),
    (" 26075 26105", " 26076 26105", "HDR1"))
CSV = "ann@pay.example,10.00,USD,REF1,A note\n\"o'neill@pay.example\",20.01,USD,REF2,\"A, note\"\n"
BROKEN_CSV = (
    ("20.01", "20.1", "two decimals"), ("20.01", "0.00", "nothing"), ("20.01", "1,020.01", "columns"),
    ("REF2", "REF1", "twice"), ("20.01,USD", "20.01,EUR", "currency"), ("ann@pay.example", "ann", "address"),
    ("REF1", "R" * 31, "unique id"), ("REF1", "R 1", "unique id"), (",A note", "", "columns"), (",A note", ",", "note"),
    ("\"A, note\"\n", "\"A, note\"", "does not end"), ("\"A, note\"", "\"A, note", "comma-separated"))


def read(reader, kind, content):
    """What a reader says of a file of this name and content."""
    ending = {"pain001-EUR": "xml", "bacs18-GBP": "txt", "paypal-USD": "csv"}[kind]
    return reader.read(named(f"{kind}-2026-03-16-{ID}.{ending}"), content.encode())


class Readers(unittest.TestCase):
    """A good file is accepted; one that is broken in one place is refused, and for that."""

    def _refuse(self, reader, kind, good, broken):
        for before, after, why in broken:
            with self.subTest(before=before, after=after):
                self.assertIn(before, good)
                with self.assertRaises(NotAccepted) as refused:
                    read(reader, kind, good.replace(before, after))
                self.assertIn(why, str(refused.exception))

    def test_transfers(self):
        """A pain.001 by the schema, and by what a schema cannot say."""
        sheet = read(transfers, "pain001-EUR", XML)
        self.assertEqual((sheet.total, sheet.payer, sheet.batch), (3_001, "Payer Ltd", ID))
        self.assertEqual(sheet.records[0], Record("REF1", 1_000, "DE89370400440532013000", "Ann Lee", "COBADEFF"))
        self.assertEqual(sheet.records[1], Record("REF2", 2_001, "FR1420041010050500013M02606", "Bob . Co"))
        self._refuse(transfers, "pain001-EUR", XML, BROKEN_XML)

    def test_a_day_off(self):
        """Banks execute nothing on a Sunday."""
        sheet = named(f"pain001-EUR-2026-03-15-{ID}.xml")
        with self.assertRaisesRegex(NotAccepted, "do not work"):
            transfers.read(sheet, XML.replace("2026-03-16", "2026-03-15").encode())
        with self.assertRaisesRegex(NotAccepted, "does not work"):
            standard18.read(named(f"bacs18-GBP-2026-03-15-{ID}.txt"), TEXT.replace(" 26075", " 26074").encode())

    def test_standard18(self):
        """A BACS file by its positions."""
        sheet = read(standard18, "bacs18-GBP", TEXT)
        self.assertEqual((sheet.total, sheet.payer), (3_001, "PAYER LTD"))
        self.assertEqual(sheet.records[1], Record("REFERENCE2", 2_001, "200000 12345679", "BOB & CO"))
        self._refuse(standard18, "bacs18-GBP", TEXT, BROKEN_TEXT)
        for number in range(len(LINES)):
            with self.assertRaises(NotAccepted):
                read(standard18, "bacs18-GBP", "\r\n".join(LINES[:number] + LINES[number + 1:]) + "\r\n")

    def test_masspay(self):
        """A file for PayPal."""
        sheet = read(masspay, "paypal-USD", CSV)
        self.assertEqual(sheet.records, [Record("REF1", 1_000, "ann@pay.example"),
                                         Record("REF2", 2_001, "o'neill@pay.example")])
        self._refuse(masspay, "paypal-USD", CSV, BROKEN_CSV)
        for content in ("", "Email,Amount,Currency,Unique ID,Note\n" + CSV):
            with self.assertRaises(NotAccepted):
                read(masspay, "paypal-USD", content)

    def test_names_of_files(self):
        """Rail, currency, day and batch are in the name."""
        sheet = named(f"/somewhere/bacs18-GBP-2026-03-16-{ID}.txt")
        self.assertEqual((sheet.rail, sheet.currency, sheet.day.isoformat(), sheet.batch), ("BACS", "GBP", "2026-03-16", ID))
        good = f"bacs18-GBP-2026-03-16-{ID}.txt"
        for name in (good.replace("txt", "xml"), f"{good}.draft", good.replace("GBP", "CHF"), good.upper()):
            with self.assertRaises(NotAccepted):
                named(name)

    def test_ibans(self):
        """Check digits, by examples that are published."""
        for iban in ("GB82WEST12345698765432", "DE89370400440532013000", "MT84MALT011000012345MTLCAST001S", "NO9386011117947"):
            self.assertTrue(is_iban(iban), iban)
            self.assertEqual(checked(iban[:2], iban[4:]), iban)
            self.assertFalse(is_iban(iban[:-1] + ("0" if iban[-1] != "0" else "1")), iban)
        self.assertFalse(is_iban("GB82 WEST 1234 5698 7654 32"))

    def test_amounts(self):
        """Two decimals, and nothing before the first digit."""
        self.assertEqual([minor_of("0.01"), minor_of("1234.50")], [1, 123_450])
        for text in ("1", "1.5", "01.00", "-1.00", "+1.00", "1.000", "", "1,00", " 1.00", "0.00"):
            with self.assertRaises(NotAccepted):
                minor_of(text)


class Model(unittest.TestCase):
    """What files are compared with."""

    def test_conversion(self):
        """Half a cent goes up, as with fractions."""
        self.assertEqual([converted(1_100, "GBP"), converted(1_001, "EUR"), converted(7, "USD")], [864, 921, 7])
        for cents in range(1, 3_000):
            for currency, rate in RATES.items():
                self.assertEqual(converted(cents, currency), int(Fraction(cents * rate, 1_000_000) + Fraction(1, 2)))

    def test_names(self):
        """Marks are left out, and what has no plain letter is a matter of taste."""
        self.assertEqual([letters("Ángström & Lé"), letters("R2-D2"), letters("Łukasz"), letters("李小龙")],
                         ["AngstromLe", "R2D2", None, None])
        self.assertTrue(is_spelled("Ann & Bob", "ANN & BOB", 18) and is_spelled("Ann & Bob", "Ann . Bob", 70))
        self.assertTrue(is_spelled("José O'Neill-Müller Sons", "JOSE O NEILL-MULLE", 18))
        self.assertTrue(is_spelled("李小龙", "Li Xiao Long", 70))
        for name, text in (("Ann & Bob", "ANN"), ("Ann", "Anm"), ("李小龙", "   "), ("Müller", "Moller")):
            self.assertFalse(is_spelled(name, text, 18), name)
        dice = random.Random(1)
        for _ in range(3_000):
            self.assertTrue(2 <= len(some_name(dice)) <= 100)
        self.assertIn(nobody(dice), NOBODY)

    def test_accounts(self):
        """None is given twice, and every IBAN is right."""
        payees = Payees(random.Random(2))
        made = [payees.some(None, way) for way in WAYS * 40]
        self.assertEqual(len({one.account for one in made}), len(made))
        ibans = [one.account for one in made if one.rail == "BANK_TRANSFER"]
        self.assertTrue(ibans and all(map(is_iban, ibans)))

    def test_answers(self):
        """Status reports keep to the published schemas; a broken one is noticed."""
        record = Record("REF1", 1_000, "200000 12345678", "ANN LEE")
        for version in replies.VERSIONS:
            how = (("ACSC",), ("RJCT", "AC04"), ("RJCT", "*OWN"), ("PDNG",))
            said = [replies.transaction(record, *one) for one in how]
            for whole in ({}, {"group": ("RJCT", "AM04")}, {"block": ("RJCT", "*OWN")}):
                replies.checked(replies.report(ID, said, version, **whole))
            with self.assertRaises(NotAccepted):
                replies.checked(replies.report(ID, [replies.transaction(record, "ACSC", "TOO LONG")], version))
        self.assertIn(f"ref=\"{'REF1':18}\"", replies.returned(record, "B"))
        row = replies.result(Record("R", 1_000, "o'x@pay.example"), "Failed", "USD")
        self.assertIn("o'x@pay.example,10.00,USD,R,Failed,\"No, ", replies.results([row]))

    def test_what_banks_say(self):
        """What is paid can come back, and then is cash again; nothing else changes anything."""
        year, payout = self._year()
        self.assertEqual((payout.state, payout.minor), ("PROCESSING", 864))
        self.assertEqual([year.bank_pays(payout), year.bank_pays(payout), payout.state], [True, False, "PAID"])
        self.assertEqual([year.bank_fails(payout, "REFUSED"), year.bank_fails(payout, "REFUSED")], [True, False])
        self.assertEqual((payout.state, payout.failure, payout.person.cash), ("FAILED", "REFUSED", 1_100))
        self.assertEqual((year.bank_pays(payout), year.is_refused(payout.person)), (False, True))

    @staticmethod
    def _year():
        """One payout of 11.00 dollars, on Friday 11 December 2026, by BACS."""
        year = FileYear(datetime(2026, 12, 1, 12, tzinfo=timezone.utc))
        person = Person("ann", "ann@people.example", year.now, cash=1_100)
        person.method = Account("BACS", "GBP", "Ann Lee", "200000 12345678", year.now)
        year.register(person)
        year.move_clock(datetime(2026, 12, 10, 12, tzinfo=timezone.utc))
        year.withdraw(person, 1_100)
        year.move_clock(datetime(2026, 12, 11, 12, tzinfo=timezone.utc))
        year.payouts[0].reference = "REFERENCE1"
        return year, year.payouts[0]

    def test_the_clerk(self):
        """A file is the one of its batch, once: another amount, payee or payout, or the same once more, is noticed."""
        good = Record("REFERENCE1", 864, "200000 12345678", "ANN LEE")
        wrong = [[Record("REFERENCE1", 863, good.account, "ANN LEE")], [Record("REFERENCE2", 864, good.account, "ANN LEE")],
                 [Record("REFERENCE1", 864, "200000 12345679", "ANN LEE")], [Record("REFERENCE1", 864, good.account, "BOB")],
                 [good, good]]
        for records in wrong:
            with self.assertRaises(Disagreement):
                self._match(self._year()[0], records)
        year, _ = self._year()
        self.assertEqual(self._match(year, [good]).total, 864)
        with self.assertRaises(Disagreement):
            self._match(year, [good])

    @staticmethod
    def _match(year, records):
        sheet = named(f"bacs18-GBP-2026-12-11-{ID}.txt")
        sheet.records, sheet.payer = records, "PAYER LTD"
        return Clerk(year, None, None, ("", ""), "Payer Ltd")._match(sheet)  # pylint: disable=protected-access

    def test_lists(self):
        """Each corner has a name of its own."""
        for listed in (refusals.CORNERS + refusals.TAKEN, corners.CORNERS):
            self.assertEqual(len({one.__name__ for one in listed}), len(listed))
        self.assertEqual(money(864), replies.money(864))


if __name__ == "__main__":
    unittest.main()
