// A web API that is registered with an issuer other than Entra, from the Express route to the API behind it, all over real HTTP.
import { decodeJwt } from 'jose'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import {
  clientSecret,
  createWebApi,
  type ObservedEvent,
  type OpenIdWebApiOptions,
  type WebApi,
} from '../../src/index.ts'
import {
  impostor,
  middleTier,
  middleTierUrl,
  startForeignAuthority,
  todoUrl,
  type ForeignAuthority,
} from './foreign-authority.ts'
import { listen } from './scenario.ts'

interface SentRequest {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

interface Chain {
  readonly api: WebApi
  readonly events: ObservedEvent[]
  /** What the middle tier sent to anybody. */
  readonly sent: SentRequest[]
  readonly get: (path: string, token?: string) => Promise<Response>
}

let authority: ForeignAuthority
let stops: (() => void | Promise<void>)[]

beforeEach(async () => {
  authority = await startForeignAuthority()
  stops = [() => authority.stop()]
})
afterEach(async () => {
  for (const stop of stops) await stop()
})

/** A middle tier and the To Do API behind it, both of the same issuer. */
async function startChain(more: Partial<OpenIdWebApiOptions> = {}): Promise<Chain> {
  const todoApi = createWebApi({
    authority: { issuer: authority.issuer },
    clientId: todoUrl,
    audience: todoUrl,
  })
  const todoApp = express()
  todoApp.get('/api/whoami', protect(todoApi, { scopes: ['read'] }), (req, res) => {
    const { subject, clientId, scopes } = req.caller.principal
    res.json({ subject, clientId, scopes })
  })
  const todo = await startApp(todoApp)

  const events: ObservedEvent[] = []
  const sent: SentRequest[] = []
  const api = createWebApi({
    authority: { issuer: authority.issuer, tokenExchange: 'rfc8693' },
    clientId: middleTier.clientId,
    audience: middleTierUrl,
    clientCredential: clientSecret(middleTier.secret),
    downstreamApis: {
      todo: { baseUrl: `${todo}/api/`, audience: todoUrl, scopes: ['read'] },
      all: { baseUrl: `${todo}/api/`, audience: todoUrl },
      wrong: { baseUrl: `${todo}/api/`, audience: 'https://nowhere.example' },
    },
    observer: (event) => events.push(event),
    fetch: (input, init) => {
      const body = typeof init?.body === 'string' ? init.body : ''
      sent.push({ url: String(input), headers: new Headers(init?.headers), body })
      return fetch(input, init)
    },
    ...more,
  })
  stops.push(() => api.close())
  const app = express()
  app.get('/whoami/:name', protect(api, { scopes: ['access'] }), async (req, res) => {
    res.json(await req.caller.downstream(String(req.params['name'])).getJson('whoami'))
  })
  app.get('/account', protect(api, { scopes: ['access'] }), (req, res) => void res.json(req.caller.account))
  app.get('/silent', protect(api), async (req, res) => {
    const { origin } = await req.caller.acquireTokenSilent({ audience: todoUrl, scopes: ['read'] })
    res.json({ origin })
  })
  app.get('/anyone', protect(api, { caller: 'app' }), async (req, res) => {
    res.json(await req.caller.acquireToken({ audience: todoUrl, scopes: ['read'] }))
  })
  app.use(renderErrors())
  const url = await startApp(app)
  return {
    api,
    events,
    sent,
    get: (path, token) =>
      fetch(url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  }
}

async function startApp(app: express.Express): Promise<string> {
  const { server, url } = await listen(app)
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return url
}

describe('a web API that is registered with an issuer other than Entra', () => {
  it('calls the next API as the user, by exchanging the token that the user brought', async () => {
    const { get } = await startChain()
    const response = await get('/whoami/todo', await authority.signIn('alice'))
    expect(await response.json()).toEqual({
      subject: 'alice',
      clientId: middleTier.clientId,
      scopes: ['read'],
    })
  })

  it('leaves the scopes to the issuer when none are configured', async () => {
    const { get } = await startChain()
    const response = await get('/whoami/all', await authority.signIn('alice'))
    expect(await response.json()).toMatchObject({ subject: 'alice', scopes: ['read', 'write'] })
    expect(authority.exchanges.at(-1)?.parameters['scope']).toBeUndefined()
  })

  it('exchanges once for each of two users whose requests come all at once, and never mixes them up', async () => {
    const { get, events } = await startChain()
    const tokens = { alice: await authority.signIn('alice'), bob: await authority.signIn('bob') }
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const user = index % 2 === 0 ? 'alice' : 'bob'
        const answer = (await (await get('/whoami/todo', tokens[user])).json()) as { subject: string }
        return [user, answer.subject]
      }),
    )
    expect(answers.every(([user, subject]) => user === subject)).toBe(true)
    expect(authority.exchanges).toHaveLength(2)
    await get('/whoami/todo', tokens.bob)
    expect(events.findLast(({ type }) => type === 'token_acquired')).toMatchObject({
      grant: 'token_exchange',
      origin: 'l1',
      reason: undefined,
    })
    expect(JSON.stringify(events)).not.toMatch(/eyJ|a-secret/)
  })

  it('knows its users by issuer and subject, whatever else their tokens claim', async () => {
    const { get } = await startChain()
    const token = await authority.signIn('mallory')
    expect(decodeJwt(token)).toMatchObject(impostor)
    const { issuer } = authority
    expect(await (await get('/account', token)).json()).toEqual({
      id: `${issuer.length}:${issuer} mallory`,
      objectId: 'mallory',
      tenantId: issuer,
    })
  })

