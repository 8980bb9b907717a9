// A user of too many groups for a token: the route's own check asks Microsoft Graph as that user, and its failures are answered like a handler's.
import { createEmulator, type Emulator } from '@midtier/emulator'
import express, { type RequestHandler, type Response as Answer } from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import { createWebApi, explainToken, type Caller, type Requirements, type WebApi } from '../../src/index.ts'
import { alice, ids, listen, middleTierOptions } from './scenario.ts'

const payroll = '99999999-9999-4999-8999-999999999999'
const other = '88888888-8888-4888-8888-888888888888'

/** As docs/validating-tokens.md has it. */
const groupsOf = (caller: Caller, groupIds: readonly string[]): Promise<readonly string[]> =>
  caller
    .downstream('graph')
    .postJson<{ value: string[] }>('me/checkMemberGroups', { groupIds })
    .then(({ value }) => value)

const checked: Caller[] = []
const members: Requirements = {
  scopes: ['access_as_user'],
  check: async ({ claims }, caller) => {
    checked.push(caller)
    if (Array.isArray(claims['groups'])) return claims['groups'].includes(payroll)
    return (await groupsOf(caller, [payroll])).includes(payroll)
  },
}

const overage = {
  _claim_names: { groups: 'src1' },
  _claim_sources: { src1: { endpoint: 'https://graph.windows.net/x/users/y/getMemberObjects' } },
}

let emulator: Emulator
let api: WebApi
let url: string
let stops: (() => void)[] = []
/** What Graph does, and the tokens that it was asked with. */
let graph: (answer: Answer, groupIds: readonly string[]) => void
const askedWith: (string | undefined)[] = []
const handled: Caller[] = []

beforeAll(async () => {
  emulator = await createEmulator()
  const graphApp = express()
  graphApp.post('/v1.0/me/checkMemberGroups', express.json(), (req, res) => {
    askedWith.push(req.headers.authorization)
    graph(res, (req.body as { groupIds: string[] }).groupIds)
  })
  const stub = await listen(graphApp)
  const options = middleTierOptions(emulator, stub.url)
  api = createWebApi({
    ...options,
    downstreamApis: { graph: { baseUrl: `${stub.url}/v1.0/`, scopes: ['User.Read'] } },
  })
  const app = express()
  const answer: RequestHandler = (req, res) => {
    handled.push(req.caller)
    res.sendStatus(200)
  }
  app.get('/members', protect(api, members), answer)
  app.get('/groups', protect(api, { scopes: ['access_as_user'], groups: [payroll] }), answer)
  app.use(renderErrors())
  const server = await listen(app)
  url = server.url
  stops = [stub.server, server.server].map((each) => () => {
    each.closeAllConnections()
    each.close()
  })
})
afterAll(async () => {
  for (const stop of stops) stop()
  await api.close()
  await emulator.stop()
})
beforeEach(() => {
  askedWith.length = 0
  handled.length = 0
  checked.length = 0
  graph = (answer, groupIds) => void answer.json({ value: groupIds })
})

const token = (claims: Record<string, unknown>): Promise<string> =>
  emulator.mint({
    user: alice,
    client: ids.webClient,
    audience: ids.middleTier,
    scopes: ['access_as_user'],
    claims,
  })

async function get(path: string, claims: Record<string, unknown>): Promise<Response> {
  return fetch(url + path, { headers: { authorization: `Bearer ${await token(claims)}` } })
}

const reasonOf = async (answer: Response): Promise<unknown> =>
  ((await answer.json()) as { readonly reason?: unknown }).reason

describe('a check that asks Microsoft Graph about groups', () => {
  it.each([
    ['in the pointer of a large token', overage],
    ['in the flag of the implicit flow', { hasgroups: true }],
  ])('lets in a member whose groups are not in the token but %s', async (_, claims) => {
    expect((await get('/members', claims)).status).toBe(200)
    expect(askedWith).toHaveLength(1)
  })

  it('asks as the person, with a token for Graph and not the one that came', async () => {
    const incoming = await token(overage)
    await fetch(`${url}/members`, { headers: { authorization: `Bearer ${incoming}` } })
    expect(askedWith[0]).toMatch(/^Bearer eyJ/)
    expect(askedWith[0]).not.toContain(incoming)
  })

  it('is handed the caller that the handler gets', async () => {
    await get('/members', overage)
    expect(handled).toHaveLength(1)
    expect(checked).toEqual(handled)
    expect(checked[0]).toBe(handled[0])
  })

  it('refuses whoever is no member, and asks nobody when the token lists the groups', async () => {
    graph = (answer) => void answer.json({ value: [] })
    const refused = await get('/members', overage)
    expect(refused.status).toBe(403)
    expect(await reasonOf(refused)).toBe('own_check')
    expect((await get('/members', { groups: [payroll] })).status).toBe(200)
    expect((await get('/members', { groups: [other] })).status).toBe(403)
    expect(askedWith).toHaveLength(1)
  })

  it('lets nobody in when Graph fails, and answers as if it had failed in the handler', async () => {
    graph = (answer) => void answer.status(500).json({ error: { code: 'broken' } })
    expect((await get('/members', { ...overage, uti: 'broken' })).status).toBe(502)
    graph = (answer) => void answer.status(429).set('retry-after', '7').json({})
    const throttled = await get('/members', { ...overage, uti: 'throttled' })
    expect(throttled.status).toBe(429)
    expect(handled).toEqual([])
  })

  it('is a challenge when the authority wants the person', async () => {
    const fault = emulator.faults.add({
      when: { endpoint: 'token' },
      then: {
        status: 400,
        body: JSON.stringify({
          error: 'invalid_grant',
          error_description: 'AADSTS50076: multi-factor authentication is needed',
          error_codes: [50076],
          suberror: 'basic_action',
          claims: '{"access_token":{"capolids":{"essential":true,"values":["x"]}}}',
        }),
        headers: { 'content-type': 'application/json' },
      },
    })
    try {
      const answer = await get('/members', { ...overage, uti: 'mfa' })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_claims"')
    } finally {
      fault.remove()
    }
  })

  it('is 503 during an outage of the authority', async () => {
    const fault = emulator.faults.add({ when: { endpoint: 'token' }, then: { status: 503, body: '<html>' } })
    try {
      const answer = await get('/members', { ...overage, uti: 'outage' })
      expect(answer.status).toBe(503)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      fault.remove()
    }
    expect(handled).toEqual([])
  })
})

describe('the requirement groups', () => {
  it('refuses a user of too many groups, and its explanation says what to do instead', async () => {
    expect((await get('/groups', overage)).status).toBe(403)
    const { checks } = await explainToken(api, await token(overage), { groups: [payroll] })
    const row = checks.find(({ name }) => name === 'groups')
    expect(row).toMatchObject({ verdict: 'failed', actual: 'overage' })
    expect(row?.mistake).toContain('check (caller.downstream) in place of groups')
  })

  it('and a check that would ask somebody are not run by an explanation', async () => {
    await explainToken(api, await token(overage), members)
    expect(checked).toEqual([])
    expect(askedWith).toEqual([])
  })
})
