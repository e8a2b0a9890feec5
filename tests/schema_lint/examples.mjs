// Every tab that the playground opens with is a valid request to the schema.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { examples } from "../../playground/src/examples.js";

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
assert(examples.length > 0);
for (const { query } of examples) {
  const problems = validate(schema, parse(query)).map((problem) => problem.message);
  assert.deepEqual(problems, [], query);
}
