// Any sequence of clock jumps, requests, key rollovers, outages and revocations, against a model that knows what time it really is.
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { clientSecret, createWebApi, isMidtierError, type WebApi } from '../../src/index.ts'
import { createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import {
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
  userId,
} from '../jwt/token-builder.ts'

vi.setConfig({ testTimeout: 120_000 })

const [hour, day] = [3600, 86_400]
const signers = { one: createSigner('one'), two: createSigner('two') }
type Kid = keyof typeof signers

/** Tokens of both keys, for an hour and for ten days; whose `iat` is the start of every run. */
const tokens = (['one', 'two'] as const).flatMap((kid) =>
  [hour, 10 * day].map((lifetime) => {
    const claims = { iat: nowSeconds, nbf: nowSeconds, exp: nowSeconds + lifetime, uti: `${kid} ${lifetime}` }
    const text = signToken({ claims: userClaims(claims), signer: signers[kid] })
    return { kid, text, exp: nowSeconds + lifetime }
  }),
)

const refreshAfterSeconds = hour
const keepSeconds = 2 * hour
const lifetimeOfAppToken = hour

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.oneof(fc.nat(90), fc.nat(3 * hour)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      seconds: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -3 * day, max: 3 * day })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('authenticate' as const), token: fc.nat(tokens.length - 1) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('acquire' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      kids: fc.constantFrom<readonly Kid[]>(['one'], ['two'], ['one', 'two']),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('weather' as const),
      status: fc.constantFrom(200, 200, 429, 503),
      retryAfter: fc.constantFrom(undefined, '5', '3600'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

class World {
  /** What passed. */
  realMs = nowSeconds * 1000
  /** What the clock of the machine is wrong by. */
  wrongMs = 0
  published: readonly Kid[] = ['one']
  /** When the API last read that a key is published. */
  readonly readAtMs = new Map<Kid, number>()
  readonly acquiredAtMs = new Map<string, number>()
  revokedBeforeMs = 0
  weather: { readonly status: number; readonly retryAfter: string | undefined } = {
    status: 200,
    retryAfter: undefined,
  }
  readonly #authority = createFakeAuthority()
  readonly api: WebApi

  constructor() {
    this.api = createWebApi({
      tenantId,
      clientId,
      clientCredential: clientSecret('not~a~real~secret.but.long'),
      clock: { nowMs: () => this.wallMs },
      fetch: (input) => this.#answer(String(input)),
      signingKeys: { refreshAfterSeconds, keepSeconds },
      resilience: { maxRetries: 0 },
      revocations: {},
    })
  }

  get wallMs(): number {
    return this.realMs + this.wrongMs
  }

  async #answer(url: string): Promise<Response> {
    const { status, retryAfter } = this.weather
    if (status !== 200)
      return new Response('{}', {
        status,
        headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      })
    if (url.endsWith('/token')) {
      const token = `token-${this.acquiredAtMs.size}`
      this.acquiredAtMs.set(token, this.realMs)
      return Response.json({ token_type: 'Bearer', access_token: token, expires_in: lifetimeOfAppToken })
    }
    serveEntra(
      this.#authority,
      this.published.map((kid) => signers[kid]),
    )
    if (url.includes('/keys')) for (const kid of this.published) this.readAtMs.set(kid, this.realMs)
    return this.#authority.fetch(url)
  }

  async authenticate({ kid, text, exp }: (typeof tokens)[number]): Promise<string> {
    const outcome = await codeOf(() =>
      this.api.authenticate({ method: 'GET', url: '/', header: headerOf(text) }),
    )
    if (outcome !== 'done') return outcome
    expect(this.wallMs / 1000, 'an expired token').toBeLessThan(exp + 300)
    expect(nowSeconds * 1000, 'a revoked token').toBeGreaterThanOrEqual(this.revokedBeforeMs)
    const knownForMs = this.realMs - (this.readAtMs.get(kid) ?? -Infinity)
    expect(knownForMs / 1000, 'a key that nobody published lately').toBeLessThan(
      refreshAfterSeconds + keepSeconds,
    )
    return outcome
  }

  async acquire(): Promise<string> {
    return codeOf(async () => {
      const { accessToken } = await this.api.acquireTokenForClient({ scopes: ['api://todolist/.default'] })
      const ageMs = this.realMs - (this.acquiredAtMs.get(accessToken) ?? -Infinity)
      expect(ageMs / 1000, 'an acquired token beyond its end').toBeLessThan(lifetimeOfAppToken)
    })
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'pass':
        this.realMs += step.seconds * 1000
        break
      case 'jump':
        this.wrongMs += step.seconds * 1000
        break
      case 'authenticate':
        await this.authenticate(tokens[step.token]!)
        break
      case 'acquire':
        await this.acquire()
        break
      case 'publish':
        this.published = step.kids
        break
      case 'weather':
        this.weather = step
        break
      case 'revoke':
        this.revokedBeforeMs = Math.max(this.revokedBeforeMs, this.wallMs)
        await this.api.revocations.revokeUser({ objectId: userId, tenantId })
    }
    // The machine is busy: somebody always reads the clock, so that no jump goes unseen.
    await codeOf(() => this.api.authenticate({ method: 'GET', url: '/', header: headerOf(stranger) }))
    await settle()
  }
}

/** Looked up by its key, which is known or not, and refused for its signature if it is. */
const stranger = signToken({
  claims: userClaims({ exp: nowSeconds + 300 * day }),
  signer: createSigner('one'),
})

const headerOf =
  (token: string) =>
  (name: string): string | undefined =>
    name === 'authorization' ? `Bearer ${token}` : undefined

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (!isMidtierError(error)) throw error
    if (error.code === 'authority_unavailable') expect(error.retryAfterSeconds).toBeLessThanOrEqual(300)
    return error.code
  }
}

/** Lets what goes on behind the scenes come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

it('accepts nothing revoked, withdrawn or expired, and keeps nobody waiting for longer than was set', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40, size: 'max' }),
      fc.integer({ min: -3 * day, max: 3 * day }),
      async (steps, jump) => {
        const world = new World()
        for (const each of steps) await world.take(each)
        // The weather clears, and the clock is set once more: after the longest pause that may be set, everybody is answered.
        world.weather = { status: 200, retryAfter: undefined }
        world.wrongMs += jump * 1000
        for (const token of tokens) await world.authenticate(token)
        world.realMs += 30_000
        for (const token of tokens) expect(await world.authenticate(token)).not.toBe('authority_unavailable')
        await world.acquire()
        world.realMs += 300_000
        expect(await world.acquire()).toBe('done')
      },
    ),
    { seed: 20_261_127, numRuns: 60 },
  )
})
