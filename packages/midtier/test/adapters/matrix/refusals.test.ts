// Every status and challenge, as it leaves each adapter: what refuses at the door, and what a handler fails by.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findClaimsChallenge, parseChallenges } from '../../../src/index.ts'
import { ids } from '../../behaviour/scenario.ts'
import { sendRaw, valuesOf } from '../../hostile-tokens/raw-request.ts'
import { endNoProcess } from '../express-server.ts'
import { adapters } from './adapters.ts'
import { closeAll, start } from './listening.ts'
import { asksTodo, createWorld, scope, trace, traceparent, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())
afterEach(() => {
  world.emulator.policies.clear()
  world.emulator.faults.clear()
  world.emulator.clock.advance(60) // past every pause
  world.logged.length = 0
})
endNoProcess()
closeAll()

let session = 0
/** A token of a sign-in of its own, for which nothing is cached. */
const signIn = (): Promise<string> => world.token({ claims: { uti: `matrix-${(session += 1)}` } })

async function expectProblem(answer: Response, status: number, members: object): Promise<void> {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(await answer.json()).toMatchObject({ type: 'about:blank', status, ...members })
}

describe.each(adapters)('$name', (adapter) => {
  const serve = async (path?: string, api = world.api): Promise<string> =>
    `${(await start(adapter, { routes: [asksTodo(api, path)] })).url}/todo`
  const bearer = (token: string): RequestInit => ({
    headers: { authorization: `Bearer ${token}`, traceparent },
  })

  it('lets in who brings a valid token, as whom the API is called', async () => {
    const answer = await fetch(await serve(), bearer(await signIn()))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ name: 'Alice Adams', aud: ids.todoApi })
  })

  it.each([undefined, 'Basic YTpi'])(
    'tells who brings no token where to get one: %s',
    async (authorization) => {
      const answer = await fetch(
        await serve(),
        authorization === undefined ? {} : { headers: { authorization } },
      )
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect(answer.headers.get('www-authenticate')).not.toContain('error=')
      await expectProblem(answer, 401, { reason: 'token_missing' })
    },
  )

  it('refuses a token that is none, and one that has expired', async () => {
    const url = await serve()
    await expectProblem(await fetch(url, bearer('rubbish')), 401, { error: 'invalid_token' })
    const token = await signIn()
    world.emulator.clock.advance(7200)
    const answer = await fetch(url, bearer(token))
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    await expectProblem(answer, 401, { reason: 'expired', traceId: trace })
  })

  it('refuses two tokens, in two fields or in one, and a scheme without a token', async () => {
    const port = Number(new URL(await serve()).port)
    const good = `Authorization: Bearer ${await signIn()}`
    const faulty = [
      [good, good],
      [good, 'authorization: Bearer other'],
      [`${good}, Bearer other`],
      [`${good},other`],
      ['Authorization: Bearer '],
    ]
    for (const lines of faulty) {
      const answer = await sendRaw(port, { start: 'GET /todo', lines, body: '' })
      expect([answer.status, lines.length]).toEqual([400, lines.length])
      expect(valuesOf(answer, 'www-authenticate').join()).toContain('error="invalid_request"')
      expect(valuesOf(answer, 'content-type').join()).toMatch(/^application\/problem\+json/)
    }
  })

  it('says which scope is missing', async () => {
    const answer = await fetch(await serve(), bearer(await world.token({ scopes: ['other'] })))
    expect(answer.headers.get('www-authenticate')).toMatch(
      /error="insufficient_scope".*scope="[^"]*access_as_user"/,
    )
    await expectProblem(answer, 403, { error: 'insufficient_scope', scopes: [scope] })
  })

  it('relays a demand for a stronger sign-in with its claims', async () => {
    world.emulator.policies.add({ name: 'mfa', kind: 'require_mfa', resource: ids.todoApi })
    const answer = await fetch(await serve(), bearer(await signIn()))
    const claims = findClaimsChallenge(parseChallenges(answer.headers))?.claims ?? ''
    expect(JSON.parse(claims)).toMatchObject({ access_token: { capolids: { essential: true } } })
    await expectProblem(answer, 401, {
      error: 'insufficient_claims',
      reason: 'claims_required',
      traceId: trace,
    })
    expect(world.logged).toEqual([])
  })

  it('says when to come again while the authority is down, and the log knows', async () => {
    const url = await serve()
    const request = bearer(await signIn())
    world.emulator.faults.add({
      when: { endpoint: 'token' },
      then: { status: 503, headers: { 'retry-after': '20' } },
    })
    const answer = await fetch(url, request)
    expect(answer.headers.get('retry-after')).toMatch(/^(19|20)$/)
    expect(answer.headers.get('www-authenticate')).toBeNull()
    await expectProblem(answer, 503, { traceId: trace })
    expect(world.logged).toMatchObject([{ status: 503, traceId: trace }])
  })

  it('is no refusal when there are no keys to validate a token with', async () => {
    const api = world.createApi()
    const url = await serve('whoami', api)
    const request = bearer(await signIn())
    world.emulator.faults.add({ when: { endpoint: 'discovery' }, then: { status: 500 } })
    const answer = await fetch(url, request)
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    await expectProblem(answer, 503, { traceId: trace })
    expect(world.logged).toContainEqual(expect.objectContaining({ status: 503, traceId: trace }))
  })

  it.each([
    ['500', 502],
    ['404', 404],
  ])(
    'answers the status %s of the API that was called by %i, and tells nothing of it',
    async (path, status) => {
      const answer = await fetch(await serve(path), bearer(await signIn()))
      await expectProblem(answer.clone(), status, { api: 'todolist' })
      expect(await answer.text()).not.toContain('secret')
      expect(world.logged).toHaveLength(status === 502 ? 1 : 0)
    },
  )

  it('answers what is ours to fix without a word of it, by its trace', async () => {
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          protect: [world.api],
          handle: ({ caller, answerJson }) => answerJson(caller.downstream('unheard-of')),
        },
      ],
    })
    const answer = await fetch(url, bearer(await signIn()))
    expect(await answer.clone().text()).not.toContain('unheard-of')
    await expectProblem(answer, 500, { traceId: trace })
    expect(world.logged).toMatchObject([{ status: 500, traceId: trace }])
  })

  it('begins a trace where the request brings none: the answer and the log have the same', async () => {
    const token = await signIn()
    const url = await serve('500')
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const { traceId } = (await answer.json()) as { traceId: string }
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(world.logged).toMatchObject([{ traceId }])
  })

  it('answers an error of ours on a route that is not protected', async () => {
    const { url } = await start(adapter, {
      routes: [
        {
          path: '/',
          handle: async ({ answerJson }) => answerJson(await world.api.acquireTokenForClient({ scopes: [] })),
        },
      ],
    })
    await expectProblem(await fetch(url, { headers: { traceparent } }), 500, { traceId: trace })
    expect(world.logged).toMatchObject([{ traceId: trace }])
  })
})
