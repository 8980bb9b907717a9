// What becomes of authorization requests of every kind is what was written down: the pages, what the application gets, and what the log says of why.
// `npx vitest run --project emulator packages/emulator/test/endpoints/authorize/walks.test.ts -u` writes it anew.
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../../src/index.ts'
import { createBrowser, type Browser } from '../../browser.ts'
import { begin } from '../../device.ts'
import {
  accessAsUser,
  agent,
  alice,
  assistant,
  authorizeUrl,
  blueprint,
  bob,
  carol,
  commandLine,
  contoso,
  daemon,
  fabrikam,
  legacyApi,
  middleTier,
  password,
  signIn,
  todoApi,
  webClient,
} from '../../scenario.ts'
import { Walker, type Deed } from '../../sign-in-walk.ts'

const web = 'a0000000-0000-4000-8000-0000000000f1'
const lonely = 'a0000000-0000-4000-8000-0000000000f2'
const off = 'a0000000-0000-4000-8000-0000000000f3'
const app = 'a0000000-0000-4000-8000-0000000000f4'
const many = 'a0000000-0000-4000-8000-0000000000f5'
const home = { tenantId: contoso, publisher: 'Contoso' }
const directory: DirectoryData = {
  ...defaultDirectory,
  policies: [],
  applications: [
    ...defaultDirectory.applications,
    {
      ...{ ...home, id: web, displayName: 'Web', enableIdTokenIssuance: true, secrets: [{ value: 'x' }] },
      frontChannelLogoutUrl: 'https://web.example/out',
      redirectUris: { web: ['https://web.example/in', 'https://web.example/also'] },
      requiredResourceAccess: [
        { resourceId: todoApi, scopes: ['Tasks.ReadWrite'], roles: ['Tasks.Read.All'] },
      ],
    },
    {
      ...home,
      id: lonely,
      displayName: 'Lonely',
      redirectUris: { web: ['https://lonely.example/in?kept=1'] },
    },
    {
      ...home,
      id: off,
      displayName: 'Off',
      enabled: false,
      redirectUris: { web: ['https://off.example/in'] },
    },
    { ...home, id: app, displayName: 'App', redirectUris: { publicClient: ['msapp://auth'] } },
  ],
}

let emulator: Emulator
let walker: Walker
beforeEach(async () => {
  emulator = await createEmulator({ directory, clock: { now: () => Date.parse('2026-05-04T03:02:01Z') } })
  walker = new Walker(emulator)
})
afterEach(() => emulator.stop())

type Changes = Record<string, string | undefined>
const url = (changes: Changes = {}, tenant?: string): string => authorizeUrl(emulator, changes, tenant)
const atWeb = (changes: Changes = {}): string =>
  url({
    ...{
      client_id: web,
      redirect_uri: 'https://web.example/in',
      scope: 'openid profile',
      code_challenge: undefined,
    },
    ...{ code_challenge_method: undefined, client_info: undefined, ...changes },
  })
const v1 = (changes: Changes = {}): string => url(changes).replace('/v2.0/authorize', '/authorize')
const file = (name: string): string => fileURLToPath(new URL(`written/${name}.txt`, import.meta.url))
const expectText = async (parts: readonly string[], name: string): Promise<void> => {
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot(file(name))
}
/** A browser in which these have signed in. */
const browserOf = async (...usernames: readonly string[]): Promise<Browser> => {
  const browser = createBrowser(emulator.origin)
  for (const username of usernames) await signIn(browser, url({ prompt: 'login' }), { username })
  return browser
}

