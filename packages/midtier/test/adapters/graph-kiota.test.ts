import {
  AllowedHostsValidator,
  BaseBearerTokenAuthenticationProvider,
  HttpMethod,
  RequestInformation,
  type AccessTokenProvider,
} from '@microsoft/kiota-abstractions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  graphAccessTokenProvider,
  type GraphAccessTokenProvider,
  type GraphOptions,
} from '../../src/sdk/graph.ts'
import { AcquisitionError, ConfigurationError, InteractionRequiredError } from '../../src/index.ts'
import type { Caller } from '../../src/index.ts'
import { alice, demanded, startSdkScenario, wantsSecondFactor, type SdkScenario } from './sdk-scenario.ts'

let scenario: SdkScenario
let session = 0

beforeAll(async () => {
  scenario = await startSdkScenario()
})
afterAll(() => scenario.stop())

const me = 'https://graph.microsoft.com/v1.0/me'
const freshCaller = (): Promise<Caller> => scenario.caller(alice, { uti: `kiota-${++session}` })

async function createProvider(
  options: GraphOptions = {},
): Promise<GraphAccessTokenProvider<AllowedHostsValidator>> {
  return graphAccessTokenProvider(await freshCaller(), { AllowedHostsValidator, ...options })
}

describe("Kiota's access token provider", () => {
  it('authenticates a request of Kiota as the caller', async () => {
    const provider: AccessTokenProvider = await createProvider()
    const request = new RequestInformation(HttpMethod.GET)
    request.URL = me
    await new BaseBearerTokenAuthenticationProvider(provider).authenticateRequest(request)
    const [authorization] = [...(request.headers.get('Authorization') ?? [])]
    const response = await scenario.fetch(`https://${scenario.host}/v1.0/me`, {
      headers: { authorization: authorization ?? '' },
    })
    expect(await response.json()).toMatchObject({ id: alice.oid })
  })

  it('decodes the claims of a challenge, and replaces the token that was refused', async () => {
    const provider = await createProvider()
    const first = await provider.getAuthorizationToken(me)
    expect(await provider.getAuthorizationToken(me, {})).toBe(first)
    const second = await provider.getAuthorizationToken(me, { claims: btoa(demanded) })
    expect(second).not.toBe(first)
    expect(await provider.getAuthorizationToken(me)).toBe(second)
    for (const claims of ['{"access_token"', 42])
      await expect(provider.getAuthorizationToken(me, { claims })).rejects.toMatchObject({
        reason: 'claims_malformed',
      })
  })

  it('lets the challenge of the authority through', async () => {
    const fault = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: wantsSecondFactor })
    try {
      const authentication = new BaseBearerTokenAuthenticationProvider(await createProvider())
      const request = new RequestInformation(HttpMethod.GET)
      request.URL = me
      await expect(authentication.authenticateRequest(request)).rejects.toBeInstanceOf(
        InteractionRequiredError,
      )
    } finally {
      fault.remove()
    }
  })

  it.each([
    'https://graph.microsoft.com/v1.0/me',
    'https://GRAPH.microsoft.com:443/beta/me',
    'https://graph.microsoft.us/v1.0/me',
    'https://dod-graph.microsoft.us/v1.0/me',
    'https://microsoftgraph.chinacloudapi.cn/v1.0/me',
  ])('gives a token for %s', async (url) => {
    const provider = await createProvider({ scopes: ['User.Read'] })
    expect(await provider.getAuthorizationToken(url)).toMatch(/^eyJ/)
    expect(provider.getAllowedHostsValidator().isUrlHostValid(url)).toBe(true)
  })

  it.each([
    ['another host', 'https://evil.example/v1.0/me', 'host_not_allowed'],
    ['a host that ends alike', 'https://evilgraph.microsoft.com/', 'host_not_allowed'],
    ['a host that begins alike', 'https://graph.microsoft.com.evil.example/', 'host_not_allowed'],
    ['a host below', 'https://a.graph.microsoft.com/', 'host_not_allowed'],
    ['what looks like the host', 'https://graph.microsoft.com@evil.example/', 'host_not_allowed'],
    ['user information', 'https://someone@graph.microsoft.com/', 'host_not_allowed'],
    ['a backslash', 'https://evil.example\\@graph.microsoft.com/', 'host_not_allowed'],
    ['loopback that was not named', 'http://localhost/v1.0/me', 'host_not_allowed'],
    ['a relative URL', '/v1.0/me', 'host_not_allowed'],
    ['a URL without a scheme', 'graph.microsoft.com/v1.0/me', 'host_not_allowed'],
    ['no URL', undefined, 'host_not_allowed'],
    ['plain http', 'http://graph.microsoft.com/v1.0/me', 'insecure_url'],
    ['another protocol', 'ftp://graph.microsoft.com/v1.0/me', 'insecure_url'],
  ])('throws for %s instead of giving an empty token', async (_, url, reason) => {
    const provider = await createProvider()
    const before = scenario.tokenRequests()
    const refusal = await provider.getAuthorizationToken(url).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AcquisitionError)
    expect(refusal).toMatchObject({ reason })
    expect(scenario.tokenRequests()).toBe(before)
  })

  it('gives a token for http to a loopback host that was named, and to no other host', async () => {
    const provider = await createProvider({ hosts: ['localhost', 'graph.example'] })
    expect(await provider.getAuthorizationToken('http://localhost:8080/v1.0/me')).toMatch(/^eyJ/)
    await expect(provider.getAuthorizationToken('http://graph.example/')).rejects.toMatchObject({
      reason: 'insecure_url',
    })
    await expect(provider.getAuthorizationToken(me)).rejects.toMatchObject({ reason: 'host_not_allowed' })
  })

  it('can be narrowed and not widened through the validator', async () => {
    const provider = await createProvider({ scopes: ['User.Read'] })
    provider.getAllowedHostsValidator().setAllowedHosts(new Set(['graph.microsoft.us', 'evil.example']))
    await expect(provider.getAuthorizationToken(me)).rejects.toBeInstanceOf(AcquisitionError)
    await expect(provider.getAuthorizationToken('https://evil.example/')).rejects.toBeInstanceOf(
      AcquisitionError,
    )
    expect(await provider.getAuthorizationToken('https://graph.microsoft.us/v1.0/me')).toMatch(/^eyJ/)
    provider.getAllowedHostsValidator().setAllowedHosts(new Set())
    await expect(provider.getAuthorizationToken('https://evil.example/')).rejects.toBeInstanceOf(
      AcquisitionError,
    )
  })

  it("asks for the scopes of the cloud's own Graph by default", async () => {
    const provider = await createProvider({ hosts: ['graph.microsoft.us'] })
    // The emulator is not in that cloud, and refuses.
    await expect(provider.getAuthorizationToken('https://graph.microsoft.us/v1.0/me')).rejects.toMatchObject({
      facts: { scopes: ['https://graph.microsoft.us/.default'] },
    })
  })

  it('is not made with options that cannot work, and ends with its request', async () => {
    await expect(createProvider({ hosts: [] })).rejects.toBeInstanceOf(ConfigurationError)
    const request = new AbortController()
    const provider = await createProvider({ signal: request.signal })
    request.abort()
    await expect(provider.getAuthorizationToken(me)).rejects.toMatchObject({ reason: 'request_ended' })
  })
})
