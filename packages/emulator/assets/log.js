// Keeps the list of sign-ins up to date from what the emulator pushes, and moves through it by keys. Without it, links and a reload do.
/* global document, location, EventSource, DOMParser */

const list = document.getElementById('log-groups')
const status = document.getElementById('log-live')
const query = document.getElementById('log-q')
let source
// How far the list has come: the page itself, or the last event.
let since

document.addEventListener('keydown', onKey)
if (list.dataset.live !== undefined) {
  document.addEventListener('visibilitychange', connect)
  connect()
}

// A page in the background asks for nothing: browsers give one server six connections.
function connect() {
  source?.close()
  source = undefined
  if (document.hidden) return
  const address = new URL(list.dataset.live, location.href)
  if (since !== undefined) address.searchParams.set('since', since)
  source = new EventSource(address)
  source.addEventListener('open', () => say('Live', 'live'))
  source.addEventListener('error', () => say('Not reachable', 'failed'))
  source.addEventListener('groups', (event) => {
    since = event.lastEventId
    update(JSON.parse(event.data))
  })
}

// What the emulator sends is drawn by it, every text escaped; nothing else is ever put in.
function update({ groups, maximum }) {
  const focused = document.activeElement?.id
  for (const { id, absorbed, html } of groups.toReversed()) {
    for (const old of [id, ...absorbed]) document.getElementById(`group-${old}`)?.remove()
    list.prepend(parse(html))
  }
  while (list.children.length > maximum) list.lastElementChild.remove()
  document.getElementById('groups-empty')?.remove()
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
}

function parse(html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  return document.adoptNode(page.body.firstElementChild)
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const isTyping = event.target.closest?.('input, textarea, select, [contenteditable]')
  if (event.key === '/' && !isTyping) take(event, query)
  else if (event.key === 'Escape' && event.target === query) take(event, rows()[0])
  else if (event.key === 'ArrowDown' && event.target === query) take(event, rows()[0])
  else if (!isTyping) move(event)
}

function move(event) {
  const all = rows()
  const at = all.indexOf(document.activeElement)
  const last = all.length - 1
  // Elsewhere on the page arrows scroll; from nothing they begin where the page is.
  if (at < 0 && document.activeElement !== document.body) return
  const start = all.findIndex((row) => row.getAttribute('aria-current') === 'true')
  const from = at < 0 ? start : at
  const to = {
    ArrowDown: Math.min(from + 1, last),
    ArrowUp: Math.max(from - 1, 0),
    Home: at < 0 ? undefined : 0,
    End: at < 0 ? undefined : last,
  }[event.key]
  if (to !== undefined) take(event, all[to])
}

function rows() {
  return [...list.querySelectorAll('a.entry')].filter((row) => row.checkVisibility())
}

function take(event, element) {
  if (!element) return
  event.preventDefault()
  element.focus()
}

// Written only when it changes, or a screen reader would repeat it.
function say(text, state) {
  status.dataset.state = state
  if (status.textContent !== text) status.textContent = text
}