it('one request each', async () => {
  const challenge = 'a'.repeat(43)
  const requests: readonly (readonly [name: string, url: string])[] = [
    ['no client', url({ client_id: undefined })],
    ['a client that is no GUID', url({ client_id: 'client' })],
    ['a client that there is not', url({ client_id: '99999999-0000-4000-8000-000000000009' })],
    ['a client of another tenant', url({ client_id: daemon }, fabrikam)],
    ['a client that is disabled', url({ client_id: off })],
    ['an agent', url({ client_id: agent })],
    ['a client that is named twice', `${url()}&client_id=${webClient}`],
    ['a tenant that there is not', url({}, 'nowhere.example')],
    ['a tenant by its domain', url({}, 'contoso.com')],
    ['common, for an application of one tenant', url({ client_id: daemon }, 'common')],
    ['organizations', url({}, 'organizations')],
    ['consumers', url({}, 'consumers')],
    ['no redirect URI, of which there are two', url({ redirect_uri: undefined })],
    [
      'no redirect URI, of which there is one',
      url({ client_id: lonely, redirect_uri: undefined, scope: 'openid' }),
    ],
    ['no redirect URI, of which there is none', url({ client_id: daemon, redirect_uri: undefined })],
    ['another redirect URI', url({ redirect_uri: 'http://localhost:3000/other' })],
    ['a redirect URI of another port', url({ redirect_uri: 'http://localhost:4444/' })],
    ['a redirect URI, nearly', url({ client_id: lonely, redirect_uri: 'https://lonely.example/in/?kept=1' })],
    ['a redirect URI, of which there are five', url({ client_id: many, redirect_uri: 'https://x.example/' })],
    ['a redirect URI that is none', url({ redirect_uri: 'no address' })],
    [
      'a redirect URI where none is registered',
      url({ client_id: daemon, redirect_uri: 'https://x.example/' }),
    ],
    ['no response type', url({ response_type: undefined })],
    ['a response type of spaces', url({ response_type: '  ' })],
    ['an access token', url({ response_type: 'token' })],
    ['a code and an access token', url({ response_type: 'code token' })],
    ['a response type that there is not', url({ response_type: 'code magic' })],
    ['an id_token that is not registered', url({ response_type: 'id_token' })],
    ['an id_token in the query', atWeb({ response_type: 'id_token', response_mode: 'query' })],
    ['an id_token without openid', atWeb({ response_type: 'id_token', scope: 'User.Read' })],
    ['an id_token without a nonce', atWeb({ response_type: 'id_token', nonce: undefined })],
    ['an id_token', atWeb({ response_type: 'id_token' })],
    ['nothing, of a client that is no blueprint', url({ response_type: 'none' })],
    ['a code of a blueprint', url({ client_id: blueprint, redirect_uri: 'http://localhost:3000/consented' })],
    ['a response mode that there is not', url({ response_mode: 'magic' })],
    [
      'a form at an address that takes none',
      url({ client_id: app, redirect_uri: 'msapp://auth', response_mode: 'form_post' }),
    ],
    ['an address of its own kind', url({ client_id: app, redirect_uri: 'msapp://auth', scope: 'openid' })],
    ['no challenge, of a page', url({ code_challenge: undefined })],
    ['no challenge, of a server', atWeb()],
    ['a plain challenge, of a page', url({ code_challenge_method: 'plain', code_challenge: challenge })],
    ['a plain challenge, of a server', atWeb({ code_challenge: challenge })],
    ['a challenge by another method', atWeb({ code_challenge: challenge, code_challenge_method: 'S512' })],
    ['a challenge that is short', url({ code_challenge: 'a'.repeat(42) })],
    ['a challenge that is long enough', url({ code_challenge: 'a'.repeat(128) })],
    ['a challenge that is too long', url({ code_challenge: 'a'.repeat(129) })],
    ['a challenge with other letters', url({ code_challenge: `${'a'.repeat(43)}+` })],
    ['no scope', url({ scope: undefined })],
    ['an API that there is not', url({ scope: 'api://nowhere/x' })],
    ['a scope that there is not', url({ scope: `api://${todoApi}/Nothing` })],
    ['scopes of two APIs', url({ scope: `${accessAsUser} api://${todoApi}/Tasks.ReadWrite` })],
    ['two prompts, one of them none', url({ prompt: 'none login' })],
    ['a prompt that there is not', url({ prompt: 'magic' })],
    ['claims that are no JSON', url({ claims: '{' })],
    ['claims that are a list', url({ claims: '[]' })],
    ['the API as its resource', url({ resource: `api://${middleTier}` })],
    ['another API as its resource', url({ resource: `api://${todoApi}` })],
    ['v1, with a resource', v1({ resource: `api://${legacyApi}`, scope: undefined })],
    ['v1, with a resource that there is not', v1({ resource: 'api://nowhere', scope: undefined })],
    ['v1, without a resource', v1({ scope: undefined })],
    ['a hint of somebody', url({ login_hint: bob })],
    ['a hint of nobody', url({ login_hint: 'nobody@contoso.com' })],
    ['a hint of a stranger', url({ login_hint: carol }, fabrikam)],
    ['without a state, posted back', atWeb({ response_mode: 'form_post', state: undefined })],
    ['silently, without a state', url({ prompt: 'none', state: undefined })],
    ['silently, to a fragment', url({ prompt: 'none', response_mode: 'fragment' })],
    ['silently, to a form', url({ prompt: 'none', response_mode: 'form_post' })],
    [
      'silently, to an address with a query',
      url({ client_id: lonely, redirect_uri: undefined, scope: 'openid', prompt: 'none' }),
    ],
  ]
  const parts: string[] = []
  for (const [name, address] of requests) parts.push(await walker.walk(name, address))
  for (const [name, address] of [
    ['a request that is posted', url()],
    ['a request that is posted, refused', url({ scope: 'api://nowhere/x' })],
  ] as const)
    parts.push(await walker.post(name, address))
  await expectText(parts, 'requests')
})

