// Whatever comes: a refusal that says why, never a 500, and the next request is served as if nothing had been.
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentParameters, overrideParameters } from '../src/calls/parameters.ts'
import { middleTierVariables, problemOf, type Scenario, startScenario } from './scenario.ts'

let scenario: Scenario
let token: string
beforeAll(async () => {
  const variables = {
    Sidecar__AllowOverrides__GetAuthorizationHeaderUnauthenticated: 'true',
    Sidecar__AllowOverrides__CallDownstreamApiUnauthenticated: 'true',
    Sidecar__MaxRequestBodyBytes: '1000',
  }
  // A host that has none of the managed identities that are asked for.
  scenario = await startScenario(variables, (emulator, url) => ({
    ...middleTierVariables(emulator, url),
    IDENTITY_ENDPOINT: `${url}/api/refused`,
    IDENTITY_HEADER: 'inside',
  }))
  token = await scenario.token()
})
afterAll(() => scenario.stop())
afterEach(async () => {
  expect((await scenario.ask('/AuthorizationHeader/todo', { token })).status).toBe(200)
  expect(scenario.log.join('')).not.toMatch(/unexpected|eyJ/)
})

/** Sends bytes as they are, and gives all that comes back until the server ends the connection. */
function send(bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(scenario.url)
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setEncoding('utf8').on('data', (piece: string) => (got += piece))
    socket.on('close', () => resolve(got)).on('error', reject)
  })
}

const head = (line: string, ...more: string[]): string =>
  [line, 'Host: localhost', 'Connection: close', ...more, '', ''].join('\r\n')

