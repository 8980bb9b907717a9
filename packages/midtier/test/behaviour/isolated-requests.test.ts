// A platform that ends what a request began together with that request: nobody waits for another's work, and nothing lost stays behind.
import { describe, expect, it, vi } from 'vitest'
import { CachedTokens } from '../../src/acquire/sources/cached-tokens.ts'
import { PendingAnswers } from '../../src/acquire/sources/pending-answers.ts'
import { createAuthority } from '../../src/authority/authority.ts'
import { SigningKeys } from '../../src/authority/signing-keys.ts'
import { firstOf } from '../../src/client-auth/first-of.ts'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { createCallContext, type CallContext } from '../../src/kernel/observer.ts'
import { areRequestsIsolated, isolates } from '../../src/kernel/isolated-requests.ts'
import { SingleFlight } from '../../src/kernel/single-flight.ts'
import { createCaller, createScenario, HandClock, settle, todoScopes } from '../acquire/scenario.ts'
import { createClock, createFakeAuthority, down, serveEntra } from '../authority/fake-authority.ts'
import { createStubAuthority } from '../grants/stub-authority.ts'
import { createSigner, tenantId } from '../jwt/token-builder.ts'
import { defaultSigningKeysSettings } from '../settings/default-settings.ts'

// As on Workers, and before anything asks.
vi.stubGlobal('WebSocketPair', Object)

const never = new Promise<never>(() => undefined)

describe('a platform', () => {
  it.each([
    ['Node', {}, false],
    ['Node since 21, Bun and Deno', { navigator: { userAgent: 'Node.js/24' } }, false],
    ['Cloudflare Workers', { navigator: { userAgent: 'Cloudflare-Workers' } }, true],
    ['Cloudflare Workers of old', { WebSocketPair: Object }, true],
    ["Vercel's Edge runtime", { EdgeRuntime: 'edge-runtime' }, true],
  ])('isolates requests or does not: %s', (_name, platform, isolated) => {
    expect(isolates(platform)).toBe(isolated)
  })

  it('is the one that this file describes', () => {
    expect(areRequestsIsolated()).toBe(true)
  })
})

describe('work under way', () => {
  it('is not joined', async () => {
    const flights = new SingleFlight<string>()
    void flights.run('a', () => never)
    expect(await flights.run('a', async () => 'mine')).toBe('mine')
    expect(flights.size).toBe(0)
  })

  it('of loading a credential is not joined either', async () => {
    let loads = 0
    const credential = firstOf([
      () => {
        loads += 1
        return loads === 1 ? never : clientSecret('secret')
      },
    ])
    const facts = { clientId: 'c', tokenEndpoint: 'https://t', clock: createClock() }
    void credential.addTo(new URLSearchParams(), facts as never)
    for (const parameters of [new URLSearchParams(), new URLSearchParams()]) {
      await credential.addTo(parameters, facts as never)
      expect(parameters.get('client_secret')).toBe('secret')
    }
    expect(loads).toBe(2)
  })
})