  it('forgets one user and keeps the others', async () => {
    const { api, get } = await startChain()
    const [alice, bob] = [await authority.signIn('alice'), await authority.signIn('bob')]
    for (const token of [alice, bob]) expect((await get('/whoami/todo', token)).status).toBe(200)
    await api.forget((await (await get('/account', alice)).json()) as { id: string })
    expect(await (await get('/silent', bob)).json()).toEqual({ origin: 'l1' })
    const forgotten = await get('/silent', alice)
    expect(forgotten.status).toBe(401)
    expect(await forgotten.json()).toMatchObject({ reason: 'no_token_cached' })
  })

  it('tells the issuer nothing in the dialect of Entra', async () => {
    const { get, sent } = await startChain()
    await get('/whoami/todo', await authority.signIn('alice'))
    const exchange = sent.find(({ url }) => url.endsWith('/token'))
    expect(exchange?.headers.get('authorization')).toMatch(/^Basic /)
    expect(exchange?.headers.has('x-anchormailbox')).toBe(false)
    expect([...new URLSearchParams(exchange?.body).keys()].sort()).toEqual([
      'audience',
      'grant_type',
      'requested_token_type',
      'scope',
      'subject_token',
      'subject_token_type',
    ])
  })

  it('reads where tokens are requested from the metadata, unless it is told', async () => {
    const metadataReads = (sent: readonly SentRequest[]): number =>
      sent.filter(({ url }) => url.endsWith('/.well-known/openid-configuration')).length
    const [asking, told] = [
      await startChain(),
      await startChain({
        authority: { issuer: authority.issuer, tokenEndpoint: `${authority.issuer}/token` },
      }),
    ]
    for (const { get } of [asking, told])
      expect((await get('/whoami/todo', await authority.signIn('alice'))).status).toBe(200)
    expect(metadataReads(asking.sent) - metadataReads(told.sent)).toBe(1)
  })

  it('acts for itself with a token of its own, apart from those of users', async () => {
    const { api, events } = await startChain({
      authority: {
        issuer: authority.issuer,
        tokenExchange: {
          name: 'this one',
          target: 'resource',
          requires: 'target',
          subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
          requestedTokenType: undefined,
          clientAuthentication: 'client_secret_basic',
          sessionEnded: [],
        },
      },
    })
    const acquire = () => api.acquireTokenForClient({ audience: todoUrl, scopes: ['read'] })
    expect(await authority.validate((await acquire()).accessToken, todoUrl)).toMatchObject({
      sub: middleTier.clientId,
      scope: 'read',
    })
    expect((await acquire()).origin).toBe('l1')
    expect(events.at(-1)).toMatchObject({ grant: 'client_credentials', accountId: undefined })
    await expect(
      api.acquireTokenForClient({ audience: todoUrl, scopes: ['read'], tenantId: 'contoso.com' }),
    ).rejects.toMatchObject({ reason: 'tenant_not_supported' })
  })
})

describe('a refusal at an issuer other than Entra', () => {
  it('sends a user whose session has ended to sign in again, without an address of Entra', async () => {
    const { get } = await startChain()
    const token = await authority.signIn('carol')
    authority.signOut('carol')
    const response = await get('/whoami/todo', token)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ reason: 'sign_in_required' })
    const challenge = response.headers.get('www-authenticate')
    expect(challenge).toMatch(/^Bearer .*error="invalid_token"/)
    expect(challenge).not.toContain('authorization_uri')
  })

  it('keeps an API that the issuer does not know to the log', async () => {
    const { get, events } = await startChain()
    const response = await get('/whoami/wrong', await authority.signIn('alice'))
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('nowhere')
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'token_requested', error: 'invalid_target', status: 400 }),
    )
  })

  it('does not act on behalf of an application', async () => {
    const { get } = await startChain()
    const response = await get('/anyone', await authority.signInClient())
    expect(response.status).toBe(403)
    expect(authority.exchanges).toHaveLength(0)
  })

  it('turns away the token that was exchanged for the next API', async () => {
    const { api, get } = await startChain()
    const header = (name: string): string | undefined =>
      name === 'authorization' ? `Bearer ${incoming}` : undefined
    const incoming = await authority.signIn('alice')
    const caller = await api.authenticate({ header, method: 'GET', url: '/' })
    const { accessToken } = await caller.acquireToken({ audience: todoUrl, scopes: ['read'] })
    const response = await get('/whoami/todo', accessToken)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ reason: 'audience' })
  })

  it('does not take the client id for an audience: an ID token has it', async () => {
    const { get } = await startChain({ audience: 'https://another.example', clientId: middleTierUrl })
    const response = await get('/account', await authority.signIn('alice'))
    expect(await response.json()).toMatchObject({ status: 401, reason: 'audience' })
  })

  it('serves what is cached while the issuer is down, and answers 503 to everybody else', async () => {
    const { get } = await startChain({ resilience: { maxRetries: 0 } })
    const [alice, bob] = [await authority.signIn('alice'), await authority.signIn('bob')]
    expect((await get('/whoami/todo', alice)).status).toBe(200)
    authority.stop()
    expect((await get('/whoami/todo', alice)).status).toBe(200)
    const refused = await get('/whoami/todo', bob)
    expect(refused.status).toBe(503)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
