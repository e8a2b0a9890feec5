// The bar above the editor: the sandbox's time, and buttons that advance it. It stays hidden outside a sandbox.
import { ask } from './api.js'

const CLOCK = '{ clock { kind now } }'

const ADVANCE = `mutation AdvanceClock($to: DateTime!) {
  advanceClock(input: { to: $to }) {
    to
    ran { task runs counts { what count } }
    userErrors { message }
  }
}`

const STEPS = [
  { label: '+1 day', days: 1 },
  { label: '+1 month', months: 1 },
  { label: '+1 year', months: 12 },
]

const TOKEN = 'connects:admin-token'

/** Fills `bar` if the server has a sandbox clock; `refresh` reads the time again. */
export function clockBar(bar) {
  const time = make('time', {})
  const token = make('input', {
    type: 'text',
    value: sessionStorage.getItem(TOKEN) ?? '',
    placeholder: "an admin's token, to advance it",
    ariaLabel: "An admin's token",
    autocomplete: 'off',
    spellcheck: false,
    oninput: () => sessionStorage.setItem(TOKEN, token.value),
  })
  const buttons = STEPS.map((step) =>
    make('button', { type: 'button', textContent: step.label, onclick: () => press(step) }),
  )
  const line = make('output', {})
  bar.append(make('span', { textContent: 'Sandbox time' }), time, ...buttons, token, line)

  async function refresh() {
    const { clock } = dataOf(await ask({ query: CLOCK }))
    bar.hidden = clock.kind !== 'SANDBOX'
    show(clock.now)
    return new Date(clock.now)
  }

  function show(instant) {
    time.dateTime = instant
    time.textContent = spoken(instant)
  }

  function say(text, isError = false) {
    line.textContent = line.title = text
    line.classList.toggle('error', isError)
  }

  async function press(step) {
    const bare = token.value.trim().replace(/^Bearer\s+/i, '')
    if (!bare) {
      say("Paste an admin's token from the server's start-up output first.", true)
      token.focus()
      return
    }
    for (const button of buttons) button.disabled = true
    say('Advancing …')
    try {
      // Ask for the time again: someone else may have moved it.
      const to = later(await refresh(), step)
      const ran = new Map()
      let reached
      // A long advance ends at the time limit of requests; then ask again for the rest.
      do {
        const { advanceClock } = dataOf(await ask({ query: ADVANCE, variables: { to: to.toISOString() } }, bare))
        const [refusal] = advanceClock.userErrors
        if (refusal) throw new Error(refusal.message)
        for (const part of advanceClock.ran) add(ran, part)
        show(advanceClock.to)
        say(summary([...ran.values()]))
        reached = new Date(advanceClock.to)
      } while (reached < to)
    } catch (error) {
      say(error.message, true)
      // What ran before the failure is kept, and so is the time that was reached.
      refresh().catch(() => {})
    } finally {
      for (const button of buttons) button.disabled = false
    }
  }

  // Without an answer the bar stays hidden; the editor shows what is wrong.
  refresh().catch(() => {})
  return { refresh: () => refresh().catch(() => {}) }
}

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties)
}

function dataOf({ data, errors }) {
  if (errors?.length) throw new Error(errors[0].message)
  return data
}

/** `date` plus a step, in UTC; in a month that is too short, its last day. */
function later(date, { days = 0, months = 0 }) {
  const then = new Date(date)
  then.setUTCDate(1)
  then.setUTCMonth(then.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate()
  then.setUTCDate(Math.min(date.getUTCDate(), lastDay) + days)
  return then
}

function spoken(instant) {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }
  return `${new Date(instant).toLocaleString('en-GB', format)} UTC`
}

/** Adds what one part of an advance ran of a task to the sum of the parts before. */
function add(ran, { task, runs, counts }) {
  const sum = ran.get(task) ?? { task, runs: 0, counts: [] }
  sum.runs += runs
  for (const { what, count } of counts) {
    const same = sum.counts.find((other) => other.what === what)
    if (same) same.count += count
    else sum.counts.push({ what, count })
  }
  ran.set(task, sum)
}

function summary(ran) {
  if (!ran.length) return 'Nothing was due.'
  const counts = (task) => task.counts.map(({ what, count }) => `${what} ${count}`).join(', ')
  return ran.map((task) => `${task.task} ×${task.runs}${task.counts.length ? ` (${counts(task)})` : ''}`).join(' · ')
}
