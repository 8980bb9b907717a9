// A signing key that the authority withdraws while this API still holds it for good: the exchange says so first, and then the gate knows.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { parseChallenges } from '../../src/index.ts'
import { startScenario, type Scenario } from './scenario.ts'

let scenario: Scenario

beforeAll(async () => {
  scenario = await startScenario()
})
afterAll(() => scenario.stop())

const keysFetched = (): number => scenario.events.filter(({ type }) => type === 'keys_refreshed').length
const exchanges = (): number => scenario.events.filter(({ type }) => type === 'token_requested').length

/** Status, error and reason of the answer to a call. */
async function call(path: string, token: string): Promise<unknown> {
  const response = await scenario.get(path, token)
  const problem = (await response.json()) as Record<string, unknown>
  const error = parseChallenges(response.headers)[0]?.parameters.get('error')
  return { status: response.status, error, reason: problem['reason'] }
}

it('makes callers of the old key renew their tokens, and is fetched anew once it is in doubt', async () => {
  const { keys } = scenario.emulator
  const old = await scenario.token()
  for (let use = 0; use < 3; use += 1) expect(await call('/whoami', old)).toMatchObject({ status: 200 })
  expect(scenario.api.health().cachedTokens).toBe(1)
  const [fetched, withdrawn] = [keysFetched(), keys.current.kid]
  await keys.rotate()
  await keys.retire(withdrawn)

  // Not known here yet: the token is accepted, and the authority refuses to exchange it.
  expect(await call('/me', old)).toEqual({ status: 401, error: 'invalid_token', reason: 'sign_in_required' })
  await vi.waitUntil(() => keysFetched() > fetched, { timeout: 30_000 })
  const asked = exchanges()
  for (const path of ['/me', '/whoami', '/mail'])
    expect(await call(path, old)).toEqual({ status: 401, error: 'invalid_token', reason: 'key_known' })
  expect(exchanges()).toBe(asked)
  expect(keysFetched()).toBe(fetched + 1)

  expect(await call('/me', await scenario.token())).toMatchObject({ status: 200 })
})
