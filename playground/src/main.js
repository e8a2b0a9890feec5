import './workers.js'
import 'graphiql/style.css'
import './page.css'

import { createGraphiQLFetcher } from '@graphiql/toolkit'
import { GraphiQL } from 'graphiql'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

import { ask } from './api.js'
import { clockBar } from './clock.js'
import { examples } from './examples.js'

const bar = clockBar(document.getElementById('clock'))

const send = createGraphiQLFetcher({
  url: '/graphql',
  // The server supports neither @defer nor @stream.
  enableIncrementalDelivery: false,
  // Introspection needs no token; the server would refuse a tab's placeholder for one.
  schemaFetcher: (request) => ask(request),
})

async function fetcher(request, options) {
  const answer = await send(request, options)
  if (request.query.includes('advanceClock')) bar.refresh()
  return answer
}

const props = {
  fetcher,
  defaultTabs: examples,
  defaultEditorToolsVisibility: 'headers',
  // Tokens survive a reload, but not the browser tab, because nothing goes to localStorage.
  storage: sessionStorage,
  shouldPersistHeaders: true,
  showPersistHeadersSettings: false,
}

const logo = createElement(GraphiQL.Logo, null, 'Connects')
createRoot(document.getElementById('playground')).render(createElement(GraphiQL, props, logo))
