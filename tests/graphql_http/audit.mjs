// Runs graphql-http's audits of GraphQL over HTTP against a server: node audit.mjs URL
import { serverAudits } from 'graphql-http'

const url = process.argv[2]
let failed = 0
let passed = 0
for (const audit of serverAudits({ url, fetchFn: fetch })) {
  const result = await audit.fn()
  if (result.status === 'ok') {
    passed += 1
  } else {
    failed += 1
    console.error(`${audit.id} ${audit.name}: ${result.reason}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
