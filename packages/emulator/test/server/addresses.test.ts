// Every address of the emulator, asked with nothing but itself, and what the log knows of requests, are what was written down.
// `npx vitest run --project emulator packages/emulator/test/server/addresses.test.ts -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { routes } from '../../src/server/server.ts'
import { withoutChance } from '../decisions.ts'
import {
  accessAsUser,
  agent,
  alice,
  bob,
  contoso,
  daemon,
  daemonSecret,
  graph,
  middleTier,
  onBehalfOf,
  signInToWebClient,
  todoApi,
  webClient,
} from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ clock: { now: () => Date.parse('2026-05-04T03:02:01Z') } })
})
afterAll(() => emulator.stop())

const file = (name: string): string => fileURLToPath(new URL(`written/${name}.txt`, import.meta.url))
const told = [
  ...['content-type', 'cache-control', 'location', 'allow', 'www-authenticate', 'retry-after'],
  ...['access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers'],
  ...['access-control-expose-headers', 'access-control-max-age'],
]
const ids: Readonly<Record<string, string>> = { tenant: contoso, user: alice, name: 'favicon.svg' }

async function ask(method: string, path: string, init: RequestInit = {}): Promise<string> {
  const before = emulator.requests.list().at(-1)?.sequence ?? 0
  const response = await fetch(emulator.origin + path, { method, redirect: 'manual', ...init })
  const { status, headers } = response
  const type = headers.get('content-type') ?? ''
  const body = type.includes('json') && status >= 400 ? await response.text() : ''
  if (body === '') await response.body?.cancel()
  const records = emulator.requests.list({ since: before })
  const lines = [
    `${String(status)} ${told.flatMap((name) => (headers.has(name) ? [`${name}: ${headers.get(name) ?? ''}`] : [])).join(' | ')}`,
    ...(body === '' ? [] : [body.slice(0, 300)]),
    ...records.map(({ endpoint, error = [], checks = [] }) =>
      `recorded as ${endpoint} ${error.join(' ')} ${checks.map(({ name, verdict }) => `${name}:${verdict}`).join(' ')}`.trimEnd(),
    ),
  ]
  return lines.map((line) => `  ${line}`).join('\n')
}

/** The same answer as that of an address before it is told by that address. */
function eachAnswerOnce(text: string): string {
  const first = new Map<string, string>()
  return text
    .split(/\n(?! )/)
    .map((part) => {
      const [asked = '', ...answer] = part.split('\n')
      const known = first.get(answer.join('\n'))
      first.set(answer.join('\n'), known ?? asked)
      return known === undefined ? part : `${asked}: as ${known}`
    })
    .join('\n')
}

it('each address', async () => {
  const parts: string[] = []
  for (const [methods, pattern] of routes)
    for (const method of methods.split(' ')) {
      const path = pattern
        .replaceAll(/:(\w+)(\{[^}]*\})?\??/g, (_, name: string) => ids[name] ?? 'x')
        .replace('*', 'x')
      parts.push(`${method} ${pattern}\n${await ask(method, path)}`)
      if (!/^\/(?:_emulator|portal|error|$)/.test(pattern)) {
        const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' }
        parts.push(`${method} ${pattern} from a page\n${await ask(method, path, { headers })}`)
      }
    }
  for (const [method, path] of [
    ['GET', '/nowhere'],
    ['PUT', `/${contoso}/oauth2/v2.0/authorize`],
    ['GET', `/${contoso.toUpperCase()}/OAUTH2/V2.0/TOKEN`],
    ['HEAD', '/'],
  ] as const)
    parts.push(`${method} ${path}\n${await ask(method, path)}`)
  const text = withoutChance(parts.join('\n'), emulator.origin)
  await expect(`${eachAnswerOnce(text)}\n`).toMatchFileSnapshot(file('addresses'))
})