describe('bytes', () => {
  it.each([
    ['of the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['of TLS', Buffer.from('160301020001000001fc0303', 'hex'), 400],
    ['of another version', head('GET /Validate HTTP/9.9'), 400],
    ['without a Host', 'GET /Validate HTTP/1.0\r\n\r\n', 400],
    ['with an empty Host', 'GET /Validate HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n', 400],
    ['with a zero in a header', head('GET /Validate HTTP/1.1', 'X: a\0b'), 400],
    ['with a header that is folded', head('GET /Validate HTTP/1.1', 'X: a', ' b'), 400],
    ['with a blank before the colon', head('GET /Validate HTTP/1.1', 'X : a'), 400],
    ['with a line feed alone', 'GET /Validate HTTP/1.1\nHost: localhost\n\n', 400],
    [
      'with a length and chunks',
      head('POST /DownstreamApi/todo HTTP/1.1', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
      400,
    ],
    ['with a length that is none', head('POST /DownstreamApi/todo HTTP/1.1', 'Content-Length: -1'), 400],
    [
      'with a coding that nobody knows',
      head('POST /DownstreamApi/todo HTTP/1.1', 'Transfer-Encoding: x'),
      400,
    ],
    [
      'with chunks that are none',
      `${head('POST /DownstreamApiUnauthenticated/todo HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`,
      400,
    ],
    ['that ask for everything', head('OPTIONS * HTTP/1.1'), 400],
    ['for a method of nobody', head('BREW /Validate HTTP/1.1'), 400],
    ['for a path in another form', head('GET Validate HTTP/1.1'), 400],
    ['with an expectation that nobody meets', head('GET /Validate HTTP/1.1', 'Expect: wonders'), 417],
    ['that are too many in a path', head(`GET /${'x'.repeat(70_000)} HTTP/1.1`), 431],
  ])('%s', async (_, bytes, status) => {
    expect(await send(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it('of a tunnel end the connection', async () => {
    expect(await send(head('CONNECT evil.example:443 HTTP/1.1'))).toMatch(/^$|^HTTP\/1.1 4/)
  })

  it('of another protocol on the same connection are no matter', async () => {
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket']
    expect(await send(head('GET /healthz HTTP/1.1', ...upgrade))).toMatch(/^HTTP\/1.1 200 /)
  })
})

describe('an Authorization field', () => {
  it.each([
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    'bearer',
    'PoP abc',
    'Bearer ..',
    'Bearer "x"',
    '\u00ff',
  ])('of %j is 401 or 400', async (authorization) => {
    for (const path of ['/Validate', '/AuthorizationHeader/todo', '/DownstreamApi/todo', '/Proxy/todo/x']) {
      const response = await scenario.ask(path, { token: null, headers: { authorization } })
      expect([400, 401], path).toContain(response.status)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  it('that is there twice is refused', async () => {
    const twice = ['Authorization: Bearer a', 'Authorization: Bearer b']
    expect(await send(head('GET /Validate HTTP/1.1', ...twice))).toMatch(/^HTTP\/1.1 40[01] /)
  })
})

describe('a path', () => {
  it.each([
    ['/AuthorizationHeader/', 404],
    ['/AuthorizationHeader//', 404],
    ['//Validate', 404],
    ['/Validate/x', 404],
    ['/AuthorizationHeader/%00', 400],
    ['/AuthorizationHeader/..%2fValidate', 400],
    ['/AuthorizationHeader/__proto__', 400],
    ['/AuthorizationHeader/constructor', 400],
    ['/AuthorizationHeader/%E0%A4%A', 400],
    [`/AuthorizationHeader/${'x'.repeat(2_000)}`, 400],
    ['/Proxy/todo/..%2f..%2fx', 400],
    ['/Proxy/todo/%252e%252e/x', 400],
    ['/Proxy/unknown/x', 400],
  ])('%s is %i', async (path, status) => {
    const response = await scenario.ask(path, { token })
    expect(await problemOf(response)).toMatchObject({ status })
    expect(response.status).toBe(status)
  })
})

it('another method than a route has is 405, and the answer names those that it has', async () => {
  const { paths } = (await (await scenario.ask('/openapi/v1.json')).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  for (const [path, operations] of Object.entries(paths))
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      if (Object.keys(operations).includes(method.toLowerCase())) continue
      const response = await scenario.ask(path.replace(/\{.*\}/, 'todo'), { method, token })
      expect(response.status, `${method} ${path}`).toBe(405)
      const allowed = response.headers.get('allow')?.toLowerCase().split(', ')
      expect(allowed?.sort()).toEqual(Object.keys(operations).sort())
    }
})

describe('a query', () => {
  const names = [...agentParameters, ...overrideParameters].map(({ name, kind }) =>
    kind === 'names' ? `${name}X` : name,
  )

  it.each(names.filter((name) => name !== 'optionsOverride.Scopes'))('with %s twice is 400', async (name) => {
    const query = `${name.toUpperCase()}=1&${name}=1`
    const response = await scenario.ask(`/AuthorizationHeader/todo?${query}`, { token })
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      detail: expect.stringContaining(name.slice(0, 40)),
    })
  })

  it('with too many parameters is 400', async () => {
    const query = Array.from({ length: 201 }, (_, at) => `a${at}=1`).join('&')
    expect((await scenario.ask(`/AuthorizationHeader/todo?${query}`, { token })).status).toBe(400)
  })

  it('of any kind is served, or refused in words', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        'true',
        'false',
        '',
        ' ',
        '%',
        '%zz',
        '%00',
        '%0d%0a',
        '..',
        '/',
        'null',
        '__proto__',
        '{}',
      ),
      fc.constantFrom('GET', 'api://a/x', 'a@b', 'f0000000-0000-4000-8000-000000000001', '%F0%9F%92%A9'),
      fc.string({ maxLength: 40 }).map(encodeURIComponent),
      fc
        .string({
          maxLength: 20,
          unit: fc.constantFrom(...'% & = + ; , ? [ ] { } | \\ ^ ~ < > " \''.split(' ')),
        })
        .map((text) => text.replaceAll('#', '')),
    )
    const pair = fc
      .tuple(fc.constantFrom(...names, 'optionsOverride.Nothing', 'x'), value)
      .map((each) => each.join('='))
    const query = fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) => pairs.join('&'))
    const path = fc
      .constantFrom('AuthorizationHeader', 'DownstreamApi')
      .chain((name) => fc.constantFrom(`/${name}/todo`, `/${name}Unauthenticated/todo`))
    await fc.assert(
      fc.asyncProperty(path, query, async (at, asked) => {
        const response = await scenario.ask(`${at}?${asked}`, { token })
        await response.arrayBuffer()
        expect([200, 400, 401, 403], asked).toContain(response.status)
      }),
      { numRuns: 150 },
    )
  })
})
