"""Rounds: a command that changes keys is killed, and the database is looked at with each secret."""

import json
import os
import time
from collections import Counter
from datetime import datetime, timezone

from agreement import Disagreement, agree, shown
from program import Program
from tokens import Tokens

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
PURPOSES = ("bearer-tokens", "refresh-tokens", "mailed-tokens")
LIMITS = ("GUESSES_PER_ADDRESS", "REGISTRATIONS_PER_ADDRESS", "MAILS_PER_ADDRESS")
"""Limits that would stop one address from registering a person for each round."""


class Rounds:
    """One database, its secrets, and the tokens that were given out."""

    def __init__(self, binary, url, place, dice):
        self.dice = dice
        self.tally = Counter()
        self.program = Program(binary, url, START, place)
        self.secrets = [self.secret(), None]
        "The secret, and the previous one while it is being changed."
        self.program.environment |= {f"CONNECTS_SIGN_IN__{limit}__TIMES": "1000" for limit in LIMITS}
        self.tokens = Tokens(self.program, dice, self.tally)
        self.aims = {}
        "The seconds after which a command is about to commit, by its words."
        self.use(*self.secrets)

    def play(self, kills):
        """Plays rounds until `kills` commands were killed while they ran."""
        self._with_server(self.tokens.give)
        while self.tally["kills in time"] < kills:
            self.tally["rounds"] += 1
            if self.tally["rounds"] % 2:
                self._change_secret()
            else:
                self._rotate()
        self._with_server(self.tokens.try_all)

    def close(self):
        """Ends what still runs."""
        self.program.close()

    def _change_secret(self):
        """Kills a rewrap, looks, and finishes it."""
        old, new = self.secrets[0], self.secret()
        self.use(new, old)
        done = self._kill("keys", "rewrap")
        under = self._keys_under_current()
        agree("keys under the current secret after a kill", len(set(under)), 1)
        agree("whether a rewrap that ended has wrapped all", under[0] or not done, True)
        self.tally["secrets changed before the kill" if under[0] else "secrets not changed by then"] += 1
        self._aim(("keys", "rewrap"), under[0])
        self._opens_with(new, under[0])
        self._opens_with(old, not under[0])
        self.use(new, old)
        self._with_server(self.tokens.try_some)
        self.program.run("keys", "rewrap")
        self._opens_with(old, False)
        self._opens_with(new, True)
        self.secrets = [new, None]
        self.use(new, None)
        self._with_server(self.tokens.give)

    def _rotate(self):
        """Kills a rotation; the purpose has one active key then as before."""
        purpose = self.dice.choice(PURPOSES)
        before = self._keys()
        done = self._kill("keys", "rotate", purpose)
        after = self._keys()
        made = len(after) - len(before)
        agree("keys that a killed rotation made", made in ((1,) if done else (0, 1)), True)
        self.tally["keys rotated before the kill" if made else "keys not rotated by then"] += 1
        self._aim(("keys", "rotate", purpose), made)
        word = purpose.upper().replace("-", "_")
        states = [key["state"] for key in after if key["purpose"] == word]
        agree(f"active keys for {purpose}", states.count("ACTIVE"), 1)
        agree(f"other keys for {purpose}", set(states) <= {"ACTIVE", "RETIRING"}, True)
        self._with_server(self.tokens.try_some, self.tokens.give)

    def _kill(self, *words):
        """Kills a command at about its commit; returns whether it had ended well before."""
        if words not in self.aims:
            # A command that changes nothing takes about as long as the real one.
            begun = time.monotonic()
            self.program.run(*words, "--dry-run")
            self.aims[words] = time.monotonic() - begun
        process = self.program.begin(*words)
        time.sleep(self.dice.uniform(0.7, 1.3) * self.aims[words])
        code = process.poll()
        if code is None:
            process.kill()
            self.tally["kills in time"] += 1
        elif code != 0:
            raise Disagreement(f"`{' '.join(words)}` exited {code}")
        process.wait()
        return code == 0

    def _aim(self, words, was_done):
        """Aims earlier if the last kill came after the commit, and later if it came before."""
        self.aims[words] *= 0.9 if was_done else 1.1

    def _keys(self):
        return json.loads(self.program.run("keys", "list", "--json").stdout)

    def _keys_under_current(self):
        return [key["underCurrentSecret"] for key in self._keys()]

    def _opens_with(self, secret, expected):
        """Whether a process that has only `secret` starts."""
        self.use(secret, None)
        done = self.program.run("keys", "list", "--json", codes=(0, 1))
        agree("whether the database opens with one secret alone", done.returncode == 0, expected)
        if not expected and "this is not the secret of this database" not in done.stderr:
            raise Disagreement(f"a foreign secret is refused by: {shown(done.stderr)}")

    def _with_server(self, *doings):
        """Does these with a new server."""
        self.program.start_server()
        for do in doings:
            do()
        self.program.stop_server()

    def use(self, current, previous):
        """Gives the next process these secrets."""
        self.program.environment["CONNECTS_SECRET"] = current
        self.program.environment.pop("CONNECTS_SECRET_PREVIOUS", None)
        if previous is not None:
            self.program.environment["CONNECTS_SECRET_PREVIOUS"] = previous

    def secret(self):
        return f"{self.dice.getrandbits(256):064x}"


def place_of(rounds, number):
    """A folder of its own for server `number`."""
    folder = os.path.join(rounds.program.folder, f"server-{number}")
    os.makedirs(folder, exist_ok=True)
    return folder
