// Every hostile case, against a fresh API each: refused as it has to be, by the function and over a socket, and nothing given away.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { protect } from '../../src/adapters/express.ts'
import { BearerError, type WebApi } from '../../src/index.ts'
import { tenantId, userId } from '../jwt/token-builder.ts'
import { caseCounts, groups } from './all-cases.ts'
import type { HostileCase, HostileRequest } from './hostile-case.ts'
import { sendRaw, valuesOf, type RawAnswer } from './raw-request.ts'
import { readChallenge } from './read-challenge.ts'
import { createTarget, partnerClaims, targetNames, type Target } from './targets.ts'
import { forge } from './token-forge.ts'

const allCases = Object.values(groups).flat()

// One server for all: its handler is replaced by the API under attack. It takes longer fields than Node does by itself.
let handler: Express = express()
const server: Server = createServer({ maxHeaderSize: 131_072 }, (request, response) => {
  handler(request, response)
})
const leftOvers: unknown[] = []
const globalFetch = vi.fn(() => Promise.reject(new Error('nobody fetches anything by itself')))

beforeAll(async () => {
  vi.stubGlobal('fetch', globalFetch)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  vi.unstubAllGlobals()
  server.close()
})
beforeEach(() => {
  leftOvers.length = 0
})

describe('the suite', () => {
  it('has as many cases in each group as it is said to have, 170 at least', () => {
    const counts = Object.fromEntries(Object.entries(groups).map(([name, cases]) => [name, cases.length]))
    expect(counts).toEqual(caseCounts)
    expect(allCases.length).toBeGreaterThanOrEqual(170)
  })

  it('gives every case a name of its own and says what it would have won', () => {
    const names = allCases.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(allCases.filter(({ wouldHaveWon }) => !/^[A-Z].{20,}\.$/.test(wouldHaveWon))).toEqual([])
  })

  it.each(targetNames)('lets genuine tokens in: %s', async (name) => {
    const target = createTarget(name)
    expect(target.controls.length).toBeGreaterThan(0)
    serve(target.api)
    for (const token of target.controls) {
      expect((await authenticate(target.api, asRequest(token))).principal.subject).not.toBe('')
      expect((await send('/control', asRequest(token))).status).toBe(200)
    }
  })
})

describe.each(Object.entries(groups))('%s:', (_group, cases) => {
  it.each(cases.map((attack) => [attack.name, attack] as const))('refuses %s', async (_name, attack) => {
    const target = createTarget(attack.against ?? 'single')
    const request = asRequest(attack.make(forge))
    serve(target.api, attack)
    await expectRefusal(target.api, attack, request)
    if (isRefusedBeforeKeys(attack)) expect(target.authority.requests).toEqual([])
    expectRefusedAnswer(attack, request, await send('/', request))
    await expectGenuineTokens(target, attack)
    await expectRefusal(target.api, attack, request)
    expectQuiet(target, attack, request)
  })
})

describe('a caller of another issuer', () => {
  it('has neither the tenant nor the user nor the cached tokens of Entra, whatever its token claims', async () => {
    const { api } = createTarget('partner')
    const claims = partnerClaims({ tid: tenantId, oid: userId, ver: '2.0', idtyp: 'user' })
    const token = forge.by(forge.named(forge.keys.leaked, 'partner-key'), {}, claims)
    const { principal, account } = await authenticate(api, asRequest(token))
    expect(principal).toMatchObject({ tenantId: '', objectId: undefined, subject: 'ada' })
    expect(account).toBeUndefined()
    expect((await authenticate(api, asRequest(forge.genuine))).account?.id).toBe(`${userId}.${tenantId}`)
  })
})

function asRequest(sent: string | HostileRequest): HostileRequest {
  return typeof sent === 'string' ? { fields: [`Bearer ${sent}`] } : sent
}

function serve(api: WebApi, attack?: HostileCase): void {
  const pass = (_: unknown, response: { json: (body: unknown) => unknown }): void => {
    response.json({ let: 'in' })
  }
  const catchAll: ErrorRequestHandler = (error, _request, response, _next) => {
    leftOvers.push(error)
    response.status(500).json({})
  }
  handler = express()
  handler.all('/control', protect(api), pass)
  handler.all('/{*any}', protect(api, attack?.route?.requirements), pass)
  handler.use(catchAll)
}

function send(
  path: string,
  { fields, lines, start = 'GET /', body = '' }: HostileRequest,
): Promise<RawAnswer> {
  const { port } = server.address() as AddressInfo
  return sendRaw(port, {
    start: start.replace('/', path),
    lines: lines ?? fields.map((field) => `Authorization: ${field}`),
    body,
  })
}

/** As an adapter asks: nothing, one value, or all of several. */
function authenticate(
  api: WebApi,
  { fields }: HostileRequest,
  attack?: HostileCase,
): ReturnType<WebApi['authenticate']> {
  const value = fields.length > 1 ? fields : fields[0]
  const header = (name: string): string | readonly string[] | undefined =>
    name === 'authorization' ? value : undefined
  return api.authenticate({ header, method: 'GET', url: '/' }, attack?.route?.requirements)
}

