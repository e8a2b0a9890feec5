"""Signing in: people register, read their mail, verify their address, sign in, and stay signed in (P-1)."""

import paths  # noqa: F401  # pylint: disable=unused-import

import email
import email.policy
import os

from agreement import Disagreement, agree, shown

REGISTER = """
mutation Register($input: RegisterInput!) { register(input: $input) { mailSent userErrors { code } } }
"""
VERIFY = """
mutation Verify($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified userErrors { code } } }
"""
SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    tokens { accessToken refreshToken } viewer { email isClient isEmailVerified } userErrors { code }
  }
}
"""
REFRESH = """
mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) { tokens { accessToken refreshToken } userErrors { code } }
}
"""
COUNTRIES = ("US", "GB", "DE", "FR", "IN", "BR", "JP")
SANCTIONED = "KP"
MARK = "Token: "


class Door:
    """Knows everyone's password and tokens."""

    def __init__(self, program, tally):
        self.program = program
        self.tally = tally
        self.tokens = {}
        "E-mail address to [access token, refresh token]; admins' have no refresh token."
        self.mails_read = set()

    def ask(self, address, document, **variables):
        """The `data` of the answer to a signed-in person; gets new tokens when the old ones have expired."""
        while True:
            access, refresh = self.tokens[address]
            data, code = self.program.client.try_ask(access, document, variables)
            if code is None:
                return data
            if refresh is None:
                raise Disagreement(f"{address}, whose token is good for days, was answered {code}")
            self._refresh(address, refresh)

    def visit(self, document, given):
        """The payload of a visitor's mutation."""
        data, code = self.program.client.try_ask(None, document, {"input": given})
        agree(f"the answer to a visitor's {shown(given)}", code, None)
        return next(iter(data.values()))

    def admit_admin(self, address):
        """Makes an admin by the command line."""
        self.program.run("register", "--admin", address)
        self.tokens[address] = (self.program.run("token", "--email", address).stdout.strip(), None)

    def admit(self, people):
        """Registers `people`, (address, client, freelancer); reads their mail, verifies, and signs them in."""
        for number, (address, client, freelancer) in enumerate(people):
            answer = self.visit(REGISTER, _registration(address, number, client, freelancer))
            agree(f"registration of {address}", answer, {"mailSent": True, "userErrors": []})
            self.tally.add("P-1", "registered over GraphQL")
        mailed = self._read_mails()
        for address, client, _ in people:
            self._verify(address, mailed.get(address))
            self._sign_in(address, client)
        if people:
            self._refusals(people[0][0], mailed[people[0][0]])

    def _verify(self, address, letter):
        if letter is None:
            raise Disagreement(f"{address} has registered and got no mail")
        answer = self.visit(VERIFY, {"token": _token(letter)})
        agree(f"verification of {address}", answer, {"verified": True, "userErrors": []})
        self.tally.add("P-1", "address verified by mail")

    def _sign_in(self, address, client):
        answer = self.visit(SIGN_IN, {"email": address, "password": _password(address)})
        agree(f"{address} signs in: refusals", answer["userErrors"], [])
        agree(f"{address} signs in", answer["viewer"],
              {"email": address, "isClient": client, "isEmailVerified": True})
        self.tokens[address] = (answer["tokens"]["accessToken"], answer["tokens"]["refreshToken"])
        self.tally.add("P-1", "signed in")

    def _refresh(self, address, refresh):
        answer = self.visit(REFRESH, {"refreshToken": refresh})
        agree(f"{address} refreshes the session: refusals", answer["userErrors"], [])
        self.tokens[address] = (answer["tokens"]["accessToken"], answer["tokens"]["refreshToken"])
        self.tally.add("P-1", "sessions refreshed")

    def _refusals(self, address, letter):
        """Checks what signing in refuses, or only seems to accept."""
        again = _registration(address, 0, True, True)
        cases = [
            ("a used token", VERIFY, {"token": _token(letter)}, {"verified": False}, "INVALID_TOKEN"),
            ("a wrong password", SIGN_IN, {"email": address, "password": "a horse in summer"},
             {"tokens": None, "viewer": None}, "INVALID_CREDENTIALS"),
            ("a short password", REGISTER, again | {"email": f"weak-{address}", "password": "a horse"},
             {"mailSent": False}, "WEAK_PASSWORD"),
            ("a sanctioned country", REGISTER, again | {"email": f"far-{address}", "country": SANCTIONED},
             {"mailSent": False}, "COUNTRY_NOT_SUPPORTED"),
        ]
        for what, document, given, rest, code in cases:
            agree(what, self.visit(document, given), rest | {"userErrors": [{"code": code}]})
            self.tally.add("P-5" if code == "COUNTRY_NOT_SUPPORTED" else "P-1", f"refused: {code}")
        agree("a known address", self.visit(REGISTER, again), {"mailSent": True, "userErrors": []})
        letters = self._read_mails()
        agree(f"mails after a second registration of {address}", list(letters), [address])
        agree(f"a token in the mail of that: {letters[address]}", MARK in letters[address], False)
        self.tally.add("P-1", "known address, answered alike")

    def _read_mails(self):
        """Has the mails sent; returns the texts of the new ones by address. Each address has got one."""
        self.program.run("task", "run", "mail", "--json")
        found = {}
        for name in sorted(set(os.listdir(self.program.mail_folder)) - self.mails_read):
            if not name.endswith(".eml"):
                continue
            self.mails_read.add(name)
            with open(os.path.join(self.program.mail_folder, name), "rb") as file:
                mail = email.message_from_binary_file(file, policy=email.policy.default)
            agree(f"{mail['to']} got a second mail", mail["to"] in found, False)
            found[mail["to"]] = mail.get_content()
        return found


def _password(address):
    return f"a horse for {address} in winter"


def _registration(address, number, client, freelancer):
    return {"email": address, "password": _password(address), "name": address.split("@")[0].replace("-", " "),
            "country": COUNTRIES[number % len(COUNTRIES)], "client": client, "freelancer": freelancer}


def _token(letter):
    """The token in a mail."""
    before, mark, after = letter.partition(MARK)
    agree(f"a token in the mail {before}", mark, MARK)
    return after.split()[0]
