// A clock that is wrong refuses valid callers: the owner is told, with the difference that was measured, and strangers learn nothing.
import { beforeEach, describe, expect, it } from 'vitest'
import {
  answer,
  clientSecret,
  createWebApi,
  type Logger,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type MovableClock,
} from '../authority/fake-authority.ts'
import { clientId, createSigner, nowSeconds, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'

const signer = createSigner('entra-key')
const stranger = createSigner('entra-key')
const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`
const traceId = 'a'.repeat(32)

let ours: MovableClock
let authority: ReturnType<typeof createFakeAuthority>
let events: ObservedEvent[]
let lines: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[]
/** Headers of the authority's documents. */
let dated: () => Record<string, string>
let tokenEndpoint: () => Response

const httpDate = (seconds: number): string => new Date(seconds * 1000).toUTCString()
const suspicions = (): readonly ObservedEvent[] => events.filter(({ type }) => type === 'clock_differs')

beforeEach(() => {
  authority = createFakeAuthority()
  serveEntra(authority, [signer])
  events = []
  lines = []
  dated = () => ({ date: httpDate(nowSeconds) })
  tokenEndpoint = () => Response.json({ error: 'invalid_grant', error_codes: [500133] }, { status: 400 })
})

function createApi(aheadSeconds: number, options: Partial<WebApiOptions> = {}): WebApi {
  ours = createClock(nowSeconds + aheadSeconds)
  const write =
    (level: string): Logger['error'] =>
    (fields, message) =>
      void lines.push({ level, fields, message })
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret'),
    fetch: async (url, init) => {
      if (String(url).endsWith('/token')) return tokenEndpoint()
      return new Response((await authority.fetch(url, init)).body, { headers: dated() })
    },
    clock: ours,
    logger: { error: write('error'), warn: write('warn') },
    observer: (event) => void events.push(event),
    ...options,
  })
}

let session = 0
const token = (claims: Record<string, unknown> = {}, by = signer): string =>
  signToken({ claims: userClaims({ uti: `u${(session += 1)}`, ...claims }), signer: by })

async function present(api: WebApi, bearer: string): Promise<unknown> {
  const header = (name: string): string | undefined =>
    ({ authorization: `Bearer ${bearer}`, traceparent: `00-${traceId}-${'b'.repeat(16)}-01` })[name]
  try {
    return await api.authenticate({ header, method: 'GET', url: '/' })
  } catch (error) {
    return error
  }
}

const cases = [
  ['expired', 5_000, {}],
  ['not_yet_valid', -1_000, {}],
  ['issued_in_future', -1_000, { nbf: nowSeconds - 5_000 }],
] as const

describe('a genuine token that is refused by a clock that differs from the authority’s', () => {
  it.each(cases)('is told to the owner once, with the difference: %s', async (reason, ahead, claims) => {
    const api = createApi(ahead)
    for (let turn = 0; turn < 3; turn += 1)
      expect(await present(api, token(claims))).toMatchObject({ code: 'bearer_refused', reason })
    const [told] = suspicions()
    expect(suspicions()).toHaveLength(1)
    expect(told).toMatchObject({ authority: issuer, reason, traceId })
    const { differenceMs = 0 } = told as { differenceMs?: number }
    expect(Math.abs(differenceMs - ahead * 1000)).toBeLessThanOrEqual(1_000)
    expect(lines).toEqual([
      {
        level: 'error',
        fields: {
          authority: issuer,
          reason,
          differenceSeconds: Math.round(differenceMs / 1000),
          remedy: expect.stringContaining('NTP'),
        },
        message: expect.stringMatching(ahead > 0 ? /4999 s ahead of/ : /1000 s behind/),
      },
    ])
  })

  it('is answered as any other', async () => {
    const answers = []
    for (const [ahead, seconds] of [
      [5_000, nowSeconds],
      [5_000, nowSeconds + 5_000],
    ] as const) {
      dated = () => ({ date: httpDate(seconds) })
      const api = createApi(ahead)
      const refused = answer(await present(api, token()))
      answers.push(refused)
    }
    expect(suspicions()).toHaveLength(1)
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({ status: 401 })
    expect(answers[0]?.headers['www-authenticate']).toContain('The token has expired; acquire a new one')
  })

  it('when it was remembered, as well', async () => {
    const api = createApi(0)
    const remembered = token()
    await present(api, remembered)
    await present(api, remembered)
    ours.advanceSeconds(-1_000) // set back: the authority's has not moved
    expect(await present(api, remembered)).toMatchObject({ reason: 'not_yet_valid' })
    expect(suspicions()).toMatchObject([{ differenceMs: -1_000_000 }])
  })

  it('anew after the clocks agreed', async () => {
    const api = createApi(-1_000, { signingKeys: { refreshAfterSeconds: 3_600 } })
    await present(api, token())
    ours.advanceSeconds(5_000)
    dated = () => ({ date: httpDate(nowSeconds + 4_000) })
    await present(api, token())
    await expect.poll(() => authority.count('keys')).toBe(2)
    await present(api, token({ exp: nowSeconds }))
    ours.advanceSeconds(-2_000)
    await present(api, token({ nbf: nowSeconds + 4_000 }))
    expect(suspicions()).toHaveLength(2)
  })
})

describe('nothing is suspected', () => {
  it.each([
    ['within the tolerance', 290, {}, { date: httpDate(nowSeconds) }],
    ['of an authority that says nothing', 5_000, {}, {}],
    ['of a date that is none', 5_000, {}, { date: 'yesterday' }],
    ['of a document that a cache kept', 5_000, {}, { date: httpDate(nowSeconds), age: '5000' }],
  ])('%s', async (_name, ahead, claims, headers) => {
    dated = () => headers
    await present(createApi(ahead), token({ exp: nowSeconds - 20, ...claims }))
    expect([suspicions(), lines]).toEqual([[], []])
  })

  it('for a token of a stranger, or for another reason', async () => {
    const api = createApi(1_000)
    await present(api, token()) // before any is accepted, the owner is told of those for somebody else
    await present(api, token({ exp: nowSeconds }, stranger))
    await present(api, token({ aud: 'another' }))
    await present(api, token({ exp: nowSeconds }).slice(0, -4))
    expect([suspicions(), lines]).toEqual([[], []])
  })
})

describe('a token that expired within the tolerance', () => {
  it('says that renewing helps, where the authority does not exchange it any more', async () => {
    const api = createApi(0)
    const caller = await present(api, token({ exp: nowSeconds - 20 }))
    if (!(caller instanceof Object) || !('acquireToken' in caller)) throw new Error('it was refused')
    const refusal: unknown = await (caller as { acquireToken(options: object): Promise<unknown> })
      .acquireToken({ scopes: ['User.Read'] })
      .catch((error: unknown) => error)
    const refused = answer(refusal)
    expect(refused).toMatchObject({ status: 401 })
    expect(refused?.headers['www-authenticate']).toContain('The token has expired; acquire a new one')
    expect(JSON.parse(refused?.body ?? '')).toMatchObject({
      detail: expect.stringContaining('acquire a new one'),
    })
  })

  it('and one that did not expire has to be signed in for', async () => {
    const caller = (await present(createApi(0), token())) as {
      acquireToken(options: object): Promise<unknown>
    }
    const refusal: unknown = await caller
      .acquireToken({ scopes: ['User.Read'] })
      .catch((error: unknown) => error)
    expect(answer(refusal)?.headers['www-authenticate']).toContain('sign in again')
  })
})
