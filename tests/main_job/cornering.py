"""How the scripts of corners run: each corner on a database of its own, with what is right and what the server does."""

import os

from agreement import Disagreement
from clocks import say
from databases import Postgres, Sqlite
from stories import arguments, play


def play_corners(description, corners, open_program, world_of):
    """Plays each of `corners`, which take a world and return what is right and what came, on each database; the exit code.

    `open_program(binary, url, folder)` makes a program, and `world_of(program)` a world of it."""
    given = arguments(description, 1, "nothing")

    def story(kind, given, folder):
        differ = {}
        for corner in corners:
            right, got = _play_one(given, (kind, folder), corner, (open_program, world_of))
            if got != right:
                differ[corner.__name__] = {"right": right, "server": got}
        if differ:
            raise Disagreement(f"[{kind}] corners that differ: {differ}")
        return len(corners)

    return play(given, story, lambda outcomes: {"corners": outcomes})


def _play_one(given, where, corner, makers):
    (kind, folder), (open_program, world_of) = where, makers
    place = os.path.join(folder, f"{kind}_{corner.__name__}")
    os.mkdir(place)
    database = Sqlite(place, "corner") if kind == "sqlite" else Postgres(given.postgres, corner.__name__)
    database.create()
    program = open_program(os.path.abspath(given.binary), database.url, place)
    try:
        right, got = corner(world_of(program))
        program.stop_server()
        program.verify()
    finally:
        program.close()
        database.drop()
    say(f"[{kind}] {corner.__name__}: {'alike' if got == right else 'DIFFERENT'}\n  {corner.__doc__}\n"
        f"  right  {right}\n  server {got}")
    return right, got
