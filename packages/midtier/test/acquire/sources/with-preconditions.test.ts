// What is refused without asking the authority, in which words, and to whom everything else goes.
import { expect, it } from 'vitest'
import type { InteractionRequiredError } from '../../../src/kernel/errors/errors.ts'
import { withPreconditions } from '../../../src/acquire/sources/with-preconditions.ts'
import type { AccessToken, TokenRequest } from '../../../src/acquire/token-source.ts'

const nowMs = 1_000_000_000
const source = (name: string) => ({ acquire: () => Promise.resolve(name as unknown as AccessToken) })
const ask = (changes: Partial<TokenRequest>): Promise<unknown> => {
  const request = { scopes: ['api://todo/read'], cacheOnly: false, claims: undefined, ...changes }
  const sources = withPreconditions(source('authority'), { nowMs: () => nowMs }, { agents: source('agents') })
  return sources.acquire(request as TokenRequest).catch((error: unknown) => error)
}

const agent = (proof: unknown): Partial<TokenRequest> => ({ agent: { proof } as TokenRequest['agent'] })

it.each<[string, Partial<TokenRequest>, string]>([
  ['a request', {}, 'authority'],
  [
    'an assertion that ends as long ago as clocks may differ',
    { assertionExpiresAtMs: nowMs - 300_000 },
    'authority',
  ],
  ['an agent without a proof', agent(undefined), 'authority'],
  ['an agent with one', agent({}), 'agents'],
])('%s goes on', async (_, changes, to) => {
  expect(await ask(changes)).toBe(to)
})

const claims = '{"access_token":{"acrs":{"value":"c1"}}}'

it.each<[string, Partial<TokenRequest>, string, string]>([
  ['for the cache alone', { cacheOnly: true }, 'no_token_cached', 'No token for these scopes is cached'],
  [
    'for the cache alone, whatever else is wrong',
    { cacheOnly: true, assertionExpiresAtMs: 0 },
    'no_token_cached',
    'No token for these scopes is cached',
  ],
  [
    'with an assertion that is over',
    { assertionExpiresAtMs: nowMs - 300_001 },
    'sign_in_required',
    'The incoming token has expired and cannot be exchanged any more',
  ],
])('a request %s is refused, with what was asked for', async (_, changes, reason, message) => {
  const facts = { error: 'interaction_required', errorNumbers: [], status: 400, scopes: ['api://todo/read'] }
  for (const more of [{}, agent({})]) {
    const refusal = await ask({ ...changes, ...more })
    expect(refusal).toMatchObject({ name: 'InteractionRequiredError', reason, message, origin: 'authority' })
    expect((refusal as InteractionRequiredError).facts).toStrictEqual(facts)
    const challenged = (await ask({ ...changes, ...more, claims })) as InteractionRequiredError
    expect(challenged.facts).toStrictEqual({ ...facts, claims })
  }
})
