"""Checks of the parser, the generator and the judges that need no server: `python3 -m unittest` in this folder."""

import random
import unittest
from datetime import datetime, timezone

import documents
import sdl
from asking import Asking
from breach import Breach
from judge import check_answer, check_text, outcome
from roles import encoded, gather, kind_of
from shapes import check_shape
from values import Word, global_id, literal
from wire import Answer, request

SDL = '''
"A person."
type Person implements Node & Named {
  """
  Several lines, with "quotes" and a \\""" in them.
  """
  id: ID!
  name(upper: Boolean! = false, most: Int = 20): String!
  friends: [Person!]!  # a comment
  mood: Mood
}
interface Node { id: ID! }
interface Named { name(upper: Boolean! = false): String! }
enum Mood { GOOD BAD }
input RenameInput { name: String!, moods: [Mood!]! = [GOOD, BAD], dryRun: Boolean! = false, note: String = "a \\"b\\"" }
type RenamePayload { person: Person replayed: Boolean! userErrors: [UserError!]! }
interface UserError { code: String! message: String! }
type Refusal implements UserError { code: String! message: String! }
scalar DateTime @specifiedBy(url: "https://example.com/a")
type Query { node(id: ID!): Node at: DateTime! }
type Mutation { rename("Which." input: RenameInput!): RenamePayload! }
directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD
schema { query: Query mutation: Mutation }
'''
SCHEMA = sdl.parse(SDL)
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
POOLS = {"Person": [global_id("Person:1")], "cursor": ["c"]}
ERROR = {"message": "no", "extensions": {"code": "BAD_USER_INPUT", "requestId": "0" * 36}}


def asked(seed):
    """A request."""
    return Asking(SCHEMA, random.Random(seed), POOLS, NOW).request()


def answer_of(one, refused=False):
    """A correct answer for a selected field."""
    def value(ref, chosen):
        if ref.item is not None:
            return [] if refused or chosen.name == "userErrors" else [value(ref.item, chosen)]
        if SCHEMA.is_leaf(ref.name):
            return {"Boolean": False, "Int": 1, "DateTime": "2026-01-01T00:00:00.000000Z", "Mood": "BAD"}.get(ref.name,
                                                                                                              "Zm9v")
        name = SCHEMA.possible(ref.name)[0]
        return {"__typename": name} | {sub.key: value(sub.type, sub) for sub in chosen.children[name] if sub.shown}

    return value(one.type, one)


class Parsing(unittest.TestCase):
    """The parser of the SDL."""

    def test_types_fields_and_arguments(self):
        person = SCHEMA["Person"]
        self.assertEqual((person.interfaces, list(person.fields)), (["Node", "Named"],
                                                                    ["id", "name", "friends", "mood"]))
        self.assertEqual([str(one.type) for one in person.fields.values()], ["ID!", "String!", "[Person!]!", "Mood"])
        self.assertEqual(person.fields["name"].arguments["most"].default, 20)
        self.assertIs(person.fields["name"].arguments["upper"].default, False)
        self.assertEqual(SCHEMA.possible("Node"), ["Person"])
        self.assertEqual(SCHEMA["RenameInput"].inputs["moods"].default, ["GOOD", "BAD"])
        self.assertEqual(SCHEMA["RenameInput"].inputs["note"].default, 'a "b"')
        self.assertTrue(SCHEMA.is_leaf("DateTime") and SCHEMA.is_leaf("Mood") and not SCHEMA.is_leaf("Node"))

    def test_what_is_no_schema_is_refused(self):
        for text in ("type", "type A { b }", "type A { b: [C }", "union A = B", "type A { b: C", "%"):
            self.assertRaises(ValueError, sdl.parse, text)


class Asked(unittest.TestCase):
    """The generator."""

    def test_the_same_dice_ask_the_same(self):
        self.assertEqual([asked(seed).document() for seed in range(50)], [asked(seed).document() for seed in range(50)])
        self.assertGreater(len({asked(seed).document() for seed in range(50)}), 30)

    def test_all_operations_are_asked_and_braces_match(self):
        made = [asked(seed) for seed in range(300)]
        self.assertLessEqual({"query node", "query at", "rename"}, {one.label for one in made})
        self.assertTrue(any(one.must_fail for one in made) and any(one.dry_run for one in made))
        for one in made:
            self.assertEqual(one.document().count("{"), one.document().count("}"))
            self.assertEqual(len(one.declared) - ("$unused: Int" in one.declared), len(one.variables))

    def test_literals(self):
        self.assertEqual(literal({"a": [Word("GOOD"), None, True, 1, 'x"\n']}), '{a: [GOOD, null, true, 1, "x\\"\\n"]}')


