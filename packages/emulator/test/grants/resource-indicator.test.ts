// `resource` on v2.0 endpoints: what MCP clients send with every request, and what Entra makes of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type DirectoryData, type Emulator } from '../../src/index.ts'
import { createBrowser, type BrowserPage } from '../browser.ts'
import { expectDecisions } from '../decisions.ts'
import {
  accessAsUser,
  alice,
  authorizeUrl,
  bob,
  claimsOf,
  contoso,
  daemon,
  daemonSecret,
  graph,
  middleTier,
  onBehalfOf,
  postToken,
  redeem,
  signIn,
  todoApi,
  webClient,
  type TokenAnswer,
} from '../scenario.ts'

const mcpServer = 'a0000000-0000-4000-8000-0000000000f1'
const url = 'https://mcp.example.net/mcp'
const otherUrl = 'https://mcp.example.net/v2/mcp'
const guidUri = `api://${mcpServer}`
const scope = `${url}/mcp.read`
const directory: DirectoryData = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications,
    {
      id: mcpServer,
      displayName: 'MCP server',
      tenantId: contoso,
      identifierUris: [url, otherUrl, guidUri],
      scopes: [{ value: 'mcp.read' }, { value: 'mcp.write' }],
      preAuthorizedApplications: [{ id: webClient, scopes: ['mcp.read', 'mcp.write'] }],
      accessTokenAcceptedVersion: 2,
    },
  ],
  consents: [
    ...(defaultDirectory.consents ?? []),
    { tenantId: contoso, clientId: webClient, resourceId: graph, scopes: ['openid', 'profile', 'User.Read'] },
  ],
}

let emulator: Emulator
let lenient: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ directory })
  lenient = await createEmulator({ directory, resourceIndicators: 'ignored' })
})
afterAll(() => Promise.all([emulator.stop(), lenient.stop()]))

const origin = { origin: 'http://localhost:3000' }
const openId = 'openid profile offline_access'

function authorize(
  changes: Record<string, string | undefined>,
  at: Emulator = emulator,
): Promise<BrowserPage> {
  const asked = { scope: `${scope} ${openId}`, resource: url, ...changes }
  return signIn(createBrowser(at.origin), authorizeUrl(at, asked), { username: bob })
}

async function codeFor(changes: Record<string, string | undefined> = {}, at = emulator): Promise<string> {
  return (await authorize(changes, at)).location?.searchParams.get('code') ?? ''
}

async function signInWithResource(at: Emulator = emulator): Promise<TokenAnswer> {
  return redeem(at, await codeFor({}, at), { changes: { resource: url } })
}

function refresh(
  { body }: TokenAnswer,
  changes: Record<string, string>,
  at: Emulator = emulator,
): Promise<TokenAnswer> {
  const parameters = {
    grant_type: 'refresh_token',
    client_id: webClient,
    refresh_token: body['refresh_token'] as string,
  }
  return postToken(at, { ...parameters, ...changes }, { headers: origin })
}

/** What is nearly the application ID URI. */
const wrong: readonly (readonly [string, string])[] = [
  ['a slash at its end', `${url}/`],
  ['another case', url.toUpperCase()],
  ['the origin alone', new URL(url).origin],
  ['another server', 'https://other.example.net/mcp'],
  ['the URI of another application', `api://${middleTier}`],
  ['the client id', mcpServer],
]

const mismatch = { error: 'invalid_target', error_codes: [9010010] }

