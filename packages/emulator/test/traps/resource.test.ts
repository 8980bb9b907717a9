// Every way in which `resource` (RFC 8707) is known to go wrong with MCP clients, one row each, at each of the three requests that carry it.
// All variants of a wrong `resource` are told beside the grants (`grants/resource-indicator`), registrations in `directory/identifier-uris`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, defaultDirectory, type Application, type Emulator } from '../../src/index.ts'
import { parseDirectory } from '../../src/directory/schema.ts'
import { createBrowser, type BrowserPage } from '../browser.ts'
import {
  authorizeUrl,
  bob,
  claimsOf,
  contoso,
  graph,
  postToken,
  redeem,
  signIn,
  webClient,
  type TokenAnswer,
} from '../scenario.ts'
import { expectAuthorizeRefusal, expectTokenRefusal } from './refusal.ts'

const server: Application = {
  id: 'a0000000-0000-4000-8000-0000000000f1',
  displayName: 'MCP server',
  tenantId: contoso,
  identifierUris: ['https://mcp.example.net/mcp'],
  scopes: [{ value: 'mcp.read' }],
  preAuthorizedApplications: [{ id: webClient, scopes: ['mcp.read'] }],
  accessTokenAcceptedVersion: 2,
}
const url = 'https://mcp.example.net/mcp'
const directoryWith = (changes: Partial<Application> = {}) => ({
  ...defaultDirectory,
  applications: [...defaultDirectory.applications, { ...server, ...changes }],
  consents: [
    ...(defaultDirectory.consents ?? []),
    { tenantId: contoso, clientId: webClient, resourceId: graph, scopes: ['openid', 'profile'] },
  ],
})

const emulators = new Map<'checked' | 'ignored' | 'refused', Emulator>()
beforeAll(async () => {
  for (const resourceIndicators of ['checked', 'ignored', 'refused'] as const)
    emulators.set(
      resourceIndicators,
      await createEmulator({ directory: directoryWith(), resourceIndicators }),
    )
})
afterAll(() => Promise.all([...emulators.values()].map((each) => each.stop())))

const openId = 'openid profile offline_access'
const scope = `${url}/mcp.read ${openId}`

interface Asked {
  readonly scope?: string | undefined
  readonly resource?: string | undefined
}

/** What MCP clients ask one after the other, each request after good ones before it. */
function requestsOf(emulator: Emulator) {
  const authorize = ({ scope: asked = scope, resource }: Asked): Promise<BrowserPage> =>
    signIn(createBrowser(emulator.origin), authorizeUrl(emulator, { scope: asked, resource }), {
      username: bob,
    })
  const form = (asked: Asked): Record<string, string> =>
    Object.fromEntries(
      Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined),
    )
  const code = async (asked: Asked = {}): Promise<string> =>
    (await authorize(asked)).location?.searchParams.get('code') ?? ''
  const redeemed = async (asked: Asked, signedInWith: Asked = {}): Promise<TokenAnswer> =>
    redeem(emulator, await code(signedInWith), { changes: form(asked) })
  const refreshed = async (asked: Asked, signedInWith: Asked = {}): Promise<TokenAnswer> => {
    const { body } = await redeemed(signedInWith, signedInWith)
    const parameters = { grant_type: 'refresh_token', client_id: webClient }
    const refresh_token = body['refresh_token'] as string
    const headers = { origin: 'http://localhost:3000' }
    return postToken(emulator, { ...parameters, refresh_token, ...form(asked) }, { headers })
  }
  return { authorize, redeemed, refreshed }
}

const mismatch = { error: 'invalid_target', code: 9010010 }