async function expectRefusal(api: WebApi, attack: HostileCase, request: HostileRequest): Promise<void> {
  const error: unknown = await authenticate(api, request, attack).then(
    () => 'let in',
    (refusal: unknown) => refusal,
  )
  expect(error).toBeInstanceOf(BearerError)
  expect(error).toMatchObject({ status: attack.status ?? 401, reason: attack.refusedBy })
  expectNoneOf(request, inspect(error) + JSON.stringify(error), inPlainText)
}

function expectRefusedAnswer(attack: HostileCase, request: HostileRequest, answer: RawAnswer): void {
  expectNoneOf(request, answer.text)
  expect(leftOvers).toEqual([])
  if (attack.stoppedByServer === true) {
    expect(answer.status).toBe(400)
    expect(answer.body).toBe('')
    return
  }
  expect(answer.status).toBe(attack.status ?? 401)
  expectChallenge(attack, answer)
  expect(valuesOf(answer, 'cache-control')).toEqual(['no-store'])
  expect(valuesOf(answer, 'content-type').join()).toContain('application/problem+json')
  expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status, reason: attack.refusedBy })
  expect(answer.text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b|"stack"/)
}

const errorOfStatus = { 400: 'invalid_request', 401: 'invalid_token', 403: 'insufficient_scope' } as const

function expectChallenge({ refusedBy, status = 401 }: HostileCase, answer: RawAnswer): void {
  const challenges = valuesOf(answer, 'www-authenticate')
  expect(challenges).toHaveLength(1)
  const parameters = readChallenge(challenges[0] ?? '')
  // Who sent no token is told where to get one, and that nothing was wrong (RFC 6750 §3.1).
  expect(parameters.get('error')).toBe(refusedBy === 'token_missing' ? undefined : errorOfStatus[status])
  expect(parameters.has('error_description')).toBe(refusedBy !== 'token_missing')
}

/** Claims about the person, and those about the client besides: the owner's log may name the client, an answer may not. */
const inPlainText = ['Ada Lovelace', 'ada@contoso.com', 'pairwise-subject', 'unique-token-id']
const anything = [...inPlainText, 'cccccccc-cccc', 'bbbbbbbb-bbbb']

/** Nothing of what was sent is in the answer: no run of twelve characters of a token, and no claim about a person. */
function expectNoneOf(request: HostileRequest, answer: string, claims: readonly string[] = anything): void {
  const segments = segmentsOf(request)
  for (let at = 0; at + 12 <= answer.length; at++) {
    const run = answer.slice(at, at + 12)
    if (segments.some((segment) => segment.includes(run))) expect.unreachable(`${run} is repeated`)
  }
  for (const claim of claims) expect(answer).not.toContain(claim)
}

/** What a token can be told by; a word as long as that in a line of its own is a field's name, or none. */
function segmentsOf({ fields, lines = [], start = '', body = '' }: HostileRequest): readonly string[] {
  const longerThan = (length: number, texts: readonly string[]): readonly string[] =>
    texts.flatMap((text) => text.split(/[\s.,;="]+/)).filter((text) => text.length > length)
  return [...new Set([...longerThan(11, fields), ...longerThan(40, [...lines, start, body])])]
}

/** A refusal leaves nothing behind that keeps genuine callers out. */
async function expectGenuineTokens(target: Target, attack: HostileCase): Promise<void> {
  for (const token of target.controls) expect((await send('/control', asRequest(token))).status).toBe(200)
  if (attack.route === undefined) return
  expect((await send('/', asRequest(attack.route.admits(forge)))).status).toBe(200)
}

/** Names of checks that need the authority's keys, and of what comes behind them; everything else costs no request. */
const checksWithKeys = new Set([
  ...['issuer_of_metadata', 'key_known', 'key_algorithm', 'key_issuer', 'signature'],
  ...['lifetime', 'expired', 'not_yet_valid', 'issued_in_future', 'audience', 'id_token', 'bound_to_sender'],
  ...['client', 'permissions', 'token_kind', 'object_id', 'scopes', 'roles', 'caller', 'agents', 'tenants'],
])

function isRefusedBeforeKeys({ refusedBy }: HostileCase): boolean {
  return !checksWithKeys.has(refusedBy)
}

/** Each document once, however often it is attacked; keys once more for a `kid` that nobody knows. Nothing else, and nothing told. */
function expectQuiet(
  { authority, documents, events }: Target,
  attack: HostileCase,
  request: HostileRequest,
): void {
  expect(globalFetch).not.toHaveBeenCalled()
  expect(authority.requests.filter((url) => !documents.has(url))).toEqual([])
  for (const url of documents) {
    const limit = attack.refusedBy === 'key_known' && url.includes('/keys') ? 2 : 1
    expect(authority.requests.filter((asked) => asked === url).length, url).toBeLessThanOrEqual(limit)
  }
  const refusals = events.filter(({ type }) => type === 'token_refused')
  expect(refusals.length).toBeGreaterThanOrEqual(2)
  expectNoneOf(request, JSON.stringify(refusals))
}
