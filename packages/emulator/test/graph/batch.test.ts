// $batch: each request as if it had come alone, those that depend on others after them, and throttling of one or of all.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Emulator } from '../../src/index.ts'
import { expectDecisions } from '../decisions.ts'
import { bob, type Json } from '../scenario.ts'
import { ask, startGraph, tokenFor } from './graph-world.ts'

let emulator: Emulator
let token: string
beforeAll(async () => {
  emulator = await startGraph()
  token = await tokenFor(emulator, 'User.Read')
})
afterAll(() => emulator.stop())

const send = (requests: unknown, bearer = token): ReturnType<typeof ask> =>
  ask(emulator, '/$batch', bearer, { requests })
const get = (id: string, url: string, more: object = {}): object => ({ id, method: 'GET', url, ...more })
const responsesOf = ({ body }: { body: Json }): Json[] => body['responses'] as Json[]

describe('a batch', () => {
  it('answers each request by its id, in JSON or in base64, as its permissions allow', async () => {
    const answer = await send([
      get('1', '/me?$select=displayName'),
      get('2', 'me/photo/$value'),
      get('3', '/users'),
      {
        ...get('4', '/me/getMemberObjects'),
        method: 'POST',
        body: { securityEnabledOnly: true },
        headers: { 'content-type': 'application/json' },
      },
    ])
    expect(answer.status).toBe(200)
    const [me, photo, users, groups] = responsesOf(answer)
    expect(me).toMatchObject({ id: '1', status: 200, body: { displayName: 'Alice Adams' } })
    expect(me!['headers']['content-type']).toMatch(/^application\/json/)
    expect(Buffer.from(photo!['body'] as string, 'base64').toString('latin1', 1, 4)).toBe('PNG')
    expect(users).toMatchObject({
      id: '3',
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied' } },
    })
    expect(groups).toMatchObject({ id: '4', status: 200, body: { value: [] } })
  })

  it('asks with the token of a request of its own, if it has one', async () => {
    const other = await tokenFor(emulator, 'User.Read', bob)
    const answer = await send([get('1', '/me', { headers: { Authorization: `Bearer ${other}` } })])
    expect(responsesOf(answer)[0]!['body']).toMatchObject({ displayName: 'Bob Brown' })
  })

  it('lets a request wait for others, and fail with them', async () => {
    const answer = await send([
      get('good', '/me'),
      get('bad', '/users'),
      get('after good', '/me', { dependsOn: ['good'] }),
      get('after bad', '/me', { dependsOn: ['good', 'bad'] }),
    ])
    expect(responsesOf(answer).map(({ status }) => status as number)).toEqual([200, 403, 200, 424])
  })

  it('is logged request by request', async () => {
    emulator.requests.clear()
    await send([get('1', '/me'), get('2', '/users')])
    const paths = emulator.requests.list({ endpoint: 'graph' }).map(({ path, status }) => [path, status])
    expect(paths).toEqual([
      ['/v1.0/me', 200],
      ['/v1.0/users', 403],
      ['/v1.0/$batch', 200],
    ])
  })

  it('is for callers of Graph', async () => {
    expect((await send([get('1', '/me')], 'nonsense')).status).toBe(401)
  })

  it.each<[string, unknown]>([
    ['no list', 'all'],
    ['nothing', []],
    ['more than twenty requests', Array.from({ length: 21 }, (_, index) => get(String(index), '/me'))],
    ['an id twice', [get('1', '/me'), get('1', '/me')]],
    ['no url', [{ id: '1', method: 'GET' }]],
    ['an address of elsewhere', [get('1', 'https://example.com/')]],
    ['an address of no scheme', [get('1', '//example.com/')]],
    ['a way up', [get('1', '../../_emulator/directory')]],
    ['a way up in the middle', [get('1', '/me/../../_emulator/directory')]],
    ['a way up in another spelling', [get('1', '/me/%2E%2e/%2e./_emulator/directory')]],
    ['a batch', [get('1', '/$batch')]],
    ['headers that are none', [get('1', '/me', { headers: 'x' })]],
    ['a request that waits for nobody', [get('1', '/me', { dependsOn: ['0'] })]],
  ])('is refused with %s', async (_, requests) => {
    const { status, body } = await send(requests)
    expect([status, body['error'].code]).toEqual([400, 'BadRequest'])
  })
})

describe('throttling by a fault', () => {
  it('is 429 in the shape of Graph, with the time to wait', async () => {
    const fault = emulator.faults.add({ when: { endpoint: 'graph', times: 1 }, then: { status: 429 } })
    const { status, headers, body } = await ask(emulator, '/me', token)
    expect([status, headers.get('retry-after')]).toEqual([429, '10'])
    expect(body['error']).toMatchObject({ code: 'TooManyRequests' })
    expect(body['error'].innerError['request-id']).toMatch(/^[\da-f-]{36}$/)
    expect(body['error'].innerError['date']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect((await ask(emulator, '/me', token)).status).toBe(200)
    fault.remove()
  })

  it.each([
    [401, 'InvalidAuthenticationToken'],
    [403, 'Authorization_RequestDenied'],
    [404, 'Request_ResourceNotFound'],
    [500, 'UnknownError'],
    [503, 'ServiceUnavailable'],
    [504, 'GatewayTimeout'],
  ])('has the code that Graph has for %i, and no time to wait', async (failure, code) => {
    const fault = emulator.faults.add({ when: { endpoint: 'graph' }, then: { status: failure } })
    const { status, headers, body } = await ask(emulator, '/me', token)
    fault.remove()
    expect([status, body['error'].code, headers.get('retry-after')]).toEqual([failure, code, null])
  })

  it('waits as long as the fault says, and reaches one request of a batch', async () => {
    const fault = emulator.faults.add({
      when: { endpoint: 'graph', nth: 3 }, // the batch is the first
      then: { status: 429, headers: { 'retry-after': '3' } },
    })
    const [first, second] = responsesOf(await send([get('1', '/me'), get('2', '/me')]))
    fault.remove()
    expect(first).toMatchObject({ status: 200 })
    expect(second).toMatchObject({ status: 429, headers: { 'retry-after': '3' } })
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/batch.txt')
})