describe('resource on v2.0 endpoints', () => {
  it('is accepted with every request of a session, and the audience stays the client id', async () => {
    const tokens = await signInWithResource()
    expect(claimsOf(tokens.body['access_token'] as string)).toMatchObject({
      aud: mcpServer,
      scp: 'mcp.read',
    })
    const refreshed = await refresh(tokens, { resource: url })
    expect(claimsOf(refreshed.body['access_token'] as string)['aud']).toBe(mcpServer)
  })

  it.each([url, otherUrl, guidUri])('may be any application ID URI of the API: %s', async (resource) => {
    expect(await codeFor({ resource })).not.toBe('')
    const answer = await redeem(emulator, await codeFor(), { changes: { resource } })
    expect(answer.status).toBe(200)
  })

  it.each(wrong)(
    'sends the user back with an error for %s at the authorize endpoint',
    async (_, resource) => {
      const parameters = (await authorize({ resource })).location?.searchParams
      expect(parameters?.get('error')).toBe('invalid_target')
      expect(parameters?.get('error_description')).toMatch(/^AADSTS9010010: /)
      expect(parameters?.get('state')).toBe('the-state')
    },
  )

  it.each(wrong)('is refused with %s when a code is redeemed', async (_, resource) => {
    const answer = await redeem(emulator, await codeFor(), { changes: { resource } })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject(mismatch)
    // Pages of the application read why.
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin.origin)
  })

  it.each(wrong)('is refused with %s when a token is refreshed', async (_, resource) => {
    const tokens = await signInWithResource()
    expect((await refresh(tokens, { resource })).body).toMatchObject(mismatch)
    expect((await refresh(tokens, { resource, scope })).body).toMatchObject(mismatch)
  })

  it('is compared with the scopes of the token request when it has some', async () => {
    const both = `${scope} ${accessAsUser}`
    const redeemed = (changes: Record<string, string>) =>
      codeFor({ scope: both, resource: undefined }).then((code) => redeem(emulator, code, { changes }))
    const own = `api://${middleTier}`
    expect((await redeemed({ scope: accessAsUser, resource: own })).status).toBe(200)
    expect((await redeemed({ scope: accessAsUser, resource: url })).body).toMatchObject(mismatch)
    // Without any, with the API that the code is redeemed for: its first.
    expect((await redeemed({ resource: url })).status).toBe(200)
    expect((await redeemed({ resource: own })).body).toMatchObject(mismatch)
  })

  it('is refused where only OpenID scopes are asked for', async () => {
    const page = await authorize({ scope: 'openid profile' })
    expect(page.location?.searchParams.get('error_description')).toMatch(/^AADSTS9010010: /)
    const code = await codeFor()
    const answer = await redeem(emulator, code, { changes: { scope: openId, resource: url } })
    expect(answer.body).toMatchObject(mismatch)
    const tokens = await signInWithResource()
    expect((await refresh(tokens, { scope: openId, resource: url })).body).toMatchObject(mismatch)
  })

  it('is refused where scopes of several APIs are asked for, since it names one', async () => {
    const page = await authorize({ scope: `${accessAsUser} ${scope}` })
    expect(page.location?.searchParams.get('error_description')).toMatch(/^AADSTS9010010: /)
  })

  it('gives no prefix to scopes without one: they are Graph’s, where they do not exist', async () => {
    for (const resource of [url, undefined]) {
      const page = await authorize({ scope: 'mcp.read', resource })
      const description = page.location?.searchParams.get('error_description')
      expect(description).toMatch(/^AADSTS650053: .*'mcp\.read' that doesn't exist on the resource/)
    }
    expect((await authorize({ scope: 'User.Read' })).location?.searchParams.get('error')).toBe(
      'invalid_target',
    )
    const forGraph = await authorize({ scope: 'User.Read', resource: 'https://graph.microsoft.com' })
    expect(forGraph.location?.searchParams.get('code')).toBeTruthy()
  })

  it('is none without a value', async () => {
    const code = await codeFor({ resource: '' })
    expect((await redeem(emulator, code, { changes: { resource: '' } })).status).toBe(200)
  })

  it('is there once', async () => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: webClient, resource: url })
    form.append('resource', otherUrl)
    const response = await fetch(`${emulator.origin}/${contoso}/oauth2/v2.0/token`, {
      method: 'POST',
      body: form,
    })
    expect(await response.json()).toMatchObject({ error_codes: [9000411] })
  })

  it('is checked for applications that call by themselves', async () => {
    const ask = (resource: string): Promise<TokenAnswer> =>
      postToken(emulator, {
        grant_type: 'client_credentials',
        client_id: daemon,
        client_secret: daemonSecret,
        scope: `${mcpServer}/.default`,
        resource,
      })
    expect(claimsOf((await ask(url)).body['access_token'] as string)['aud']).toBe(mcpServer)
    for (const [, resource] of wrong) expect((await ask(resource)).body).toMatchObject(mismatch)
  })

  it('is checked on behalf of a user', async () => {
    const assertion = await emulator.mint({
      user: alice,
      client: webClient,
      audience: middleTier,
      scopes: ['access_as_user'],
    })
    const ask = (changes: Record<string, string>): Promise<TokenAnswer> =>
      postToken(emulator, onBehalfOf(assertion, changes))
    expect((await ask({ resource: `api://${todoApi}` })).status).toBe(200)
    expect((await ask({ resource: `api://${todoApi}/` })).body).toMatchObject(mismatch)
    expect((await ask({ scope: 'openid', resource: `api://${todoApi}` })).body).toMatchObject(mismatch)
  })

  it('names the API of v1 requests as ever', async () => {
    const body = { grant_type: 'client_credentials', client_id: daemon, client_secret: daemonSecret }
    const answer = await postToken(emulator, { ...body, resource: `${url}/` }, { version: '' })
    expect(claimsOf(answer.body['access_token'] as string)['aud']).toBe(mcpServer)
  })

  it('is logged as the API that the scopes are of, or without scopes as what it names', async () => {
    const tokens = await signInWithResource()
    const last = (): string | undefined => emulator.requests.list({ endpoint: 'token' }).at(-1)?.resource
    await refresh(tokens, { scope, resource: `api://${middleTier}` })
    expect(last()).toBe('MCP server')
    await refresh(tokens, { resource: `api://${middleTier}` })
    expect(last()).toBe('To Do list middle tier')
  })
})

describe('resource indicators that are ignored', () => {
  it.each(wrong)('make no difference with %s', async (_, resource) => {
    const answer = await redeem(lenient, await codeFor({ resource }, lenient), { changes: { resource } })
    expect(claimsOf(answer.body['access_token'] as string)['aud']).toBe(mcpServer)
    expect((await refresh(answer, { resource }, lenient)).status).toBe(200)
  })

  it('leave scopes without a prefix with Graph', async () => {
    const page = await authorize({ scope: 'mcp.read' }, lenient)
    expect(page.location?.searchParams.get('error_description')).toMatch(/^AADSTS650053: /)
  })
})

it('has told each decision as it is written down', async () => {
  await expectDecisions(emulator, './written/resource-indicator.txt')
})