it('sign-ins, step by step', async () => {
  const typed = (username: string, typedPassword = password): Deed => [
    'Sign in',
    { username, password: typedPassword },
  ]
  const walks: readonly (readonly [
    name: string,
    url: string,
    deeds: readonly Deed[],
    signedIn?: readonly string[],
  ])[] = [
    ['an account of the list, who consents', url(), ['AA Alice', 'Accept']],
    ['who has consented', url(), ['AA Alice']],
    ['who declines', url(), ['BB Bob', 'Decline']],
    ['a name and a password', url(), [typed(' bob@contoso.onmicrosoft.com ')]],
    ['another password', url(), [typed(alice, 'wrong'), typed(alice)]],
    ['nobody', url(), [typed('nobody'), typed('')]],
    ['the account of an agent', url(), [typed(assistant, '')]],
    [
      'somebody who is disabled',
      url(),
      [
        () => emulator.directory.setEnabled(emulator.directory.findUser(bob)!, false),
        typed(bob),
        () => emulator.directory.setEnabled(emulator.directory.findUser(bob)!, true),
      ],
    ],
    ['a stranger', url({}, fabrikam), [typed(bob)]],
    ['a guest', url(), [typed(carol)]],
    [
      'an administrator, for the organization',
      url({ client_id: commandLine, redirect_uri: 'http://localhost', code_challenge: undefined }),
      ['AA Alice', ['Accept', { organization: 'on' }]],
    ],
    [
      'somebody else, for the organization',
      atWeb({ scope: 'User.Read' }),
      ['BB Bob', ['Accept', { organization: 'on' }]],
    ],
    ['what an administrator alone may give', atWeb({ scope: 'Directory.Read.All' }), ['BB Bob']],
    ['the same, by an administrator', atWeb({ scope: 'Directory.Read.All' }), ['AA Alice', 'Accept']],
    ['everything that is registered', atWeb({ scope: `api://${todoApi}/.default` }), ['AA Alice', 'Accept']],
    ['consent that is asked for again', url({ prompt: 'consent' }), ['AA Alice', 'Accept']],
    ['a code and an id_token', atWeb({ response_type: 'code id_token' }), ['AA Alice']],
    [
      'an id_token, posted back',
      atWeb({ response_type: 'id_token', response_mode: 'form_post' }),
      ['AA Alice'],
    ],
    ['a code, in a fragment', atWeb({ response_mode: 'fragment' }), ['AA Alice']],
    [
      'a code, in the query with client_info',
      atWeb({ response_mode: 'query', client_info: '1' }),
      ['AA Alice'],
    ],
    ['v1', v1({ resource: `api://${middleTier}`, scope: undefined }), ['AA Alice']],
    [
      'a blueprint, for consent',
      url({
        client_id: blueprint,
        redirect_uri: 'http://localhost:3000/consented',
        response_type: 'none',
        scope: 'api://' + todoApi + '/Tasks.ReadWrite',
      }),
      ['BB Bob'],
    ],
    ['once more in the browser of somebody', url(), [], [bob]],
    ['silently, in the browser of somebody', url({ prompt: 'none' }), [], [alice]],
    ['silently, without consent', atWeb({ scope: 'Mail.Read', prompt: 'none' }), [], [alice]],
    [
      'silently, without consent that an administrator gives',
      atWeb({ scope: 'Directory.Read.All', prompt: 'none' }),
      [],
      [bob],
    ],
    ['silently, in the browser of two', url({ prompt: 'none' }), [], [alice, bob]],
    [
      'silently, in the browser of two, with a hint',
      url({ prompt: 'none', login_hint: alice }),
      [],
      [alice, bob],
    ],
    ['silently, with a hint of somebody else', url({ prompt: 'none', login_hint: carol }), [], [alice, bob]],
    ['in the browser of two', url(), ['AA Alice'], [alice, bob]],
    ['in the browser of two, as another', url(), ['Use another account', 'BB Bob'], [alice, bob]],
    ['in the browser of two, one of them a stranger', url({}, fabrikam), [], [alice, carol]],
    ['with a password again', url({ prompt: 'login' }), ['AA Alice'], [alice]],
    ['with a choice, in the browser of one', url({ prompt: 'select_account' }), ['AA Alice'], [alice]],
    ['with a choice, in the browser of nobody', url({ prompt: 'select_account' }), []],
    [
      'a form after an hour',
      url(),
      [() => emulator.clock.advance(3600), 'AA Alice', () => emulator.clock.reset()],
    ],
    [
      'a form after more than an hour',
      url(),
      [() => emulator.clock.advance(3600.001), 'AA Alice', () => emulator.clock.reset()],
    ],
    ['a form that was changed', url(), [['AA Alice', { request: 'x' }]]],
    ['common, by a guest of another tenant', url({}, 'common'), [typed(carol)]],
  ]
  const parts: string[] = []
  for (const [name, address, deeds, signedIn] of walks)
    parts.push(await walker.walk(name, address, deeds, signedIn && (await browserOf(...signedIn))))
  const logout = (parameters: Record<string, string> = {}, version = '/v2.0'): string =>
    `${emulator.origin}/${contoso}/oauth2${version}/logout?${new URLSearchParams(parameters).toString()}`
  const back = { post_logout_redirect_uri: 'https://web.example/in', state: 'x' }
  for (const [name, address] of [
    ['all of them', logout()],
    ['one of them', logout({ logout_hint: alice })],
    ['back to the application', logout(back)],
    ['back to nowhere', logout({ post_logout_redirect_uri: 'https://x.example/' })],
    ['by v1', logout({}, '')],
  ] as const) {
    const browser = await browserOf(alice, bob)
    const atAll = [
      atWeb({ login_hint: alice }),
      atWeb({ login_hint: alice }),
      atWeb({ login_hint: bob }),
      atWeb({ login_hint: alice }).replace('/v2.0/', '/'),
    ]
    for (const each of atAll) await browser.open(each)
    parts.push(await walker.walk(`signing out, ${name}`, address, [], browser))
    parts.push(await walker.walk(`and once more, ${name}`, address, [], browser))
  }
  const text = parts.join('\n\n').replaceAll(/(?<=sid=)[\w-]+/g, '<sid>')
  await expectText([text], 'sign-ins')
})

