// Demo only: when somebody changes a policy or a consent in the emulator, the middle tier forgets the caller's tokens at once.
import type { Caller, WebApi } from 'midtier'

const patienceMs = 1_000
const mostAccounts = 1_000

/** What {@link heedChanges} looks at. */
export interface HeedOptions {
  readonly emulatorUrl: string
  /** The registration of the API, whose consents matter. */
  readonly clientId: string
}

/**
 * Makes the very next click meet what was changed in the emulator, whoever changed it.
 *
 * Entra tells nobody: a cached token is good until it expires, and an API learns of a changed policy with its next exchange, up to
 * 90 minutes later. Nobody wants to wait so long in a demonstration, so here the rules are looked up before each request. An API of
 * your own does not need this file; `api.forget(account)` is what it would call when it knows by itself that tokens have to go.
 */
export function heedChanges(
  api: WebApi,
  { emulatorUrl, clientId }: HeedOptions,
): (caller: Caller) => Promise<void> {
  const known = new Map<string, string>()

  const isNews = (accountId: string, rules: string): boolean => {
    if (known.get(accountId) === rules) return false
    known.delete(accountId)
    known.set(accountId, rules)
    const oldest = known.size > mostAccounts ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    return true
  }

  return async ({ account }) => {
    const rules = await readRules(emulatorUrl, clientId)
    if (account !== undefined && rules !== undefined && isNews(account.id, rules)) await api.forget(account)
  }
}

/** What is in force, as a text to compare; `undefined` when the emulator does not say. */
async function readRules(emulatorUrl: string, ofClient: string): Promise<string | undefined> {
  const [policies, consents] = await Promise.all(
    ['policies', 'consents'].map((what) => fetchList(`${emulatorUrl}/_emulator/${what}`, what)),
  )
  if (policies === undefined || consents === undefined) return undefined
  return JSON.stringify([
    policies.filter(({ enabled }) => enabled === true),
    consents.filter(({ clientId }) => clientId === ofClient),
  ])
}

type Entry = Readonly<Record<string, unknown>>

async function fetchList(url: string, member: string): Promise<readonly Entry[] | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) })
    const body = (await response.json()) as Readonly<Record<string, readonly Entry[]>>
    return response.ok ? body[member] : undefined
  } catch (error) {
    // An emulator that is away (TypeError), slow (DOMException) or older (SyntaxError) has changed nothing that is known.
    if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError)
      return undefined
    throw error
  }
}
