// What the sign-in log tells of a request is what was written down, for requests of every kind: its words, its chain, its command and its test.
// `npx vitest run --project emulator packages/emulator/test/portal/written -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Consent, Policy, RequestRecord } from '../../../src/index.ts'
import { chainOf } from '../../../src/portal/log/chain.tsx'
import { curlOf } from '../../../src/portal/log/curl.ts'
import { tabs, type Tab } from '../../../src/portal/log/detail.tsx'
import { groupSignIns } from '../../../src/portal/log/groups.ts'
import { LogPage } from '../../../src/portal/log/log-page.tsx'
import { parseQuery } from '../../../src/portal/log/query.ts'
import { whyNotReplayable } from '../../../src/portal/log/replay.ts'
import { drawSignIn } from '../../../src/portal/log/story.ts'
import { vitestOf } from '../../../src/portal/log/vitest-source.ts'
import { changedLines, readPage } from '../../readable.ts'
import { render } from '../../ui/markup.ts'

type Changes = Partial<RequestRecord>

const obo = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const secret = { client_id: 'web-id', client_secret: '••• 9 characters' }
const userToken = {
  ...{ aud: 'api-id', azp: 'web-id', oid: 'alice-id', tid: 'tenant-id', scp: 'Read  Write', uti: 'first' },
  ...{ iat: 1_767_323_000, exp: 1_767_326_600, xms_cc: ['cp1', 7], amr: ['pwd', 'mfa'] },
}
const appToken = {
  ...{ aud: 'api-id', appid: 'daemon-id', oid: 'daemon-oid', idtyp: 'app', tid: 'tenant-id', uti: 'second' },
  ...{ roles: ['All', 'More', 7], iat: 1_767_323_000, exp: 1_767_323_090 },
}
const graphToken = { aud: 'graph-id', scp: 'User.Read', uti: 'third', iat: 1_767_323_000, exp: 1_767_323_044 }
const byPage: Changes = {
  endpoint: 'authorize',
  method: 'GET',
  path: '/t/oauth2/v2.0/authorize',
  status: 302,
}
const byForm = (name: string): Changes => ({ endpoint: 'interaction', path: `/t/${name}`, status: 302 })
const graph: Changes = { endpoint: 'graph', method: 'GET', path: '/v1.0/me', presented: graphToken }
const passed = (name: string) => ({ name, verdict: 'passed' }) as const

