// What an authorization request says, and what is wrong with it: on a page while the redirect URI is unsure, else to the application.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../../src/index.ts'
import { createBrowser, parseForm, type BrowserPage } from '../../browser.ts'
import {
  answerOf,
  authorizeUrl,
  challenge,
  contoso,
  daemon,
  legacyApi,
  signIn,
  todoApi,
  webClient,
} from '../../scenario.ts'

const native = 'msauth.todo://auth'
const redirectUris: Readonly<Record<string, object>> = {
  [daemon]: { publicClient: [native] },
  [legacyApi]: { web: ['http://localhost:4000/a'], publicClient: ['http://localhost:4000/b'] },
  [todoApi]: {},
}
const directory: DirectoryData = {
  ...defaultDirectory,
  applications: defaultDirectory.applications.map((it) => ({
    ...it,
    ...(redirectUris[it.id] && { redirectUris: redirectUris[it.id]! }),
  })),
}

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
})
afterAll(() => emulator.stop())

type Changes = Record<string, string | undefined>
const open = (changes: Changes, tenant?: string, more = ''): Promise<BrowserPage> =>
  createBrowser(emulator.origin).open(`${authorizeUrl(emulator, changes, tenant)}${more}`)

const isSignIn = ({ html }: BrowserPage): boolean => parseForm(html).action.endsWith('/login')

describe('shown as a page', () => {
  it.each<[string, Changes, string, string]>([
    ['no client', { client_id: undefined }, '', 'parameter: &#39;client_id&#39;'],
    [
      'a client that is there twice',
      {},
      `&client_id=${webClient}`,
      'parameter &#39;client_id&#39; is duplicated',
    ],
    ['no redirect URI of several', { redirect_uri: undefined }, '', 'AADSTS900971'],
    ['no redirect URI of none', { client_id: todoApi, redirect_uri: undefined }, '', 'AADSTS900971'],
    [
      'no redirect URI of two platforms',
      { client_id: legacyApi, redirect_uri: undefined },
      '',
      'AADSTS900971',
    ],
    ['an unknown response mode', { response_mode: 'web_message' }, '', 'AADSTS9002313'],
    [
      'a form for an address that no form can be posted to',
      { client_id: daemon, redirect_uri: native, response_mode: 'form_post' },
      '',
      'AADSTS9002313',
    ],
    ['a fragment', { redirect_uri: 'http://localhost:3000/#x' }, '', 'AADSTS50011'],
    ['a password', { redirect_uri: 'http://:secret@localhost:3000/' }, '', 'AADSTS50011'],
    ['a user', { redirect_uri: 'http://user@localhost:3000/' }, '', 'AADSTS50011'],
    ['a query', { redirect_uri: 'http://localhost:3000/?x=1' }, '', 'AADSTS50011'],
    ['another scheme', { redirect_uri: 'https://localhost:3000/' }, '', 'AADSTS50011'],
    ['text', { redirect_uri: 'nowhere' }, '', 'AADSTS50011'],
  ])('%s', async (_, changes, more, code) => {
    const page = await open(changes, contoso, more)
    expect(page.location).toBeUndefined()
    expect(page.status).toBe(400)
    expect(page.html).toContain(code)
  })

  it('common, for an application of one tenant', async () => {
    const changes = { client_id: daemon, redirect_uri: native }
    for (const tenant of ['common', 'organizations'])
      expect((await open(changes, tenant)).html).toContain('AADSTS50194')
    expect(isSignIn(await open(changes))).toBe(true)
  })
})

describe('told to the application', () => {
  it.each<[string, Changes, string]>([
    ['no response type', { response_type: undefined }, "parameter: 'response_type'"],
    ['an empty response type', { response_type: '' }, "parameter: 'response_type'"],
    ['code and more', { response_type: 'code id_token' }, "response_type 'id_token' is not enabled"],
    ['no scope', { scope: undefined }, "parameter: 'scope'"],
    ['prompt=none beside another', { prompt: 'none login' }, 'AADSTS9002313'],
    ['claims that are no JSON', { claims: '{' }, 'AADSTS'],
    ['a challenge of 42 characters', { code_challenge: 'a'.repeat(42) }, 'AADSTS501491'],
    ['a challenge of 129 characters', { code_challenge: 'a'.repeat(129) }, 'AADSTS501491'],
    ['a challenge with another character', { code_challenge: `${'a'.repeat(43)}+` }, 'AADSTS501491'],
    ['an unknown method', { code_challenge_method: 'S512' }, 'AADSTS501491'],
    ['no method, which means a plain challenge', { code_challenge_method: undefined }, 'AADSTS501491'],
  ])('%s', async (_, changes, code) => {
    const page = await open(changes)
    expect(page.location?.origin).toBe('http://localhost:3000')
    expect(answerOf(page).get('error_description')).toContain(code)
    expect(answerOf(page).get('state')).toBe('the-state')
  })
})

describe('accepted', () => {
  it.each<[string, Changes]>([
    ['a challenge of 43 characters', { code_challenge: 'aZ09._~-'.padEnd(43, 'x') }],
    ['a challenge of 128 characters', { code_challenge: 'a'.repeat(128) }],
    ['several prompts with blanks between', { prompt: ' login  consent ' }],
    ['an unknown parameter', { surprise: '1' }],
    ['no redirect URI where just one is registered', { client_id: daemon, redirect_uri: undefined }],
    [
      'no challenge from a native application',
      { client_id: daemon, redirect_uri: native, code_challenge: undefined },
    ],
    [
      'a plain challenge from a native application',
      { client_id: daemon, redirect_uri: native, code_challenge: challenge, code_challenge_method: 'plain' },
    ],
    [
      'no method from a native application',
      { client_id: daemon, redirect_uri: native, code_challenge_method: undefined },
    ],
  ])('%s', async (_, changes) => {
    expect(isSignIn(await open(changes))).toBe(true)
  })

  it('without client_info, state and response mode: the code comes in the query, and nothing that was not asked for', async () => {
    const changes = { client_info: undefined, state: undefined }
    const { location } = await signIn(createBrowser(emulator.origin), authorizeUrl(emulator, changes))
    expect(location?.hash).toBe('')
    expect([...(location?.searchParams.keys() ?? [])].sort()).toEqual(['code', 'session_state'])
  })
})
