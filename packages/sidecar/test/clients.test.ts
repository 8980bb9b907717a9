// Requests as the clients of the original write them, whatever else those could have written: its adapters in Python and TypeScript, the
// clients that its pages show, and what both read of the answers.
import { request as ask } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, type Seen } from './echo-api.ts'
import { assistant, blueprintVariables, ids, type Scenario, startScenario } from './scenario.ts'

let scenario: Scenario
let token: string
beforeAll(async () => {
  scenario = await startScenario(
    {
      Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
      Sidecar__AllowOverrides__CallDownstreamApiUnauthenticated: 'true',
    },
    blueprintVariables,
  )
  token = await scenario.token()
})
afterAll(() => scenario.stop())

interface Sent {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Got {
  readonly status: number
  readonly type: string
  readonly json: Readonly<Record<string, unknown>>
}

/** What the session of Python's requests adds to everything, and undici to what its users send. */
const pythons = {
  'user-agent': 'python-requests/2.32.5',
  'accept-encoding': 'gzip, deflate',
  accept: '*/*',
  connection: 'keep-alive',
}
const nodes = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' }

function send({ method, path, headers = {}, body }: Sent): Promise<Got> {
  const { hostname, port } = new URL(scenario.url)
  const all = {
    ...headers,
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  }
  return new Promise((resolve, reject) => {
    ask({ hostname, port, method, path, headers: all }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('end', () => {
        const type = response.headers['content-type'] ?? ''
        resolve({ status: response.statusCode ?? 0, type, json: JSON.parse(text) as Got['json'] })
      })
    })
      .on('error', reject)
      .end(body)
  })
}

const authorization = (): { readonly authorization: string } => ({ authorization: `Bearer ${token}` })
const todo = `api%3A%2F%2F${ids.todoApi}`

describe('/Validate', () => {
  it.each([
    ['of the adapter in Python', '/Validate', pythons],
    // It puts the agent that it is set up with into every request, into this one too.
    [
      'of the adapter in TypeScript',
      `/Validate?AgentIdentity=${ids.agent}&AgentUsername=${assistant.replace('@', '%40')}`,
      nodes,
    ],
  ])('%s gives protocol, token and claims, and nothing else', async (_, path, headers) => {
    const { status, json } = await send({ method: 'GET', path, headers: { ...headers, ...authorization() } })
    expect(status).toBe(200)
    expect(Object.keys(json).sort()).toEqual(['claims', 'protocol', 'token'])
    expect(json).toMatchObject({ protocol: 'Bearer', token, claims: { oid: ids.alice } })
  })
})

describe('a header', () => {
  const empty = 'optionsOverride.AcquireTokenOptions.Tenant='
  it.each([
    ['plain', '/AuthorizationHeader/todo', { oid: ids.alice, azp: ids.blueprint }],
    [
      'with scopes that are repeated',
      `/AuthorizationHeader/todo?optionsOverride.Scopes=${todo}%2FTasks.ReadWrite&optionsOverride.Scopes=${todo}%2FTasks.ReadWrite`,
      { scp: 'Tasks.ReadWrite' },
    ],
    [
      'with everything that the adapter in Python knows',
      `/AuthorizationHeader/todo?AgentIdentity=${ids.agent}&optionsOverride.Scopes=${todo}%2F.default&optionsOverride.RequestAppToken=true&optionsOverride.BaseUrl=https%3A%2F%2Fapi.example%2F&optionsOverride.RelativePath=x&optionsOverride.HttpMethod=GET&optionsOverride.AcceptHeader=application%2Fjson&optionsOverride.ContentType=application%2Fjson&optionsOverride.AcquireTokenOptions.Tenant=${ids.contoso}&optionsOverride.AcquireTokenOptions.ForceRefresh=false&optionsOverride.AcquireTokenOptions.Claims=%7B%22access_token%22%3A%7B%7D%7D&optionsOverride.AcquireTokenOptions.CorrelationId=5d3c2b1a-0000-4000-8000-00000000abcd&optionsOverride.AcquireTokenOptions.LongRunningWebApiSessionKey=k`,
      { azp: ids.agent, roles: ['Tasks.Read.All'] },
    ],
    ['with a parameter that is empty', `/AuthorizationHeader/todo?${empty}`, { oid: ids.alice }],
    [
      'with a flag as .NET writes it',
      '/AuthorizationHeader/todo?optionsOverride.RequestAppToken=True',
      { azp: ids.blueprint },
    ],
    [
      'for the account of an agent',
      `/AuthorizationHeader/todo?AgentIdentity=${ids.agent}&AgentUsername=${assistant.replace('@', '%40')}`,
      { azp: ids.agent, oid: ids.assistant },
    ],
    [
      'without a caller, for an agent',
      `/AuthorizationHeaderUnauthenticated/todo?AgentIdentity=${ids.agent}`,
      { azp: ids.agent, idtyp: 'app' },
    ],
  ])('%s', async (_, path, expected) => {
    const headers = { ...pythons, ...(path.includes('Unauthenticated') ? {} : authorization()) }
    const { status, json } = await send({ method: 'GET', path, headers })
    expect(json).toEqual({ authorizationHeader: expect.stringMatching(/^Bearer eyJ/) })
    expect(status).toBe(200)
    expect(claimsOf(String(json['authorizationHeader']))).toMatchObject(expected)
  })
})

