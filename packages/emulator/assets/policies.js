// Switches policies and revokes sessions without leaving the page, and follows what other processes switch.
/* global document */

const policiesUrl = '/_emulator/policies'
const pollEveryMs = 2000
const requestLimitMs = 4000
const confirmationMs = 1600

const switches = new Map(
  [...document.querySelectorAll('button[role="switch"]')].map((each) => [each.value, each]),
)
const announcement = document.createElement('p')
announcement.className = 'visually-hidden'
announcement.setAttribute('role', 'status')
document.body.append(announcement)

let timer

for (const button of switches.values()) {
  button.addEventListener('click', (event) => takeOver(event, () => toggle(button)))
}
for (const button of document.querySelectorAll('button[name="revoke"]')) {
  button.addEventListener('click', (event) => takeOver(event, () => revoke(button)))
}
document.addEventListener('visibilitychange', () => document.hidden || poll())
if (switches.size > 0) poll()

async function takeOver(event, work) {
  event.preventDefault()
  try {
    await work()
  } catch (error) {
    // The emulator was stopped, or the policy removed by another process.
    announcement.textContent = `That did not work (${error.message})`
  }
}

async function toggle(button) {
  const enabled = button.getAttribute('aria-checked') !== 'true'
  const policy = await send('PATCH', `${policiesUrl}/${button.value}`, { enabled })
  show(policy)
}

async function revoke(button) {
  const { user } = await send(
    'POST',
    `/_emulator/users/${encodeURIComponent(button.value)}/revoke-sessions`,
    {},
  )
  announcement.textContent = `Sessions of ${user} revoked`
  const label = button.textContent
  button.textContent = 'Revoked'
  setTimeout(() => (button.textContent = label), confirmationMs)
}

async function poll() {
  clearTimeout(timer)
  if (document.hidden) return
  try {
    const { policies } = await send('GET', policiesUrl)
    policies.forEach(show)
  } catch (error) {
    // The request log says that the emulator cannot be reached.
    if (!(error instanceof Error)) throw error
  }
  clearTimeout(timer)
  timer = setTimeout(poll, pollEveryMs)
}

function show({ id, enabled }) {
  const button = switches.get(id)
  if (button === undefined || button.getAttribute('aria-checked') === String(enabled)) return
  button.setAttribute('aria-checked', String(enabled))
  button.name = enabled ? 'disable' : 'enable'
}

async function send(method, url, body) {
  const init = { method, signal: AbortSignal.timeout(requestLimitMs) }
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, body === undefined ? init : { ...init, ...json })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return response.json()
}
