// The script of fallback.html. It is a file of its own because the page's policy allows no inline scripts.
'use strict'

const [token, query, run, status, result] = ['token', 'query', 'run', 'status', 'result'].map((id) =>
  document.getElementById(id),
)
const TOKEN = 'connects:token'

async function send() {
  const bare = token.value.trim().replace(/^Bearer\s+/i, '')
  const headers = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
  }
  if (bare) headers.authorization = `Bearer ${bare}`
  run.disabled = true
  status.textContent = 'Running …'
  try {
    const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query: query.value }) })
    const text = await response.text()
    status.textContent = `HTTP ${response.status}`
    result.textContent = pretty(text)
  } catch (error) {
    status.textContent = 'Not sent'
    result.textContent = error.message
  } finally {
    run.disabled = false
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

// Kept for as long as the browser tab, no longer.
token.value = sessionStorage.getItem(TOKEN) ?? ''
token.addEventListener('input', () => sessionStorage.setItem(TOKEN, token.value))
run.addEventListener('click', send)
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || run.disabled) return
  event.preventDefault()
  send()
})