describe('an exchange', () => {
  const createContext = (): CallContext => createCallContext(undefined, () => 0, undefined)

  function createWorld() {
    const authority = createStubAuthority()
    const scenario = createScenario({}, {}, authority)
    const caller = createCaller(scenario.clock)
    const ask = (context: CallContext, options: { readonly claims?: string } = {}): Promise<string> =>
      scenario.source
        .acquire(scenario.requests.onBehalfOf(caller, { scopes: todoScopes, ...options }, context))
        .then(({ accessToken }) => accessToken)
    /** The next request to the authority is never answered. */
    const loseNext = (): void => {
      const { answer } = authority
      authority.answer = () => {
        authority.answer = answer
        return never
      }
    }
    return { ...scenario, authority, caller, ask, loseNext }
  }

  it('is joined within its request, and by no other', async () => {
    const { authority, ask } = createWorld()
    const [one, other] = [createContext(), createContext()]
    await Promise.all([ask(one), ask(one), ask(other)])
    expect(authority.requests).toHaveLength(2)
  })

  it('that never ends holds up nobody else, now or later', async () => {
    const { authority, ask, loseNext } = createWorld()
    loseNext()
    void ask(createContext())
    await settle()
    await ask(createContext())
    await ask(createContext())
    expect(authority.requests).toHaveLength(2)
  })

  it('is not joined once its account was forgotten', async () => {
    const { authority, ask, requests, source, caller, loseNext } = createWorld()
    const context = createContext()
    loseNext()
    void ask(context)
    await settle()
    await source.forget(requests.partition(caller.account!.id))
    await ask(context)
    expect(authority.requests).toHaveLength(2)
  })

  it('that answers a challenge and never ends lets others be kept after a while', async () => {
    const { clock, authority, ask, loseNext } = createWorld()
    loseNext()
    void ask(createContext(), { claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' })
    await settle()
    clock.advanceSeconds(300)
    await ask(createContext())
    await ask(createContext())
    expect(authority.requests).toHaveLength(2)
  })

  it('that takes its time is not taken for one that was lost', () => {
    const clock = new HandClock()
    const answers = new PendingAnswers(clock)
    const slot = { partition: 'p', key: 'k' }
    const pending = answers.begin(slot, false)
    clock.advanceSeconds(299)
    answers.begin({ ...slot, key: 'other' }, false)
    answers.drop(slot)
    expect(pending.mayBeKept).toBe(false)
  })

  it('whose answer is never written is not waited for by who forgets', async () => {
    const clock = new HandClock()
    const deleted: string[] = []
    const tokens = new CachedTokens(
      {
        get: () => undefined,
        set: () => never,
        delete: () => undefined,
        deletePartition: (partition) => void deleted.push(partition),
      },
      { clock, origin: 'l2' },
    )
    const { requests, source } = createScenario({}, { clock })
    const request = requests.onBehalfOf(createCaller(clock), { scopes: todoScopes }, createContext())
    void tokens.keep(request, await source.acquire(request), tokens.begin(request))
    await tokens.forget(request.slot.partition)
    expect(deleted).toEqual([request.slot.partition])
  })
})

describe('signing keys', () => {
  const [one, two] = [createSigner('one'), createSigner('two')]

  function createKeys() {
    const authority = createFakeAuthority()
    serveEntra(authority, [one])
    const clock = createClock()
    const [trusted] = createAuthority({ tenantId }).issuers
    const waiting: Promise<unknown>[] = []
    const keys = new SigningKeys(trusted, defaultSigningKeysSettings, {
      fetch: authority.fetch,
      clock,
      observe: () => undefined,
      waitUntil: (work) => void waiting.push(work),
    })
    const finds = async (kid: string): Promise<boolean> => (await keys.find(kid)).key !== undefined
    return { authority, clock, keys, finds, waiting }
  }

  it('are fetched by each who has none, whatever becomes of the first', async () => {
    const { authority, finds } = createKeys()
    authority.weather = () => never
    void finds('one')
    authority.weather = undefined
    expect(await Promise.all([finds('one'), finds('one')])).toEqual([true, true])
  })

  it('are asked for by all who know an unknown kid at once, and then not for a while', async () => {
    const { authority, finds } = createKeys()
    await finds('one')
    serveEntra(authority, [one, two])
    expect(await Promise.all([finds('two'), finds('two'), finds('two')])).toEqual([true, true, true])
    expect(authority.count('keys')).toBe(4)
    await Promise.all([finds('three'), finds('three')])
    expect(authority.count('keys')).toBe(4)
  })

  it('are not put back to what an earlier request was answered late', async () => {
    const { authority, keys, finds } = createKeys()
    await finds('one')
    let answerLate: (answer: Response) => void = () => undefined
    authority.weather = () => new Promise<Response>((resolve) => (answerLate = resolve))
    const early = finds('two')
    await settle()
    authority.weather = undefined
    serveEntra(authority, [one, two])
    expect(await finds('two')).toBe(true)
    answerLate(Response.json({ keys: [one.jwk({})] }))
    expect(await early).toBe(false)
    expect(keys.knows('two')).toBe(true)
  })

  it('are not left alone for what an earlier request failed with late', async () => {
    const { authority, keys, finds } = createKeys()
    let answerLate: (answer: Response) => void = () => undefined
    authority.weather = () => new Promise<Response>((resolve) => (answerLate = resolve))
    const early = finds('one').catch(() => 'failed')
    await settle()
    authority.weather = undefined
    await finds('one')
    answerLate(new Response('', { status: 503 }))
    expect(await early).toBe('failed')
    expect(keys.health()).toMatchObject({ ready: true, lastFailure: undefined })
    serveEntra(authority, [one, two])
    expect(await finds('two')).toBe(true)
  })

  it('that are renewed behind a request are asked for again later, not by each request, when that was lost', async () => {
    const { authority, clock, finds, waiting } = createKeys()
    await finds('one')
    clock.advanceSeconds(defaultSigningKeysSettings.refreshAfterMs / 1000)
    authority.weather = () => never
    for (let request = 0; request < 5; request += 1) await finds('one')
    expect([authority.requests.length, waiting.length]).toEqual([3, 1])
    authority.weather = down
    clock.advanceSeconds(defaultSigningKeysSettings.cooldownMs / 1000)
    for (let request = 0; request < 5; request += 1) await finds('one')
    expect([authority.requests.length, waiting.length]).toEqual([4, 2])
    await waiting[1] // its failure is nobody's
  })
})