const kinds: readonly (readonly [name: string, changes: Changes])[] = [
  [
    'a silent sign-in',
    { ...byPage, parameters: { prompt: 'none', client_id: 'web-id' }, clientId: 'web-id', sessionId: 's' },
  ],
  [
    'a sign-in that waits for consent',
    {
      ...{ ...byPage, status: 200, shown: 'consent page', application: 'Web', user: 'alice@contoso.example' },
      checks: [
        passed('client'),
        { name: 'consent', verdict: 'asked', expected: 'Read.' },
        { name: 'code', verdict: 'not_reached' },
      ],
    },
  ],
  [
    'a sign-in that waits for nothing that is named',
    { ...byPage, status: 200, checks: [{ name: 'user', verdict: 'asked', actual: 'nobody' }] },
  ],
  [
    'an authorization request that was posted',
    { ...byPage, method: 'POST', shown: 'query of http://localhost' },
  ],
  [
    'a sign-in that was refused',
    {
      ...{
        ...byPage,
        status: 400,
        error: [50011, 'Second'],
        parameters: { redirect_uri: 'http://x' },
        tenant: 'Contoso',
      },
      response: { error_description: 'AADSTS50011: No such redirect URI. Trace ID: x' },
      checks: [{ name: 'redirect_uri', verdict: 'failed', expected: 'http://a', actual: 'http://x' }],
    },
  ],
  ...['login', 'account', 'consent', 'approve', 'register', 'other'].map(
    (name) => [`the form ${name}`, byForm(name)] as const,
  ),
  [
    'a code that was redeemed',
    {
      ...{
        grantType: 'authorization_code',
        issued: userToken,
        idToken: { aud: 'web-id', nonce: 'n' },
        traceId: 'trace-1',
      },
      ...{
        correlationId: 'of this sign-in',
        user: 'alice@contoso.example',
        application: 'Web',
        resource: 'API',
      },
      parameters: { ...secret, code: '••• 99 characters' },
      checks: [
        { name: 'client_authentication', verdict: 'passed', expected: 'a secret', actual: 'a secret' },
      ],
    },
  ],
  [
    'a refresh',
    {
      grantType: 'refresh_token',
      user: 'bob',
      clientId: 'web-id',
      resource: 'API',
      parameters: { refresh_token: '••• 9 characters' },
    },
  ],
  [
    'a refresh that was refused',
    {
      grantType: 'refresh_token',
      status: 400,
      error: [65001],
      checks: [{ name: 'consent', verdict: 'failed', actual: 'none' }],
    },
  ],
  [
    'an exchange on behalf of a user',
    {
      ...{
        grantType: obo,
        clientId: 'web-id',
        application: 'Web',
        resource: 'API',
        presented: userToken,
        amr: ['pwd', 'mfa'],
      },
      ...{
        user: 'alice@contoso.example',
        issued: { ...graphToken, amr: ['pwd'], ver: '2.0' },
        response: { token_type: 'Bearer' },
      },
      ...{
        parameters: {
          ...secret,
          assertion: '••• 900 characters',
          scope: "it's/a.scope",
          requested_token_use: 'on_behalf_of',
        },
      },
      ...{ headers: { origin: 'http://localhost:5000', 'user-agent': 'curl' } },
      checks: [
        { name: 'client_authentication', verdict: 'passed', actual: 'a certificate' },
        { name: 'consent', verdict: 'passed', actual: 'given' },
        { name: 'policies', verdict: 'passed', expected: 'pwd' },
      ],
      policyResults: [
        { id: 'on', name: 'On', verdict: 'met', because: 'mfa is there' },
        { id: 'off', name: 'Off', verdict: 'off' },
        { id: 'gone', name: 'Gone', verdict: 'not_applied', because: 'it is for others' },
      ],
    },
  ],
  [
    'an exchange that policies refused',
    {
      ...{
        grantType: obo,
        clientId: 'web-id',
        status: 400,
        error: [50076],
        policies: ['On', 'Second'],
        presented: userToken,
      },
      ...{
        response: { error: 'interaction_required' },
        parameters: { ...secret, assertion: '••• 900 characters' },
      },
      checks: [
        { name: 'policies', verdict: 'failed', expected: 'amr with mfa', actual: 'pwd' },
        { name: 'token', verdict: 'not_reached' },
      ],
      policyResults: [
        { id: 'gone', name: 'Other', verdict: 'met', because: 'fine' },
        { id: 'on', name: 'On', verdict: 'unmet', because: 'it demands mfa.' },
      ],
    },
  ],
  [
    'an exchange that a policy refused without a reason',
    {
      grantType: obo,
      status: 400,
      error: [53003],
      policies: ['On'],
      policyResults: [],
      checks: [{ name: 'policies', verdict: 'failed' }],
    },
  ],
  [
    'an exchange of what is too old',
    {
      grantType: obo,
      presented: { ...userToken, exp: 1_767_322_985 },
      clientId: 'web-id',
      parameters: { assertion: '••• 9 characters' },
    },
  ],
  ['an exchange of what nobody can mint', { grantType: obo, presented: { aud: 'api-id' }, parameters: {} }],
  [
    'an exchange by a certificate',
    { grantType: obo, presented: userToken, parameters: { client_assertion: '••• 9 characters' } },
  ],
  [
    'a token without a client',
    { grantType: 'client_credentials', parameters: { client_secret: '••• 9 characters', scope: 'x' } },
  ],
  [
    'a token of an application',
    {
      ...{
        grantType: 'client_credentials',
        clientId: 'daemon-id',
        application: 'Daemon',
        resource: 'API',
        issued: appToken,
      },
      ...{
        parameters: {
          client_id: 'daemon-id',
          client_secret: '••• 9 characters',
          scope: 'api-id/.default',
          claims: 'a\nb',
        },
      },
      checks: [passed('client'), { name: 'client_authentication', verdict: 'passed', actual: 'nothing' }],
    },
  ],
  [
    'a token by a secret that is wrong',
    {
      grantType: 'client_credentials',
      status: 401,
      error: [7000215],
      checks: [{ name: 'client_authentication', verdict: 'failed', expected: 'a secret' }],
    },
  ],
  [
    'a token request whose scope was long',
    { grantType: 'client_credentials', parameters: { scope: 'x…', client_id: 'y' } },
  ],
  [
    'a device code that was redeemed',
    { grantType: 'device_code', issued: { aud: 'other', roles: [], scp: '' } },
  ],
  [
    'a user account of an agent',
    { grantType: 'user_fic', agent: 'Helper', issued: { roles: ['One'], scp: 'Two' } },
  ],
  ['a password', { grantType: 'password', clientId: 'web-id', user: 'carol@fabrikam.example' }],
  ['a grant that nobody knows', { grantType: 'magic', status: 400, error: [70003] }],
  ['a token request without a grant', { grantType: undefined, status: 400, error: [] }],
  ['Graph, read with a token', { ...graph, parameters: { $select: 'id', $top: '1' }, application: 'Web' }],
  ['Graph, read as an application', { ...graph, path: '/graph/v1.0/users', presented: appToken }],
  [
    'Graph, without a token',
    { ...graph, presented: undefined, status: 401, error: ['InvalidAuthenticationToken'] },
  ],
  [
    'Graph, refused',
    {
      ...graph,
      presented: userToken,
      status: 403,
      error: ['Authorization_RequestDenied'],
      checks: [{ name: 'permissions', verdict: 'failed', expected: 'User.Read.All', actual: 'User.Read' }],
    },
  ],
  [
    'Graph, written to',
    { ...graph, method: 'POST', status: 201, presented: { app_displayname: 'Named in its token', uti: '' } },
  ],
  ['userinfo', { endpoint: 'userinfo', method: 'GET', path: '/oidc/userinfo', presented: userToken }],
  [
    'a sign-out',
    { endpoint: 'logout', method: 'GET', path: '/t/oauth2/v2.0/logout', shown: 'signed-out page' },
  ],
  ['metadata', { endpoint: 'discovery', method: 'GET', path: '/t/v2.0/.well-known/openid-configuration' }],
  ['keys', { endpoint: 'keys', method: 'GET', path: '/t/discovery/v2.0/keys' }],
  [
    'a device code',
    {
      endpoint: 'devicecode',
      path: '/t/oauth2/v2.0/devicecode',
      clientId: 'web-id',
      parameters: { scope: 'Read' },
    },
  ],
  [
    'cut off',
    {
      grantType: obo,
      status: undefined,
      checks: [{ name: 'fault', verdict: 'failed', expected: 'no fault', actual: 'one' }],
    },
  ],
  ['a fault', { grantType: obo, status: 503, checks: [{ name: 'fault', verdict: 'failed', actual: 'one' }] }],
  ['an error without a check', { grantType: obo, status: 500, response: { error_description: '' } }],
  [
    'an error with a code of words',
    { grantType: obo, status: 400, error: ['Words'], response: { error_description: 'What happened' } },
  ],
]
const records = kinds.map(([, changes], index): RequestRecord => ({
  ...{
    id: `r${String(index + 1)}`,
    sequence: index + 1,
    durationMs: index,
    endpoint: 'token',
    method: 'POST',
  },
  ...{ path: '/t/oauth2/v2.0/token', time: `2026-01-02T03:04:${String(index + 10)}.678Z`, status: 200 },
  ...changes,
}))