describe('a call', () => {
  const json = { 'content-type': 'application/json' }
  it.each<[string, Sent, Partial<Seen>]>([
    [
      'of the adapter in Python, which always posts',
      {
        method: 'POST',
        path: '/DownstreamApi/todo?optionsOverride.RelativePath=me%2Ftasks',
        headers: { ...pythons, 'content-length': '0' },
      },
      { method: 'GET', url: '/api/me/tasks' },
    ],
    [
      'of the adapter in Python with a body and a method',
      {
        method: 'POST',
        path: '/DownstreamApi/todo?optionsOverride.RelativePath=tasks&optionsOverride.HttpMethod=POST',
        headers: { ...pythons, ...json },
        body: '{"title": "Milk"}',
      },
      { method: 'POST', url: '/api/tasks', body: '{"title": "Milk"}' },
    ],
    [
      'of the pages, with a query in the path',
      {
        method: 'GET',
        path: '/DownstreamApi/todo?optionsOverride.RelativePath=me%2Fmessages%3F%24top%3D10',
        headers: nodes,
      },
      { method: 'GET', url: '/api/me/messages?$top=10' },
    ],
    ...['PUT', 'PATCH', 'DELETE'].map((method): [string, Sent, Partial<Seen>] => [
      `of the pages, by ${method} and saying so`,
      {
        method,
        path: `/DownstreamApi/todo?optionsOverride.RelativePath=tasks%2F1&optionsOverride.HttpMethod=${method}`,
        headers: { ...nodes, ...json },
        body: '{"done":true}',
      },
      { method, url: '/api/tasks/1', body: '{"done":true}' },
    ]),
    [
      'of the pages, with scopes of its own',
      {
        method: 'GET',
        path: `/DownstreamApi/noscopes?optionsOverride.RelativePath=tasks&optionsOverride.Scopes=${todo}%2FTasks.ReadWrite`,
        headers: nodes,
      },
      { method: 'GET', url: '/api/tasks' },
    ],
  ])('%s', async (_, sent, expected) => {
    const { status, json: answer } = await send({ ...sent, headers: { ...sent.headers, ...authorization() } })
    expect(status).toBe(200)
    expect(Object.keys(answer).sort()).toEqual(['content', 'headers', 'statusCode'])
    expect(answer['statusCode']).toBe(200)
    for (const values of Object.values(answer['headers'] as Record<string, unknown>))
      expect(values).toEqual([expect.any(String)])
    expect(JSON.parse(String(answer['content']))).toMatchObject(expected)
  })
})

describe('what went wrong', () => {
  it.each([
    ['/Validate', 401],
    ['/AuthorizationHeader/todo', 401],
    ['/DownstreamApi/todo', 401],
    ['/AuthorizationHeaderUnauthenticated/unknown', 400],
  ])('at %s is a problem with title, status and detail', async (path, status) => {
    const got = await send({ method: 'GET', path, headers: pythons })
    expect(got.status).toBe(status)
    expect(got.type).toBe('application/problem+json')
    expect(got.json).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) })
  })
})
