// The contract, row by row: what each endpoint answers, and to whom.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, type Seen } from './echo-api.ts'
import { alice, bob, carol, ids, problemOf, type Scenario, startScenario } from './scenario.ts'

let scenario: Scenario
beforeAll(async () => {
  scenario = await startScenario()
})
afterAll(() => scenario.stop())

interface Told {
  readonly statusCode: number
  readonly headers: Record<string, string[]>
  readonly content: string | null
  readonly encoding?: string
}
const told = async (response: Response): Promise<Told> => (await response.json()) as Told
const seen = async (response: Response): Promise<Seen> =>
  JSON.parse((await told(response)).content ?? '') as Seen
const header = async (response: Response): Promise<Record<string, unknown>> => {
  const { authorizationHeader } = (await response.json()) as { authorizationHeader: string }
  expect(authorizationHeader).toMatch(/^Bearer eyJ/)
  return claimsOf(authorizationHeader)
}

describe('/Validate', () => {
  it('gives the token and all claims', async () => {
    const token = await scenario.token()
    const response = await scenario.ask('/Validate', { token })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({
      protocol: 'Bearer',
      token,
      claims: { oid: ids.alice, tid: ids.contoso, scp: 'access_as_user', preferred_username: alice },
    })
  })

  it.each([
    ['no token', null, 401],
    ['something else', 'nonsense', 401],
  ] as const)('refuses %s with a challenge', async (_, token, status) => {
    const response = await scenario.ask('/Validate', { token })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await problemOf(response)).toMatchObject({ status })
  })

  it('refuses a token without the configured scope', async () => {
    const response = await scenario.ask('/Validate', {
      token: await scenario.token(alice, { scopes: ['other'] }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('insufficient_scope')
  })

  it('refuses a token with neither scope nor role', async () => {
    const daemon = 'a0000000-0000-4000-8000-000000000004'
    const token = await scenario.emulator.mint({ client: daemon, audience: ids.middleTier })
    expect((await scenario.ask('/Validate', { token })).status).toBe(401)
  })
})

describe('/AuthorizationHeader', () => {
  it('is on behalf of the caller', async () => {
    expect(await header(await scenario.ask('/AuthorizationHeader/todo'))).toMatchObject({
      oid: ids.alice,
      aud: ids.todoApi,
      azp: ids.middleTier,
      scp: 'Tasks.ReadWrite',
    })
  })

  it('finds path and API without regard to case', async () => {
    expect((await scenario.ask('/authorizationheader/TODO')).status).toBe(200)
  })

  it('is the application’s where that is asked for', async () => {
    const path = '/AuthorizationHeader/todo?optionsOverride.RequestAppToken=true'
    const claims = await header(await scenario.ask(path))
    expect(claims).toMatchObject({ aud: ids.todoApi, azp: ids.middleTier })
    expect(claims['scp']).toBeUndefined()
  })

  it('takes scopes of the request, repeated and in other cases', async () => {
    const scope = encodeURIComponent(`api://${ids.todoApi}/.default`)
    const path = `/AuthorizationHeader/noscopes?OPTIONSOVERRIDE.scopes=${scope}`
    expect(await header(await scenario.ask(path))).toMatchObject({ aud: ids.todoApi, oid: ids.alice })
  })

  it('needs a caller, and tells a stranger nothing of the APIs', async () => {
    expect((await scenario.ask('/AuthorizationHeader/unknown', { token: null })).status).toBe(401)
  })

  it.each([
    ['an API that is not configured', '/AuthorizationHeader/unknown', "'unknown'"],
    ['one even with scopes', '/AuthorizationHeader/unknown?optionsOverride.Scopes=User.Read', "'unknown'"],
    ['an API without scopes', '/AuthorizationHeader/noscopes', "'noscopes'"],
    [
      'proof of possession',
      '/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.PopPublicKey=x',
      'PopPublicKey',
    ],
    [
      'a flag that is none',
      '/AuthorizationHeader/todo?optionsOverride.RequestAppToken=maybe',
      'RequestAppToken',
    ],
    [
      'an override that is not known',
      '/AuthorizationHeader/todo?optionsOverride.Nothing=1',
      'optionsOverride.Nothing',
    ],
    ['one that is there twice', '/AuthorizationHeader/todo?AgentIdentity=a&agentidentity=b', 'AgentIdentity'],
    [
      'a correlation id that is none',
      '/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.CorrelationId=7',
      'GUID',
    ],
    ['a query that is not well encoded', '/AuthorizationHeader/todo?optionsOverride.Scopes=%zz', 'encoded'],
    [
      'scopes of two APIs',
      '/AuthorizationHeader/todo?optionsOverride.Scopes=api://a/x&optionsOverride.Scopes=api://b/x',
      'scopes are of 2',
    ],
    [
      'claims that are none',
      '/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.Claims=nonsense',
      'claims',
    ],
    [
      'a tenant that is none',
      '/AuthorizationHeader/todo?optionsOverride.RequestAppToken=true&optionsOverride.AcquireTokenOptions.Tenant=..',
      'Tenant',
    ],
    [
      'another tenant on behalf of the caller',
      `/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.Tenant=${ids.fabrikam}`,
      'Tenant',
    ],
  ])('refuses %s with 400', async (_, path, named) => {
    const response = await scenario.ask(path)
    const problem = await problemOf(response)
    expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining(named) })
    expect(response.status).toBe(400)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('asks the authority once for a token, and again where it is told to', async () => {
    const token = await scenario.token(bob)
    const requests = (): number => scenario.emulator.requests.list({ endpoint: 'token' }).length
    await scenario.ask('/AuthorizationHeader/todo', { token })
    const before = requests()
    await scenario.ask('/AuthorizationHeader/todo', { token })
    expect(requests()).toBe(before)
    await scenario.ask('/AuthorizationHeader/todo?optionsOverride.AcquireTokenOptions.ForceRefresh=true', {
      token,
    })
    expect(requests()).toBe(before + 1)
  })
})

describe('the routes without a caller', () => {
  it('give the application’s token, and ignore what is sent along', async () => {
    const claims = await header(
      await scenario.ask('/AuthorizationHeaderUnauthenticated/todo', { token: 'nonsense' }),
    )
    expect(claims).toMatchObject({ aud: ids.todoApi, azp: ids.middleTier })
    expect(claims['scp']).toBeUndefined()
  })

  it('call as the application', async () => {
    const { claims } = await seen(await scenario.ask('/DownstreamApiUnauthenticated/todo', { token: null }))
    expect(claims).toMatchObject({ azp: ids.middleTier })
    expect(claims['scp']).toBeUndefined()
  })

  it('ignore overrides, and say so in the log without a value', async () => {
    const path = '/DownstreamApiUnauthenticated/todo?optionsOverride.RelativePath=secret-path'
    const { url } = await seen(await scenario.ask(path, { token: null }))
    expect(url).toBe('/api/')
    expect(scenario.log.join('')).toContain('CallDownstreamApiUnauthenticated')
    expect(scenario.log.join('')).not.toContain('secret-path')
  })
})

describe('/DownstreamApi', () => {
  it('tells status, headers and content', async () => {
    const response = await scenario.ask('/DownstreamApi/graph')
    expect(response.status).toBe(200)
    const answer = await told(response)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['Content-Type']?.[0]).toMatch(/^application\/json/)
    expect(JSON.parse(answer.content ?? '')).toMatchObject({ displayName: 'Alice Adams' })
  })

  it.each([
    ['POST', '', 'GET'],
    ['GET', '', 'GET'],
    ['PUT', '', 'PUT'],
    ['PATCH', '', 'PATCH'],
    ['DELETE', '', 'DELETE'],
    ['POST', '?optionsOverride.HttpMethod=POST', 'POST'],
    ['POST', '?optionsOverride.HttpMethod=delete', 'DELETE'],
  ])('%s%s goes on as %s', async (method, query, expected) => {
    expect((await seen(await scenario.ask(`/DownstreamApi/todo${query}`, { method }))).method).toBe(expected)
  })

  it('passes body and content type on', async () => {
    const path = '/DownstreamApi/todo?optionsOverride.HttpMethod=POST'
    const headers = { 'content-type': 'application/vnd.todo+json' }
    const asked = await seen(await scenario.ask(path, { method: 'POST', body: '{"a":1}', headers }))
    expect(asked).toMatchObject({ method: 'POST', body: '{"a":1}' })
    expect(asked.headers['content-type']).toBe('application/vnd.todo+json')
  })

  it('takes path, query and headers of the request', async () => {
    const query = new URLSearchParams([
      ['optionsOverride.RelativePath', '/todos/7?a=1&b=2'],
      ['optionsOverride.ExtraQueryParameters.A', '3'],
      ['optionsOverride.ExtraHeaderParameters.X-Colour', 'red'],
      ['optionsOverride.AcceptHeader', 'text/plain'],
      ['optionsOverride.BaseUrl', 'https://evil.example/'],
    ])
    const asked = await seen(await scenario.ask(`/DownstreamApi/todo?${query.toString()}`))
    expect(asked.url).toBe('/api/todos/7?b=2&A=3')
    expect(asked.headers).toMatchObject({ 'x-colour': 'red', accept: 'text/plain' })
  })

  it.each(['Authorization', 'Cookie', 'X-Forwarded-For', 'X-MS-CLIENT-PRINCIPAL', 'x_forwarded_host'])(
    'never passes %s on',
    async (name) => {
      const path = `/DownstreamApi/todo?optionsOverride.ExtraHeaderParameters.${name}=forged`
      const asked = await seen(await scenario.ask(path))
      expect(Object.values(asked.headers)).not.toContain('forged')
    },
  )

  it('goes on under the correlation id of the request', async () => {
    const id = '5d3c2b1a-0000-4000-8000-00000000abcd'
    const path = `/DownstreamApi/todo?optionsOverride.AcquireTokenOptions.CorrelationId=${id}`
    const asked = await seen(await scenario.ask(path))
    expect(asked.headers['traceparent']).toContain(id.replaceAll('-', ''))
  })

  it.each([
    ['/AuthorizationHeader/todo', bob],
    ['/DownstreamApi/todo', carol],
  ])('is known to the authority by the correlation id of the request, at %s', async (path, user) => {
    const id = '5d3c2b1a-0000-4000-8000-0000000000c1'
    const query = `optionsOverride.AcquireTokenOptions.CorrelationId=${id.toUpperCase()}&optionsOverride.AcquireTokenOptions.ForceRefresh=true`
    await scenario.ask(`${path}?${query}`, { token: await scenario.token(user) })
    const [last] = scenario.emulator.requests.list({ endpoint: 'token' }).slice(-1)
    expect(last?.correlationId).toBe(id)
  })

  it('forgets overrides with the request', async () => {
    await scenario.ask(
      '/DownstreamApi/todo?optionsOverride.ExtraHeaderParameters.X-Once=1&optionsOverride.RelativePath=once',
    )
    const asked = await seen(await scenario.ask('/DownstreamApi/todo'))
    expect(asked.url).toBe('/api/')
    expect(asked.headers['x-once']).toBeUndefined()
  })

  it.each(['../admin', '..%2fadmin', '%252e%252e/admin', 'a/../../b', 'https://evil.example/'])(
    'stays below the base URL: %s',
    async (path) => {
      const before = scenario.todo.seen.length
      const response = await scenario.ask(
        `/DownstreamApi/todo?optionsOverride.RelativePath=${encodeURIComponent(path)}`,
      )
      expect(response.status).toBe(400)
      expect(scenario.todo.seen).toHaveLength(before)
    },
  )

  const pathOf = (path: string): string => `/DownstreamApi/todo?optionsOverride.RelativePath=${path}`

  it.each([
    ['missing', { statusCode: 404, content: 'nothing here' }],
    ['empty', { statusCode: 204, content: null, headers: { ETag: ['"1"'] } }],
    ['bytes', { statusCode: 200, content: 'iVD/AA==', encoding: 'base64' }],
    ['latin', { statusCode: 200, content: 'Grüße' }],
    ['moved', { statusCode: 302, headers: { Location: ['/elsewhere'] } }],
  ])('tells %s as it is', async (path, expected) => {
    expect(await told(await scenario.ask(pathOf(path)))).toMatchObject(expected)
  })

  it('keeps cookies and what is about the connection back', async () => {
    const { headers } = await told(await scenario.ask(pathOf('cookie')))
    expect(headers).toMatchObject({ 'X-Request-Id': ['7'] })
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toEqual(
      expect.arrayContaining(['set-cookie']),
    )
    expect(headers['Connection']).toBeUndefined()
    expect(headers['X-Hop']).toBeUndefined()
  })

  it('tells headers by their names, also where objects have a member of that name', async () => {
    const { headers } = await told(await scenario.ask(pathOf('members')))
    expect(Object.entries(headers)).toEqual(
      expect.arrayContaining([
        ['__proto__', ['a']],
        ['Constructor', ['b']],
      ]),
    )
  })

  it('refuses an answer that is too long for a document', async () => {
    expect((await scenario.ask(pathOf('huge'))).status).toBe(502)
  })
})

describe('other paths', () => {
  it.each([
    ['/', 'GET', 404],
    ['/nothing', 'GET', 404],
    ['/AuthorizationHeader', 'GET', 404],
    ['/AuthorizationHeader/a/b', 'GET', 404],
    ['/Validate', 'POST', 405],
    ['/AuthorizationHeader/todo', 'DELETE', 405],
    ['/AuthorizationHeader/%zz', 'GET', 400],
  ])('%s by %s is %i', async (path, method, status) => {
    const response = await scenario.ask(path, { method, token: null })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  it('is alive and ready', async () => {
    expect(await (await scenario.ask('/healthz', { token: null })).text()).toBe('Healthy')
    await expect
      .poll(async () => (await scenario.ask('/readyz', { token: null })).status, { timeout: 60_000 })
      .toBe(200)
  })

  it('describes itself', async () => {
    const document = (await (await scenario.ask('/openapi/v1.json', { token: null })).json()) as {
      paths: Record<string, Record<string, { parameters: { name: string }[] }>>
    }
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/Validate', '/AuthorizationHeader/{apiName}', '/DownstreamApi/{apiName}']),
    )
    expect(document.paths['/DownstreamApi/{apiName}']?.['post']?.parameters.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['apiName', 'AgentIdentity', 'optionsOverride.Scopes']),
    )
  })

  it('describes each parameter of a path, and the bodies that go on', async () => {
    interface Operation {
      readonly parameters: readonly { readonly name: string; readonly in: string }[]
      readonly requestBody?: unknown
    }
    const { paths } = (await (await scenario.ask('/openapi/v1.json', { token: null })).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
    for (const [path, operations] of Object.entries(paths))
      for (const [method, { parameters, requestBody }] of Object.entries(operations)) {
        const names = parameters.filter((each) => each.in === 'path').map(({ name }) => `{${name}}`)
        expect(names).toEqual(path.match(/\{[^}]*\}/g) ?? [])
        expect(requestBody !== undefined, `${method} ${path}`).toBe(['post', 'put', 'patch'].includes(method))
      }
    expect(Object.keys(paths)).toContain('/Proxy/{apiName}/{path}')
  })

  it('explains a token without letting on whose it is', async () => {
    const response = await scenario.ask('/Explain')
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ verdict: 'accepted' })
    expect(text).not.toContain(alice)
  })
})