const names: Readonly<Record<string, string>> = { 'api-id': 'API', 'graph-id': 'Graph', 'web-id': 'Web' }
const nameOf = (id: string): string => names[id] ?? id
const policy = (id: string, enabled: boolean): Policy => ({
  id,
  enabled,
  name: id,
  kind: 'block',
  resource: 'all',
})
const consent = (clientId: string): Consent => ({
  tenantId: 'tenant-id',
  clientId,
  resourceId: 'api-id',
  scopes: ['Read'],
})
const circumstances = {
  policies: [policy('on', true), policy('off', false), policy('later', true)],
  consents: [consent('web-id'), consent('other-id')],
}

function page(record: RequestRecord, signIn: readonly RequestRecord[], tab: Tab): Promise<string> {
  return render(
    <LogPage
      {...{ query: 'x', sequence: 99, isLive: false, signIns: [] }}
      detail={{
        ...{ record, tab, query: 'x', fields: { form: 'proof', action: 'x', back: 'y', kept: 'z' } },
        chain: chainOf(record, signIn, nameOf),
        signIn: drawSignIn(record, signIn, nameOf),
        cures: record.status === 400 ? [{ action: 'do it', label: 'Do it' }] : [],
        whyNotReplayable: whyNotReplayable(record),
        curl: curlOf(record, 'http://localhost'),
        vitest: vitestOf(record, circumstances),
        enabledPolicies: new Set(['on']),
      }}
    />,
  )
}

