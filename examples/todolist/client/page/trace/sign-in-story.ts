// Turns a visit of the person to the authority into a story: what was asked for, what the person did there, and what came back.
import type { RequestRecord } from '@midtier/emulator'
import { reasonOf, type Reason } from '../need.ts'
import type { SignIn } from './chapter.ts'
import { inside, nameRefusal, newToken, request, type Hop, type Story } from './hop.ts'
import type { SignInTrace } from './trace.ts'

const titles: Readonly<Record<Reason, string>> = {
  policy: 'Sign-in with the policy’s claims',
  'step-up': 'Step-up',
  'fresh-sign-in': 'A new sign-in',
  consent: 'Consent',
  'sign-in': 'Sign-in',
}

const asks: Readonly<Record<Reason, string>> = {
  policy: 'sign in, claims: capolids',
  'step-up': 'sign in, claims: acrs',
  'fresh-sign-in': 'sign in, claims: nbf',
  consent: 'sign in, prompt: consent',
  'sign-in': 'sign in',
}

/** Tells a visit. With an authority that keeps no log for us, only its two ends are known. */
export function tellSignIn({ signIn, records }: SignInTrace): Story {
  const reason = reasonOf(signIn.need)
  const { failure } = signIn
  return {
    kind: 'sign-in',
    title: titles[reason],
    outcome: failure ?? (reason === 'consent' ? 'given' : 'done'),
    failed: failure !== undefined,
    durationMs: undefined,
    hops: [
      { ...request('browser', 'authority', asks[reason]), tone: 'exchange' },
      ...records.flatMap(tellPage),
      ...(failure === undefined ? tellCode(signIn, records) : [tellRefusal(signIn, records)]),
    ],
    exchanges: 0,
    cacheHits: 0,
  }
}

/** What the person did on the authority's pages. */
function tellPage({ endpoint, path, error = [] }: RequestRecord): readonly Hop[] {
  const done = pages[path.slice(path.lastIndexOf('/') + 1)]
  if (endpoint !== 'interaction' || done === undefined) return []
  const refused = nameRefusal(error)
  return [
    inside('authority', refused === undefined ? done.done : done.refused, refused ? 'refused' : 'person'),
  ]
}

interface Page {
  readonly done: string
  readonly refused: string
}

const pages: Readonly<Record<string, Page>> = {
  login: { done: 'password given', refused: 'sign-in refused' },
  account: { done: 'account chosen', refused: 'no account' },
  approve: { done: 'MFA: approved', refused: 'MFA: denied' },
  register: { done: 'MFA: registered', refused: 'MFA: not registered' },
  consent: { done: 'consent: accepted', refused: 'consent: declined' },
}

function tellCode({ api }: SignIn, records: readonly RequestRecord[]): readonly Hop[] {
  const code: Hop = { ...toBrowser, label: 'code', tone: 'exchange' }
  if (!records.some(({ endpoint }) => endpoint === 'token')) return [code]
  return [
    code,
    { ...request('browser', 'authority', 'code, PKCE verifier'), tone: 'exchange' },
    // The authority's own time is in the record. How long the browser waited, nobody has measured.
    newToken('browser', api, undefined),
  ]
}

function tellRefusal({ failure = '' }: SignIn, records: readonly RequestRecord[]): Hop {
  const last = records.findLast(({ error }) => error !== undefined && error.length > 0)
  return { ...toBrowser, label: nameRefusal(last?.error ?? []) ?? failure, tone: 'refused' }
}

const toBrowser = { from: 'authority', to: 'browser', direction: 'answer' } as const

/** Says in a sentence or two what a flow with visits in it was about; `undefined` without one. */
export function captionOf(visits: readonly SignInTrace[], succeeded: boolean): string | undefined {
  const last = visits.at(-1)
  if (last === undefined) return undefined
  const why = [...new Set(visits.map(causeOf))].join(' ')
  const end =
    last.signIn.failure === undefined && succeeded
      ? 'After the visit to the authority the same click went through.'
      : 'The click has not gone through, and nothing was changed.'
  return `${why} ${end}`
}

function causeOf({ signIn, records }: SignInTrace): string {
  const [policy] = records.flatMap(({ policies = [] }) => policies)
  const reason = reasonOf(signIn.need)
  return policy !== undefined && reason === 'policy'
    ? `The policy “${policy}” wants a stronger sign-in than there was.`
    : causes[reason]
}

const causes: Readonly<Record<Reason, string>> = {
  policy: 'A policy of the organisation wants a stronger sign-in than there was.',
  'step-up': 'Deleting for good takes a sign-in that was confirmed (step-up).',
  'fresh-sign-in': 'Your sessions were revoked, and Graph no longer takes what was issued before.',
  consent: 'The middle tier had no consent for an API that it calls for you.',
  'sign-in': 'The middle tier’s token could not be exchanged any more.',
}
