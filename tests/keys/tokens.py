"""Tokens of every kind that were given out and not used up, and that must all stay valid while keys change."""

import glob
import os

from agreement import agree

PASSWORD = "a horse in winter"
VIEWER = "{ viewer { email } }"
REGISTER = "mutation($i: RegisterInput!) { done: register(input: $i) { mailSent userErrors { code } } }"
VERIFY = "mutation($i: VerifyEmailInput!) { done: verifyEmail(input: $i) { verified userErrors { code } } }"
SIGN_IN = """mutation($i: SignInInput!) { done: signIn(input: $i) {
  tokens { accessToken refreshToken } userErrors { code } } }"""
REFRESH = """mutation($i: RefreshSessionInput!) { done: refreshSession(input: $i) {
  tokens { accessToken refreshToken } userErrors { code } } }"""


def registration(email, name):
    """The input that registers a freelancer."""
    return {"email": email, "password": PASSWORD, "name": name, "country": "US", "freelancer": True, "client": False}


class Tokens:
    """Bearer tokens of a month, refresh tokens and mailed tokens, each kind in the order in which it was given out."""

    def __init__(self, program, dice, tally):
        self.program, self.dice, self.tally = program, dice, tally
        self.people = 0
        self.bearer = []
        "Pairs of an e-mail address and its token."
        self.refresh = []
        self.mailed = []

    def give(self):
        """Registers one more person: a token of each kind. The server must be running."""
        self.people += 1
        email = f"keeper-{self.people}@test.example"
        self._do(REGISTER, registration(email, f"Keeper {self.people}"))
        self.refresh.append(self._do(SIGN_IN, {"email": email, "password": PASSWORD})["tokens"]["refreshToken"])
        self.program.run("task", "run", "mail")
        self.mailed.append(self._in_mail_to(email))
        bearer = self.program.run("token", "--email", email, "--days", "30").stdout.strip()
        self.bearer.append((email, bearer))

    def try_some(self):
        """The five oldest and the five newest bearer tokens, and one of each other kind at random."""
        self._try_bearer(self.bearer if len(self.bearer) <= 10 else self.bearer[:5] + self.bearer[-5:])
        self._try_refresh(self.dice.randrange(len(self.refresh)))
        if self.mailed:
            self._try_mailed(self.dice.randrange(len(self.mailed)))

    def try_all(self):
        """Every token that is not used up."""
        self._try_bearer(self.bearer)
        for at in range(len(self.refresh)):
            self._try_refresh(at)
        while self.mailed:
            self._try_mailed(0)

    def _try_bearer(self, tokens):
        for email, token in tokens:
            agree("the viewer of a token", self.program.client.ask(token, VIEWER), {"viewer": {"email": email}})
            self.tally["bearer tokens found valid"] += 1

    def _try_refresh(self, at):
        """Uses the refresh token up; the one after it takes its place."""
        done = self._do(REFRESH, {"refreshToken": self.refresh[at]})
        self.refresh[at] = done["tokens"]["refreshToken"]
        self.tally["refresh tokens found valid"] += 1

    def _try_mailed(self, at):
        """Uses the mailed token up."""
        agree("an address verified", self._do(VERIFY, {"token": self.mailed.pop(at)})["verified"], True)
        self.tally["mailed tokens found valid"] += 1

    def _do(self, mutation, given):
        """A mutation that must succeed; its payload."""
        done = self.program.client.ask(None, mutation, i=given)["done"]
        agree(f"errors of `{mutation[:50]}..`", done["userErrors"], [])
        return done

    def _in_mail_to(self, email):
        """The token in the only mail to `email`."""
        found = []
        for name in glob.glob(os.path.join(self.program.folder, "mail", "*")):
            with open(name, encoding="utf-8", newline="") as file:
                head, _, body = file.read().partition("\r\n\r\n")
            if f"\r\nto: {email}\r\n" in f"\r\n{head.lower()}\r\n":
                found.append(body.partition("Token: ")[2].strip())
        agree(f"mails with a token to {email}", [bool(token) for token in found], [True])
        return found[0]