/** The first tab whole, and of the others what is only there. */
async function tell(record: RequestRecord, signIn: readonly RequestRecord[]): Promise<string> {
  const [first = [], ...others] = await Promise.all(
    tabs.map(async (tab) => readPage(await page(record, signIn, tab), 'article')),
  )
  const own = others.flatMap((lines, index) => {
    const tab = tabs[index + 1]
    const added = changedLines(first, lines).filter(
      (line) => line.startsWith('+') && !line.includes(', here)'),
    )
    return tab === 'raw' || added.length === 0 ? [] : [`${tab ?? ''}:`, ...added.map((line) => line.slice(2))]
  })
  return [...first, ...own]
    .join('\n')
    .replaceAll(/\(\/_emulator\/log\/r\d+\?q=x&tab=(\w+)#tab-\1((?:, here)?)\)/g, '$2')
}

const file = (name: string): string => fileURLToPath(new URL(`${name}.txt`, import.meta.url))

it('one by one', async () => {
  const told = await Promise.all(
    records.map(async (record, index) => `——— ${kinds[index]?.[0] ?? ''}\n${await tell(record, [record])}`),
  )
  await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot(file('requests'))
})

const story = [
  { ...byPage, application: 'Web', user: 'alice@contoso.example', sessionId: '' },
  { ...byForm('login'), application: 'Web', sessionId: 'session-of-alice' },
  { ...byForm('approve'), application: 'Web' },
  { ...byForm('register'), application: 'Web' },
  { ...byForm('consent'), application: 'Web' },
  { grantType: 'authorization_code', clientId: 'web-id', application: 'Web', issued: userToken },
  { endpoint: 'keys', method: 'GET', path: '/keys' },
  { grantType: obo, application: 'API', presented: userToken, issued: { ...userToken, uti: 'second' } },
  { ...graph, application: 'API' },
  {
    grantType: obo,
    clientId: 'third-id',
    presented: { uti: 'second' },
    issued: { uti: 'fourth', aud: 'graph-id' },
  },
  {
    grantType: obo,
    application: 'Fourth',
    status: 400,
    error: [50013],
    checks: [{ name: 'assertion', verdict: 'failed' }],
  },
  ...Array.from({ length: 4 }, () => ({ grantType: 'refresh_token', application: 'Web' })),
  { endpoint: 'graph', method: 'GET', path: '/v1.0/me', presented: { app_displayname: 'Named' } },
].map((changes, index): RequestRecord => ({
  ...{
    id: `s${String(index + 1)}`,
    sequence: index + 1,
    durationMs: index,
    endpoint: 'token',
    method: 'POST',
  },
  ...{
    path: '/t/token',
    time: `2026-01-02T03:04:${String(index + 10)}.678Z`,
    status: 200,
    correlationId: 'one',
  },
  ...(changes as Changes),
}))

it('as the story of a sign-in, from its first request to its last', async () => {
  const told: string[] = []
  for (const count of [1, 5, 6, 9, 10, 11, 13, 14, story.length]) {
    const last = story[count - 1]!
    const lines = readPage(await page(last, story, 'chain'), 'article')
    const drawing = lines.slice(lines.findIndex((line) => line.startsWith('nav')) + 2)
    told.push([`——— up to request ${String(count)}`, ...drawing].join('\n'))
  }
  await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot(file('story'))
})

const tellList = async (
  query: string,
  found: readonly RequestRecord[],
  selected?: RequestRecord,
): Promise<string> => {
  const signIns = groupSignIns(found).filter((signIn) => signIn.records.some(parseQuery(query)))
  const html = await render(
    <LogPage
      {...{ query, signIns, sequence: 7, isLive: true }}
      detail={
        selected && {
          ...{
            record: selected,
            tab: 'raw',
            query,
            fields: {},
            cures: [],
            curl: '',
            enabledPolicies: new Set(),
          },
          ...{ chain: chainOf(selected, found, nameOf), signIn: drawSignIn(selected, found, nameOf) },
        }
      }
    />,
  )
  const lines = readPage(html, 'section')
  return lines.slice(lines.findIndex((line) => line.endsWith('# Sign-in log'))).join('\n')
}

it('as a list, newest first, and of a long sign-in the newest, the wanted and the open ones', async () => {
  const told = [
    `——— one of each kind\n${await tellList('', records)}`,
    `——— a long sign-in\n${await tellList('', story)}`,
    `——— the same, when it is asked for Graph\n${await tellList('flow:graph', story)}`,
    `——— the same, with its first request open\n${await tellList('', story, story[0])}`,
  ]
  for (const count of [1, 2, 5, 8, 10])
    told.push(`——— its first ${String(count)}\n${await tellList('', story.slice(0, count))}`)
  await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot(file('request-lists'))
})

it('as what a query finds', async () => {
  const queries = [
    ...[
      'alice',
      'ALICE',
      '-alice',
      'user:alice',
      'user:helper',
      '-user:alice',
      'app:web',
      'app:web-id',
      'app:daemon',
    ],
    ...[
      'flow:graph',
      'flow:discovery',
      'flow:keys',
      'flow:on-behalf',
      'flow:interactive',
      'flow:code',
      'flow:app',
    ],
    ...['result:cut', 'result:refused', 'result:refuse', 'result:asked', 'result:issued', 'result:answered'],
    ...[
      'code:50076',
      'code:5007',
      'code:200',
      'code:Words',
      'api:API',
      'policy:second',
      'session:s',
      'session:',
    ],
    ...['correlation:this', 'correlation:"of this sign-in"', 'token:first', 'token:second', 'trace-1', 'r12'],
    ...[
      'consent page',
      '"consent page"',
      'http://localhost',
      'user:alice flow:code',
      'user:alice -flow:code',
    ],
    ...[
      'magic',
      '/t/login',
      'other:thing',
      'constructor:x',
      'USER:alice',
      'user:"alice@contoso.example"',
      '',
    ],
  ]
  const lines = queries.map((query) => {
    const isWanted = parseQuery(query)
    const found = records.flatMap((record, index) => (isWanted(record) ? [kinds[index]?.[0] ?? ''] : []))
    const all = found.length > 12 ? [`${String(found.length)} of ${String(records.length)}`] : found
    return `${query}\n${all.map((name) => `  ${name}`).join('\n')}`
  })
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(file('queries'))
})