it('what policies demand', async () => {
  const parts: string[] = []
  const withPolicy = async (
    definition: Parameters<Emulator['policies']['add']>[0],
    walks: readonly (readonly [name: string, url: string, deeds?: readonly Deed[], browser?: Browser])[],
  ): Promise<void> => {
    const policy = emulator.policies.add({ resource: middleTier, ...definition })
    for (const [name, ...rest] of walks) parts.push(await walker.walk(`${definition.kind}: ${name}`, ...rest))
    policy.remove()
  }
  const silent = url({ prompt: 'none' })
  await browserOf(alice)
  await withPolicy({ kind: 'require_mfa', name: 'Second step' }, [
    ['approved', url(), ['AA Alice', 'Approve']],
    ['denied', url(), ['AA Alice', 'Deny']],
    ['answered otherwise', url(), ['AA Alice', ['Approve', { approval: 'perhaps' }]]],
    ['silently', silent, [], await browserOf(alice)],
  ])
  emulator.policies.add({ kind: 'require_mfa', name: 'Another', resource: todoApi })
  const known = await browserOf(bob)
  await withPolicy({ kind: 'require_registration', name: 'Registered' }, [
    ['registered', url(), ['BB Bob', 'Register']],
    ['not now', url(), ['AA Alice', 'Cancel']],
    ['silently', silent, [], known],
  ])
  await withPolicy({ kind: 'block', name: 'Nobody' }, [
    ['signed in', url(), ['AA Alice']],
    ['silently', silent, [], await browserOf(bob)],
  ])
  const old = await browserOf(alice)
  emulator.clock.advance(61)
  await withPolicy({ kind: 'sign_in_frequency', name: 'Fresh', maxAgeSeconds: 60 }, [
    ['again', url(), ['AA Alice'], old],
    ['silently', silent, [], await browserOf(bob)],
    ['by who has just signed in', url(), ['BB Bob']],
  ])
  await withPolicy({ kind: 'require_auth_context', name: 'Stepped up', authContext: 'c1' }, [
    ['not asked for', url(), ['AA Alice']],
    [
      'asked for',
      url({ claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' }),
      ['AA Alice', 'Approve'],
    ],
    [
      'asked for silently',
      url({ prompt: 'none', claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' }),
      [],
      await browserOf(bob),
    ],
  ])
  const since = Math.floor(emulator.clock.now() / 1000)
  const notBefore = (value: number): string =>
    JSON.stringify({ access_token: { nbf: { essential: true, value: String(value) } } })
  const browser = await browserOf(bob)
  for (const seconds of [0, 1])
    parts.push(
      await walker.walk(
        `claims of a sign-in not before ${String(seconds)} s`,
        url({ claims: notBefore(since + seconds) }),
        [],
        browser,
      ),
    )
  await expectText(parts, 'policies')
})

/** The code is typed in once more by somebody else, who is quicker. */
async function twice(device: () => Promise<string>): Promise<readonly Deed[]> {
  const code = await device()
  const quicker = async (): Promise<void> => {
    const login = `${emulator.origin}/devicelogin`
    await new Walker(emulator).walk('quicker', login, [['Next', { code }], 'Cancel'])
  }
  return [['Next', { code }], quicker, 'Continue', 'AA Alice']
}

it('consent of an administrator, and sign-ins for devices', async () => {
  const consentUrl = (parameters: Record<string, string>, version = '/v2.0', tenant = contoso): string =>
    `${emulator.origin}/${tenant}${version}/adminconsent?${new URLSearchParams(parameters).toString()}`
  const asked = { client_id: web, redirect_uri: 'https://web.example/in', state: 'the-state' }
  const scope = `api://${todoApi}/Tasks.ReadWrite`
  const walks: readonly (readonly [
    name: string,
    url: string,
    deeds?: readonly Deed[],
    signedIn?: readonly string[],
  ])[] = [
    ['for scopes', consentUrl({ ...asked, scope }), ['AA Alice', 'Accept']],
    ['for everything', consentUrl(asked, ''), ['AA Alice', 'Accept']],
    ['for an application that lists nothing', consentUrl({ client_id: lonely }, ''), ['AA Alice', 'Accept']],
    ['declined', consentUrl({ ...asked, scope }), ['AA Alice', 'Decline']],
    ['by somebody else', consentUrl({ ...asked, scope }), ['BB Bob']],
    [
      'by an administrator of another tenant',
      consentUrl(
        { ...asked, client_id: webClient, redirect_uri: 'http://localhost:3000/', scope: accessAsUser },
        '/v2.0',
        'common',
      ),
      ['CC Carol'],
    ],
    ['in the browser of an administrator', consentUrl({ ...asked, scope }), [], [alice]],
    ['without a scope', consentUrl(asked)],
    ['for a scope that there is not', consentUrl({ ...asked, scope: `api://${todoApi}/Nothing` })],
    ['without a client', consentUrl({ scope })],
    ['to another address', consentUrl({ ...asked, redirect_uri: 'https://x.example/', scope })],
    ['without an address, of which there are two', consentUrl({ client_id: web, scope })],
    ['with a parameter twice', `${consentUrl({ ...asked, scope })}&state=x`],
    ['in a tenant that there is not', consentUrl({ ...asked, scope }, '/v2.0', 'nowhere.example')],
    ['of an agent', consentUrl({ ...asked, client_id: agent, scope })],
  ]
  const parts: string[] = []
  for (const [name, address, deeds, signedIn] of walks)
    parts.push(
      await walker.walk(
        `an administrator, ${name}`,
        address,
        deeds,
        signedIn && (await browserOf(...signedIn)),
      ),
    )
  const device = async (changes: Record<string, string> = {}): Promise<string> =>
    (await begin(emulator, changes)).body['user_code'] as string
  const login = `${emulator.origin}/devicelogin`
  const next = 'Next'
  for (const [name, deeds] of [
    [
      'a code that is wrong',
      [
        [next, { code: 'WRONG' }],
        [next, { code: '' }],
      ],
    ],
    ['who goes on', [[next, { code: await device() }], 'Continue', 'AA Alice', 'Accept']],
    ['who turns back', [[next, { code: await device() }], 'Cancel']],
    ['who declines', [[next, { code: await device() }], 'Continue', 'BB Bob', 'Decline']],
    [
      'another answer',
      [
        [next, { code: await device() }],
        ['Continue', { confirmation: 'perhaps' }],
      ],
    ],
    [
      'what an administrator alone may give',
      [[next, { code: await device({ scope: 'Directory.Read.All' }) }], 'Continue', 'BB Bob'],
    ],
    ['a code that was used meanwhile', await twice(device)],
  ] as readonly (readonly [string, readonly Deed[]])[])
    parts.push(
      (await walker.walk(`a device, ${name}`, login, deeds)).replaceAll(/(?<=code=)[A-Z0-9]{9}\b/g, 'CODE'),
    )
  for (const changes of [
    ...[
      {},
      { client_id: '' },
      { client_id: 'x' },
      { client_id: daemon },
      { client_id: agent },
      { scope: '' },
    ],
    ...[{ scope: 'api://nowhere/x' }, { scope: `${accessAsUser} api://${todoApi}/Tasks.ReadWrite` }],
    ...[{ claims: '{' }, { claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}' }],
  ])
    for (const version of ['/v2.0', ''])
      for (const tenant of [contoso, 'common']) {
        const { status, body } = await begin(emulator, changes, { tenant, version })
        const said = String(body['error_description'] ?? body['message'])
          .replace(/ Trace ID: .*$/s, '')
          .replace(/code [A-Z0-9]{9} /, 'code CODE ')
        const members = Object.entries(body).flatMap(([name, value]) =>
          /_code$|id$|timestamp|message|description/.test(name)
            ? [name]
            : [`${name}=${JSON.stringify(value)}`],
        )
        parts.push(
          `a device asks ${tenant}${version} ${JSON.stringify(changes)}: ${String(status)} ${said.replaceAll(emulator.origin, '<emulator>')} | ${members.join(' ').replaceAll(emulator.origin, '<emulator>')}`,
        )
      }
  parts.push(await walker.walk('a device, with the code in the address', `${login}?otc=ABC`))
  await expectText(parts, 'consents-and-devices')
})
