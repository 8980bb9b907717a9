// The switches of "What if …": they change the rules at the emulator, and the next click meets them. Without an emulator they are not there.
import type { AccountInfo } from '@azure/msal-browser'
import type { PageConfiguration } from '../page-configuration.ts'
import { find } from './element.ts'

const patienceMs = 5_000

/** Shows the switches as they are. */
export async function showSwitchboard(configuration: PageConfiguration, account: AccountInfo): Promise<void> {
  const { emulatorUrl, policyIds } = configuration
  if (emulatorUrl === undefined) return
  const { tenantId, username } = account
  const switches = {
    mfa: find('what-if-mfa', HTMLButtonElement),
    block: find('what-if-block', HTMLButtonElement),
  }

  let asked = 0
  const showState = async (): Promise<void> => {
    const asking = (asked += 1)
    const enabled = await fetchEnabledPolicies(emulatorUrl)
    // Of two answers the one that was asked for later counts, whichever comes first; without an answer they stay as they are.
    if (enabled === undefined || asking !== asked) return
    for (const what of ['mfa', 'block'] as const)
      switches[what].setAttribute('aria-checked', String(enabled.has(policyIds[what])))
  }
  const whenClicked = (button: HTMLButtonElement, wish: () => object, said: () => string): void =>
    button.addEventListener('click', () => {
      button.disabled = true
      const change = async (): Promise<void> => {
        const done = await ask(wish())
        const text = done ? said() : 'The emulator did not take it. Is it running?'
        await showState()
        say(text)
      }
      void change().finally(() => {
        button.disabled = false
        button.focus()
      })
    })

  for (const what of ['mfa', 'block'] as const) {
    const isOn = (): boolean => switches[what].getAttribute('aria-checked') === 'true'
    whenClicked(
      switches[what],
      () => ({ what, on: !isOn() }),
      () => (isOn() ? 'Off again, from the next click on.' : whenOn[what]),
    )
  }
  whenClicked(
    find('what-if-consent', HTMLButtonElement),
    () => ({ what: 'take-back-consent', tenantId }),
    () => 'Taken back. The next click asks you for it.',
  )
  whenClicked(
    find('what-if-sessions', HTMLButtonElement),
    () => ({ what: 'revoke-sessions', username }),
    () => 'Revoked. The next time your profile is loaded, you sign in again.',
  )
  // Somebody may have used the emulator's own switches meanwhile.
  addEventListener('focus', () => void showState())
  await showState()
  find('what-if', HTMLElement).hidden = false
}

const whenOn = {
  mfa: 'On. The next click asks for a second step, unless this sign-in has had one: then sign out first.',
  block: 'On. The next click is refused, and no sign-in helps.',
} as const

function say(text: string): void {
  find('what-if-said', HTMLElement).textContent = text
}

async function ask(wish: object): Promise<boolean> {
  const response = await fetchInTime('/what-if', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wish),
  })
  return response?.ok === true
}

async function fetchEnabledPolicies(emulatorUrl: string): Promise<ReadonlySet<string> | undefined> {
  const response = await fetchInTime(`${emulatorUrl}/_emulator/policies`)
  if (response?.ok !== true) return undefined
  const { policies } = (await response.json()) as {
    readonly policies: readonly { readonly id: string; readonly enabled: boolean }[]
  }
  return new Set(policies.filter(({ enabled }) => enabled).map(({ id }) => id))
}

async function fetchInTime(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) })
  } catch (error) {
    // Nobody there (TypeError), or not in time (DOMException).
    if (error instanceof TypeError || error instanceof DOMException) return undefined
    throw error
  }
}
