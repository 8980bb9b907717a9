// One token from the endpoint of a managed identity: how long it is waited between tries, until when, and what an answer may say.
import { describe, expect, it } from 'vitest'
import {
  type ManagedIdentityPorts,
  type ManagedIdentityToken,
  requestManagedIdentityToken,
} from '../../../src/client-auth/managed-identity/managed-identity-token.ts'

const request = { url: 'http://169.254.169.254/', headers: {} }

/** An endpoint that answers by the number of the try; time goes by while it is waited alone. */
async function ask(answer: (tried: number) => Response, more: Partial<ManagedIdentityPorts> = {}) {
  let [passedMs, tried] = [0, 0]
  const waits: number[] = []
  const token: ManagedIdentityToken | Error = await requestManagedIdentityToken(request, {
    fetch: () => Promise.resolve(answer((tried += 1))),
    clock: { nowMs: () => 1_000_000 + passedMs, passedMs: () => passedMs },
    wait: (ms) => {
      waits.push(ms)
      passedMs += ms
      return Promise.resolve()
    },
    random: () => 0,
    timeoutMs: 3_000,
    budgetMs: 10_000,
    ...more,
  }).catch((error: unknown) => error as Error)
  return { waits, token }
}
const busy = (): Response => new Response('', { status: 503 })
const given = (body: object): Response => Response.json({ access_token: 'token', ...body })

describe('an endpoint that is busy', () => {
  it.each([
    [0, [375, 750, 1_500]],
    [0.5, [500, 1_000, 2_000]],
    [1, [625, 1_250, 2_500]],
  ])('is asked again after pauses that double, spread by a quarter: %d', async (chance, pauses) => {
    expect((await ask(busy, { random: () => chance })).waits).toEqual(pauses)
  })

  it('is asked again as long as the pause ends within the budget', async () => {
    expect((await ask(busy, { budgetMs: 375 })).waits).toEqual([])
    expect((await ask(busy, { budgetMs: 376 })).waits).toEqual([375])
  })
})

describe('an answer', () => {
  it.each([
    [{ expires_in: '60' }, 1_060_000],
    [{ expires_in: 60 }, 1_060_000],
    [{ expires_on: '2000' }, 2_000_000],
    [{ expires_on: 2000 }, 2_000_000],
    [{ expires_in: '60', expires_on: '2000' }, 1_060_000],
    [{ expires_in: '99999999999' }, 99_999_999_999_000 + 1_000_000],
  ])('of %j says until when the token is good', async (body, expiresAtMs) => {
    expect((await ask(() => given(body))).token).toMatchObject({ accessToken: 'token', expiresAtMs })
  })

  it.each([
    {},
    { expires_in: true },
    { expires_in: ['60'] },
    { expires_in: '1.5' },
    { expires_in: '100000000000' },
    { expires_on: 'soon' },
  ])('of %j gives no token', async (body) => {
    expect((await ask(() => given(body))).token).toMatchObject({
      code: 'authority_unavailable',
      retryAfterSeconds: 5,
    })
  })
})

it("a client of one's own that fails by itself is no outage", async () => {
  const bug = new TypeError('not a function')
  expect(await ask(busy, { fetch: { send: () => Promise.reject(bug) } })).toEqual({ waits: [], token: bug })
})
