// The vocabulary of the drawing: who takes part, and the lines between them.
import type { Acting } from './acting.ts'

/** Who takes part, from left to right. */
export const parties = ['browser', 'middleTier', 'authority', 'todoApi', 'graph'] as const
export type Party = (typeof parties)[number]

/** Tokens, each named after the API that it is for; what an agent holds is another token. */
export const tokens = ['middleTier', 'assistant', 'agentProof', 'todoApi', 'agentTodoApi', 'graph'] as const
export type Audience = (typeof tokens)[number]

/** Says which token an event is about. */
export type AudienceOf = (event: {
  readonly scopes: readonly string[]
  readonly agentId: string | undefined
}) => Audience

/** One line of the drawing: from one party to another, or inside one. */
export interface Hop {
  readonly from: Party
  readonly to: Party
  readonly direction: 'request' | 'answer' | 'inside'
  readonly label: string
  readonly tone: 'plain' | 'exchange' | 'cache' | 'person' | 'refused'
  /** The token that travels on this hop, or that was found. */
  readonly token?: Audience
  /** The token that is shown beside it: with it an agent may act. */
  readonly proof?: Audience
  /** As whoever waits for it has measured it; absent where nobody waited, or nobody could measure. */
  readonly durationMs?: number | undefined
}

/** One call of the browser, or one visit of the person to the authority. */
export interface Story {
  readonly kind: 'call' | 'sign-in'
  readonly title: string
  /** How it ended, in a word. */
  readonly outcome: string
  readonly failed: boolean
  readonly durationMs: number | undefined
  readonly hops: readonly Hop[]
  /** The agent that acted, and for whom; absent where none did, or nobody saw it. */
  readonly acting?: Acting
  /** Token requests of the middle tier that the authority granted. */
  readonly exchanges: number
  /** Downstream tokens that needed no token request. */
  readonly cacheHits: number
}

/** One party asks another. */
export function request(from: Party, to: Party, label: string, token?: Audience): Hop {
  return { from, to, direction: 'request', label, tone: 'plain', ...(token !== undefined && { token }) }
}

/** One party answers another; `undefined` when no answer came. */
export function answer(
  from: Party,
  to: Party,
  status: number | undefined,
  durationMs: number | undefined,
): Hop {
  const tone = status !== undefined && status < 400 ? 'plain' : 'refused'
  const label = status === undefined ? 'no answer' : String(status)
  return { from, to, direction: 'answer', label, tone, durationMs }
}

/** Something happens inside a party. */
export function inside(party: Party, label: string, tone: Hop['tone'], token?: Audience): Hop {
  return { from: party, to: party, direction: 'inside', label, tone, ...(token !== undefined && { token }) }
}

/** An access token that the authority has made. */
export function newToken(to: Party, token: Audience, durationMs: number | undefined): Hop {
  return { ...answer('authority', to, 200, durationMs), label: 'new token', tone: 'exchange', token }
}

/** What a refusal of the authority is about: `AADSTS50076, MFA`. */
export function nameRefusal(errorNumbers: readonly (number | string)[]): string | undefined {
  const [number] = errorNumbers
  if (number === undefined) return undefined
  const meaning = refusals[number]
  return meaning === undefined ? `AADSTS${number}` : `AADSTS${number}, ${meaning}`
}

const refusals: Readonly<Record<number | string, string>> = {
  50076: 'MFA',
  50079: 'register MFA',
  53003: 'blocked',
  65001: 'no consent',
  65004: 'declined',
  50173: 'revoked',
  70043: 'sign-in too old',
  500121: 'denied',
  7000112: 'disabled',
}