it('what the log knows of a request', async () => {
  const token = (await signInToWebClient(emulator)).body
  const access = token['access_token'] as string
  const refresh = token['refresh_token'] as string
  const forged = (claims: object): string =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.e30`
  const mint = (changes: object) => emulator.mint({ client: middleTier, audience: graph, ...changes })
  const tokenPath = `/${contoso}/oauth2/v2.0/token`
  const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
    ...{ method: 'POST', body: new URLSearchParams(fields), headers },
  })
  const bearer = (value: string): RequestInit => ({ headers: { authorization: value } })
  const basic = `Basic ${Buffer.from(`${daemon}:${daemonSecret}`).toString('base64')}`
  const credentials = { grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret }
  const scope = `api://${todoApi}/.default`
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const requests: readonly (readonly [name: string, path: string, init?: RequestInit])[] = [
    ['a token', tokenPath, form({ ...credentials, scope })],
    ['a token by v1', tokenPath.replace('/v2.0', ''), form({ ...credentials, resource: `api://${todoApi}` })],
    [
      'a token by v1 for nothing',
      tokenPath.replace('/v2.0', ''),
      form({ ...credentials, resource: 'nothing' }),
    ],
    ['a token with a resource', tokenPath, form({ ...credentials, resource: `api://${todoApi}` })],
    ['a token with a resource beside its scope', tokenPath, form({ ...credentials, scope, resource: graph })],
    ['a token for Graph', tokenPath, form({ ...credentials, scope: 'openid  User.Read' })],
    ['a token for nothing but a user', tokenPath, form({ ...credentials, scope: 'openid profile' })],
    ['a token for an API that there is not', tokenPath, form({ ...credentials, scope: 'api://nothing/x' })],
    [
      'a token by a header',
      tokenPath,
      form({ grant_type: 'client_credentials', scope }, { authorization: basic }),
    ],
    ['a token by a header of another kind', tokenPath, form({ scope }, { authorization: 'Basic' })],
    ['a token on behalf of a user', tokenPath, form(onBehalfOf(access))],
    ['a token on behalf of nobody', tokenPath, form(onBehalfOf(forged({ oid: 7 })))],
    [
      'a refresh',
      tokenPath,
      form({ grant_type: 'refresh_token', client_id: webClient, refresh_token: refresh }),
    ],
    [
      'a refresh of nothing',
      tokenPath,
      form({ grant_type: 'refresh_token', client_id: webClient, refresh_token: 'x' }),
    ],
    [
      'a password',
      tokenPath,
      form({ grant_type: 'password', client_id: webClient, username: bob, password: 'x' }),
    ],
    [
      'a password of an id',
      tokenPath,
      form({ grant_type: 'password', client_id: webClient, user_id: 'c0000000-0000-4000-8000-0000000000b1' }),
    ],
    ['an account of an agent', tokenPath, form({ grant_type: 'user_fic', client_id: agent, username: bob })],
    [
      'an account of an agent by its id',
      tokenPath,
      form({ grant_type: 'user_fic', client_id: agent, user_id: 'c0000000-0000-4000-8000-0000000000e1' }),
    ],
    ['a name where none belongs', tokenPath, form({ ...credentials, username: bob })],
    ['an agent', tokenPath, form({ ...credentials, client_id: agent, scope })],
    ['for an agent', tokenPath, form({ ...credentials, fmi_path: agent, scope })],
    ['an empty form', tokenPath, { method: 'POST' }],
    ['JSON', tokenPath, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    [
      'a correlation in the form',
      tokenPath,
      form({ ...credentials, scope, 'client-request-id': 'in the form' }),
    ],
    [
      'a correlation in the address',
      `${tokenPath}?client-request-id=in+the+address`,
      form({ ...credentials, scope }),
    ],
    [
      'a correlation in both',
      `${tokenPath}?client-request-id=in+the+address`,
      form({ ...credentials, scope, 'client-request-id': 'in the form' }),
    ],
    [
      'a correlation in a header',
      tokenPath,
      form({ ...credentials, 'client-request-id': 'in the form' }, { 'client-request-id': 'in a header' }),
    ],
    ['a token in its names', tokenPath, form({ ...credentials, client_id: access, scope: access })],
    [
      'a long name',
      tokenPath,
      form({ ...credentials, client_id: 'x'.repeat(300), grant_type: 'y'.repeat(201) }),
    ],
    ['a trace', `/${contoso}/v2.0/.well-known/openid-configuration`, { headers: { traceparent: trace } }],
    [
      'a trace that is none',
      `/${contoso}/v2.0/.well-known/openid-configuration`,
      { headers: { traceparent: `x${trace}` } },
    ],
    [
      'an authorization request',
      `/${contoso}/oauth2/v2.0/authorize?client_id=${webClient}&state=${'s'.repeat(500)}&code_verifier=secret`,
    ],
    ['an authorization request of nobody', `/${contoso}/oauth2/v2.0/authorize?client_id=${agent}`],
    ['a device', `/${contoso}/oauth2/v2.0/devicecode`, form({ client_id: webClient, scope: accessAsUser })],
    ['Graph', '/v1.0/me?$select=id', bearer(`Bearer ${await mint({ user: alice, scopes: ['User.Read'] })}`)],
    [
      'Graph, in another case',
      '/V1.0/me',
      bearer(`bearer  ${await mint({ user: alice, scopes: ['User.Read'] })}`),
    ],
    ['Graph, as an application', '/v1.0/users', bearer(`Bearer ${await mint({ roles: ['User.Read.All'] })}`)],
    ['Graph, without a token', '/v1.0/me'],
    ['Graph, by another proof', '/v1.0/me', bearer(basic)],
    ['Graph, by what is no token', '/v1.0/me', bearer('Bearer nonsense')],
    ['Graph, by somebody unknown', '/v1.0/me', bearer(`Bearer ${forged({ oid: 'nobody', appid: 7 })}`)],
    ['Graph, as an agent', '/v1.0/me', bearer(`Bearer ${forged({ oid: 7, appid: agent })}`)],
    ['Graph, with many claims', '/v1.0/me', bearer(`Bearer ${forged({ x: 'y'.repeat(10_000) })}`)],
    ['Graph, at a long address', `/v1.0/${'z'.repeat(400)}`, bearer(`Bearer ${forged({})}`)],
    ['Graph, with a token in the address', `/v1.0/${access}`],
    [
      'a form that a page posts',
      `/${contoso}/login`,
      form({ username: bob, password: 'x', request: 'y' }, { origin: 'http://localhost:3000', referer: 'z' }),
    ],
    [
      'a batch',
      '/v1.0/$batch',
      { method: 'POST', body: '{"requests":[]}', headers: { 'content-type': 'application/json' } },
    ],
    [
      'a form that names its charset',
      `/${contoso}/login`,
      {
        method: 'POST',
        body: 'username=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=x' },
      },
    ],
    ['a sign-out', `/${contoso}/oauth2/v2.0/logout`, form({ logout_hint: alice, state: 'x' })],
    ['userinfo', '/oidc/userinfo', bearer(`Bearer ${await mint({ user: bob, scopes: ['openid'] })}`)],
  ]
  const parts: string[] = []
  for (const [name, path, init = {}] of requests) {
    const response = await fetch(emulator.origin + path, { redirect: 'manual', ...init })
    await response.body?.cancel()
    const {
      id,
      sequence,
      time,
      durationMs,
      checks,
      response: answered,
      policyResults,
      issued,
      idToken,
      ...facts
    } = emulator.requests.list().at(-1)!
    parts.push(
      ...[name, `  ${[typeof id, typeof sequence, time, typeof durationMs].join(' ')}`],
      ...Object.entries(facts).flatMap(([member, value]) =>
        value === undefined ? [] : [`  ${member}: ${JSON.stringify(value)}`],
      ),
      `  ${String(checks?.length ?? 0)} checks, ${String(policyResults?.length ?? 'no')} policies${issued === undefined ? '' : ', a token'}${idToken === undefined ? '' : ', an id_token'}${answered === undefined ? '' : `, ${Object.keys(answered).join(' ')}`}`,
    )
  }
  const text = withoutChance(parts.join('\n'), emulator.origin)
    .replaceAll(
      /"(aio|uti|rh|sid|sub|xms_ftd|xms_st|nonce|exp|iat|nbf|code_challenge|correlation_id|trace_id|timestamp)":("[^"]*"|\d+)/g,
      '"$1":…',
    )
    .replaceAll(/••• \d+ characters/g, '••• n characters')
    .replaceAll(/(?<=(?:codeId|sessionId): )"[^"]*"/g, '…')
  await expect(`${text}\n`).toMatchFileSnapshot(file('described'))
})
