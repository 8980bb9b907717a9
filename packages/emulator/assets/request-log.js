// Polls the request log and keeps the newest rows on the page; text only, so nothing logged can become markup.
/* global document */

const pollEveryMs = 1000
const pollAfterFailureMs = 5000
const requestLimitMs = 4000

const log = document.getElementById('requests')
const rows = document.getElementById('log-rows')
const empty = document.getElementById('log-empty')
const status = document.getElementById('log-status')
const pauseButton = document.getElementById('log-pause')
const clearButton = document.getElementById('log-clear')
const maximum = Number(log.dataset.maximum)
const applicationNames = new Map(Object.entries(JSON.parse(log.dataset.applicationNames)))

let paused = false
let clearedThrough = new Set()
let latest = []
let timer

pauseButton.hidden = false
clearButton.hidden = false
pauseButton.addEventListener('click', togglePause)
clearButton.addEventListener('click', clear)
document.addEventListener('visibilitychange', () => document.hidden || poll())
poll()

async function poll() {
  clearTimeout(timer)
  if (paused || document.hidden) return
  const succeeded = await refresh()
  clearTimeout(timer)
  timer = setTimeout(poll, succeeded ? pollEveryMs : pollAfterFailureMs)
}

async function refresh() {
  try {
    const response = await fetch(log.dataset.requestsUrl, { signal: AbortSignal.timeout(requestLimitMs) })
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const entries = newestFirst(await response.json())
    if (!paused) show(entries)
    return true
  } catch (error) {
    // The emulator was stopped, restarts, or answers with something else: say so and try again.
    say(paused ? 'Paused' : `Not reachable (${error.message})`, 'failed')
    return false
  }
}

function newestFirst(body) {
  const entries = Array.isArray(body) ? body : (body.requests ?? [])
  return [...entries].sort((a, b) => timeOf(b) - timeOf(a)).slice(0, maximum)
}

function show(entries) {
  latest = entries
  const visible = entries.filter(({ id }) => !clearedThrough.has(id))
  const known = new Map([...rows.children].map((row) => [row.dataset.id, row]))
  const wanted = visible.map((entry) => known.get(String(entry.id)) ?? toRow(entry))
  const changed = wanted.length !== known.size || wanted.some((row, index) => rows.children[index] !== row)
  if (changed) rows.replaceChildren(...wanted)
  empty.hidden = visible.length > 0
  say('Live', 'live')
}

function toRow(entry) {
  const row = document.createElement('tr')
  row.dataset.id = String(entry.id)
  row.append(
    cell(clockTime(entry), 'time'),
    cell(badge(entry.status)),
    cell(`${entry.method} ${shortPath(entry.path)}`, 'request', `${entry.method} ${entry.path}`),
    cell(shortGrant(entry.grantType)),
    cell(clientOf(entry), 'client', entry.clientId),
    cell(errorOf(entry), 'error', policiesOf(entry)),
    cell(entry.correlationId, 'identifier', entry.correlationId),
    cell(durationOf(entry), 'number'),
  )
  return row
}

function cell(content, className = '', title = '') {
  const element = document.createElement('td')
  element.className = className
  element.title = title
  element.append(content ?? '')
  return element
}

function badge(code) {
  const element = document.createElement('span')
  element.className = `badge badge-${Math.floor(code / 100)}xx`
  element.textContent = code ?? 'dropped'
  return element
}

function timeOf({ time }) {
  return new Date(time).getTime()
}

function clockTime(entry) {
  return new Date(timeOf(entry)).toLocaleTimeString(undefined, { hour12: false })
}

// A tenant's GUID would push the telling end of the path out of sight.
function shortPath(path) {
  return path.replace(/^\/([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/)/i, '/$1…')
}

// A blueprint asks for one of its agents; an agent asks for itself.
function clientOf({ clientId, agent }) {
  const name = applicationNames.get(clientId) ?? clientId
  return agent === undefined || agent === name ? name : `${name} › ${agent}`
}

function durationOf({ durationMs }) {
  return Number.isFinite(durationMs) ? Math.round(durationMs) : ''
}

function shortGrant(grantType) {
  return String(grantType ?? '').replace('urn:ietf:params:oauth:grant-type:', '')
}

function errorOf(entry) {
  const { error } = entry
  const codes = Array.isArray(error) ? error.join(', ') : String(error ?? '')
  return [codes, policiesOf(entry)].filter((text) => text !== '').join(' · ')
}

// The policies that refused, or that asked the user for a step.
function policiesOf({ policies }) {
  return (policies ?? []).join(', ')
}

function togglePause() {
  paused = !paused
  pauseButton.setAttribute('aria-pressed', String(paused))
  if (paused) say('Paused', 'paused')
  else poll()
}

function clear() {
  clearedThrough = new Set(latest.map(({ id }) => id))
  show(latest)
  if (paused) say('Paused', 'paused')
}

// Written only when it changes, or a screen reader would repeat it with every poll.
function say(text, state) {
  log.dataset.state = state
  if (status.textContent !== text) status.textContent = text
}