class Judged(unittest.TestCase):
    """The judges of answers."""

    def plain(self, label, **flags):
        """A request with this label that was not broken and hides nothing, and its correct answer."""
        for seed in range(5_000):
            one = asked(seed)
            if one.label == label and not one.must_fail and all(getattr(one, name) == value for name,
                                                                value in flags.items()):
                return one, {"data": {root.key: answer_of(root) for root in one.roots}}
        return self.fail(f"nothing asks {label}")

    def test_right_answers_pass_and_wrong_ones_do_not(self):
        one, answer = self.plain("query at")
        check_shape(SCHEMA, one, answer)
        key = one.roots[0].key
        for wrong in ({"data": {}}, {"data": {key: None}}, {"data": {key: "2026-01-01"}},
                      {"data": answer["data"] | {"more": 1}}, {},
                      answer | {"errors": []}, {"data": None}, answer | {"errors": [ERROR | {"path": [key]}]}, [],
                      answer | {"x": 1}):
            self.assertRaises(Breach, check_shape, SCHEMA, one, wrong)
        check_shape(SCHEMA, one, {"errors": [ERROR]})

    def test_refusals_are_told_exactly_when_nothing_was_done(self):
        one, answer = self.plain("rename", dry_run=False)
        check_shape(SCHEMA, one, answer)
        payload = answer["data"]["rename"]
        keys = {sub.name: sub.key for sub in one.roots[0].children["RenamePayload"]}
        done, payload[keys["person"]] = payload[keys["person"]], None
        self.assertRaisesRegex(Breach, "RenamePayload.person", check_shape, SCHEMA, one, answer)
        payload[keys["userErrors"]] = [{"__typename": "Refusal", "code": "A", "message": "b"}]
        check_shape(SCHEMA, one, answer)
        payload[keys["person"]] = done
        self.assertRaisesRegex(Breach, "RenamePayload.person", check_shape, SCHEMA, one, answer)

    def test_echoes_and_leaks(self):
        document = "{ " + "abcdefgh " * 20 + "}"
        self.assertRaisesRegex(Breach, "echoes the request", check_text, f'"errors": {document}', document.encode())
        for text in ("near SELECT a FROM b", "src/http/guard.rs:12", "/usr/lib/x", "thread panicked", documents.VALUE):
            self.assertRaises(Breach, check_text, text)
        check_text('{"errors":[{"message":"Unknown field \\"abcdefgh\\""}]}', document.encode())

    def test_outcomes(self):
        self.assertEqual(outcome(Answer(None, closed=True)), "CLOSED")
        self.assertEqual(outcome(Answer(404, body=b"")), "BARE 404")
        json_type = {"content-type": "application/json"}
        self.assertEqual(check_answer(Answer(200, json_type, b'{"data":{"a":1}}'), {"DATA"}), "DATA")
        for status, body in ((500, b"{}"), (200, b'{"errors":[{"message":"a"}]}'), (503, b'{"errors":[]}')):
            self.assertRaises(Breach, check_answer, Answer(status, json_type, body), {"DATA", "NO CODE"})


class Small(unittest.TestCase):
    """Everything else."""

    def test_ids_are_gathered_by_kind(self):
        found = {}
        gather({"nodes": [{"id": global_id("Lot:1:2"), "cursor": "c"}, None], "viewer": {"id": global_id("Viewer:1")}},
               found)
        self.assertEqual({kind: len(ids) for kind, ids in found.items()}, {"Lot": 1, "cursor": 1, "Viewer": 1})
        self.assertEqual(kind_of(global_id("Notification:a:b")), "Notification")

    def test_documents_are_as_hostile_as_they_say(self):
        made = {name: document for name, document, _ in documents.documents()}
        self.assertEqual(made["flat fragments 30"].count("fragment"), 31)
        self.assertEqual(made["20k aliases"].count("clock"), 20_000)
        self.assertGreater(len(made), 90)

    def test_requests_tell_their_length_unless_told_otherwise(self):
        self.assertIn(b"Content-Length: 3\r\n", request(body=b"abc"))
        self.assertNotIn(b"Content-Length", request(headers=[("Transfer-Encoding", "chunked")]))
        self.assertNotIn("=", encoded({"alg": "none"}))


if __name__ == "__main__":
    unittest.main()