describe('a trap of resource', () => {
  it.each<[trap: string, asked: Asked]>([
    ['a URI that the server does not have', { resource: 'https://other.example.net/mcp' }],
    ['a slash at the end, as URL.toString() and pydantic add one', { resource: `${url}/` }],
    ['other case', { resource: 'https://mcp.example.net/MCP' }],
    ['the origin instead of the URL of the server', { resource: 'https://mcp.example.net' }],
    ['OpenID scopes alone beside it', { resource: url, scope: openId }],
  ])('%s: at authorize, with the code, and at every refresh', async (_, asked) => {
    const { authorize, redeemed, refreshed } = requestsOf(emulators.get('checked')!)
    expectAuthorizeRefusal(await authorize(asked), mismatch)
    expectTokenRefusal(await redeemed(asked), mismatch)
    expectTokenRefusal(await refreshed(asked), mismatch)
  })

  it('it agrees at the sign-in and not at the refresh: the session dies after an hour', async () => {
    const { refreshed } = requestsOf(emulators.get('checked')!)
    const good = { resource: url, scope }
    expect((await refreshed({ resource: url }, good)).status).toBe(200)
    expectTokenRefusal(await refreshed({ resource: `${url}/` }, good), mismatch)
  })

  it.each([
    ['without resource', undefined],
    ['beside a resource that is right', url],
  ])('a scope without its resource, %s, is taken for Graph’s', async (_, resource) => {
    const { authorize, redeemed, refreshed } = requestsOf(emulators.get('checked')!)
    const asked = { scope: 'mcp.read', resource }
    const unknown = { error: 'invalid_client', code: 650053, status: 400 }
    const page = await authorize(asked)
    expectAuthorizeRefusal(page, unknown)
    expect(page.location?.searchParams.get('error_description')).toContain(
      `'mcp.read' that doesn't exist on the resource '${graph}'`,
    )
    expectTokenRefusal(await redeemed(asked), unknown)
    expectTokenRefusal(await refreshed(asked), unknown)
  })

  it.each(['ignored', 'refused'] as const)(
    'an authority of before March 2026, on a path where it is %s',
    async (how) => {
      const { authorize, redeemed, refreshed } = requestsOf(emulators.get(how)!)
      for (const resource of [url, `${url}/`]) {
        if (how === 'ignored') {
          expect((await authorize({ resource })).location?.searchParams.get('code')).toBeTruthy()
          expect((await redeemed({ resource })).status).toBe(200)
          expect((await refreshed({ resource })).status).toBe(200)
          continue
        }
        const refusal = { error: 'invalid_request', code: 901002 }
        expectAuthorizeRefusal(await authorize({ resource }), refusal)
        expectTokenRefusal(await redeemed({ resource }), refusal)
        expectTokenRefusal(await refreshed({ resource }), refusal)
      }
    },
  )

  it('none: the URL of the server to the letter. The audience is the client id all the same', async () => {
    const { redeemed } = requestsOf(emulators.get('checked')!)
    const { body } = await redeemed({ resource: url }, { resource: url })
    expect(claimsOf(body['access_token'] as string)).toMatchObject({
      aud: server.id,
      scp: 'mcp.read',
      ver: '2.0',
    })
  })

  it.each<[trap: string, changes: Partial<Application>, problem: string]>([
    [
      'the URL before requestedAccessTokenVersion is 2',
      { accessTokenAcceptedVersion: 1 },
      'is not a verified domain',
    ],
    ['the URL with several tenants', { signInAudience: 'AzureADMultipleOrgs' }, 'is not a verified domain'],
    ['the URL with a slash at its end', { identifierUris: [`${url}/`] }, 'ends without a slash'],
  ])('a registration that the portal does not take: %s', (_, changes, problem) => {
    expect(() => parseDirectory(directoryWith(changes))).toThrow(problem)
  })

  it('v1.0 tokens of a verified domain: the audience is the URI', async () => {
    const uri = 'https://mcp.contoso.com/mcp'
    const changes = { identifierUris: [uri], accessTokenAcceptedVersion: 1 } as const
    const emulator = await createEmulator({ directory: directoryWith(changes) })
    const asked = { resource: uri, scope: `${uri}/mcp.read` }
    const { body } = await requestsOf(emulator).redeemed(asked, asked)
    await emulator.stop()
    expect(claimsOf(body['access_token'] as string)).toMatchObject({ aud: uri, ver: '1.0' })
  })
})
