import { type AccessToken, type TokenCredential } from '@azure/core-auth'
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  type Pipeline,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import { SecretClient } from '@azure/keyvault-secrets'
import express from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  applicationTokenCredential,
  tokenCredential,
  withTokenCredential,
  type Credential,
} from '../../src/sdk/azure.ts'
import { protect, renderErrors } from '../../src/adapters/express.ts'
import { AcquisitionError, ConfigurationError, InteractionRequiredError } from '../../src/index.ts'
import type { Caller, WebApi } from '../../src/index.ts'
import { listen } from '../behaviour/scenario.ts'
import { startKeyVault, type KeyVault } from '../adapters/key-vault.ts'
import {
  alice,
  bob,
  contoso,
  demanded,
  fabrikam,
  startSdkScenario,
  vaultScope,
  wantsSecondFactor,
  type SdkScenario,
} from '../adapters/sdk-scenario.ts'

let scenario: SdkScenario
let vault: KeyVault
let session = 0

beforeAll(async () => {
  scenario = await startSdkScenario()
  vault = await startKeyVault(scenario)
})
afterAll(async () => {
  vault.stop()
  await scenario.stop()
})
beforeEach(() => {
  vault.presented.length = 0
  vault.tenantId = contoso
})

/** A caller whose session has nothing cached. */
const freshCaller = (user = alice): Promise<Caller> => scenario.caller(user, { uti: `azure-${++session}` })
const clientFor = (credential: TokenCredential): SecretClient =>
  new SecretClient(vault.url, credential, { agent: vault.agent })
const read = async (client: SecretClient): Promise<string | undefined> =>
  (await client.getSecret('greeting')).value
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('a credential of one caller', () => {
  it('is a TokenCredential of @azure/core-auth, with a token of the caller for the scopes that are asked for', async () => {
    const credential: TokenCredential = tokenCredential(await freshCaller())
    const answer: AccessToken | null = await credential.getToken(vaultScope)
    expect(claimsOf(answer?.token ?? '')).toMatchObject({ oid: alice.oid, scp: 'user_impersonation' })
    expect(answer?.tokenType).toBe('Bearer')
    expect(await credential.getToken([vaultScope])).toMatchObject({ token: answer?.token })
  })

  it('calls itself expired at once, so that no SDK client keeps it', async () => {
    const clock = { nowMs: () => 1_234_567 }
    const credential = tokenCredential(await scenario.caller(alice), { clock })
    expect(await credential.getToken(vaultScope)).toMatchObject({ expiresOnTimestamp: 1_234_567 })
  })

  it('answers claims in either spelling with a new token', async () => {
    const credential = tokenCredential(await freshCaller())
    const first = await credential.getToken(vaultScope)
    const second = await credential.getToken(vaultScope, { claims: demanded })
    const third = await credential.getToken(vaultScope, { claims: btoa(demanded) })
    expect(new Set([first.token, second.token, third.token]).size).toBe(3)
    expect((await credential.getToken(vaultScope)).token).toBe(third.token)
    await expect(credential.getToken(vaultScope, { claims: '?' })).rejects.toMatchObject({
      reason: 'claims_malformed',
    })
  })

  it('refuses another tenant, and a token bound to a key', async () => {
    const credential = tokenCredential(await freshCaller())
    await credential.getToken(vaultScope, { tenantId: contoso.toUpperCase() })
    for (const options of [{ tenantId: fabrikam }, { tenantId: '' }, { proofOfPossessionOptions: {} }])
      await expect(credential.getToken(vaultScope, options)).rejects.toBeInstanceOf(AcquisitionError)
  })

  it.each([
    [
      'a look-alike',
      ({ principal, account }: Caller) => ({ principal, account, acquireToken: () => undefined }),
    ],
    ['the web API', () => scenario.api],
    ['nothing', () => undefined],
  ])('is not made for %s', async (_, makeCaller) => {
    const caller = makeCaller(await scenario.caller(alice))
    expect(() => tokenCredential(caller as unknown as Caller)).toThrow(ConfigurationError)
  })

  it('is not made with an unknown option, or for no time at all', async () => {
    const caller = await scenario.caller(alice)
    expect(() => tokenCredential(caller, { lifetimeMS: 1 } as object)).toThrow(/did you mean 'lifetimeMs'/)
    expect(() => tokenCredential(caller, { lifetimeMs: Number.NaN })).toThrow(ConfigurationError)
  })

  it('gives no token to an application that calls by itself', async () => {
    const credential = tokenCredential(await scenario.application())
    await expect(credential.getToken(vaultScope)).rejects.toMatchObject({ reason: 'app_only_caller' })
  })

  it('stops waiting when the SDK gives up, with the abort signal of any of its versions', async () => {
    const hang = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: { hang: true } })
    try {
      const credential = tokenCredential(await freshCaller())
      await expect(
        credential.getToken(vaultScope, { requestOptions: { timeout: 20 } }),
      ).rejects.toMatchObject({ code: 'authority_unavailable' })
      await expect(
        credential.getToken(vaultScope, { abortSignal: AbortSignal.abort() }),
      ).rejects.toMatchObject({ name: 'AbortError' })
      const gone = { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined }
      await expect(credential.getToken(vaultScope, { abortSignal: gone })).rejects.toMatchObject({
        name: 'AbortError',
      })
      const listeners = new Set<() => void>()
      const abortSignal = {
        aborted: false,
        addEventListener: (_: 'abort', listener: () => void) => void listeners.add(listener),
        removeEventListener: (_: 'abort', listener: () => void) => void listeners.delete(listener),
      }
      const waiting = credential.getToken(vaultScope, { abortSignal })
      for (const abort of listeners) abort()
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
      expect(listeners.size).toBe(0)
    } finally {
      hang.remove()
    }
  })
})

describe('a credential that is used beyond its request', () => {
  it('refuses after its lifetime', async () => {
    let now = scenario.clock.nowMs()
    const credential = tokenCredential(await scenario.caller(alice), { clock: { nowMs: () => now } })
    now += 299_999
    await credential.getToken(vaultScope)
    now += 1
    await expect(credential.getToken(vaultScope)).rejects.toMatchObject({ reason: 'request_ended' })
  })

  it('refuses once the signal of the request has fired', async () => {
    const request = new AbortController()
    const credential = tokenCredential(await scenario.caller(alice), { signal: request.signal })
    await credential.getToken(vaultScope)
    request.abort()
    await expect(credential.getToken(vaultScope)).rejects.toMatchObject({ reason: 'request_ended' })
  })

  it("sends the person to sign in again once the caller's token has expired, whatever is cached", async () => {
    const caller = await scenario.caller(alice)
    let now = scenario.clock.nowMs()
    const credential = tokenCredential(caller, { lifetimeMs: 86_400_000, clock: { nowMs: () => now } })
    await credential.getToken(vaultScope)
    now = caller.principal.expiresAtMs + 300_001
    const refusal: unknown = await credential.getToken(vaultScope).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(InteractionRequiredError)
    expect(refusal).toMatchObject({ reason: 'sign_in_required' })
  })

  it('leaves a client that is kept by mistake with nothing of the person who came first', async () => {
    let kept: SecretClient | undefined
    const handle = (caller: Caller): Promise<string | undefined> =>
      withTokenCredential(caller, (credential) => read((kept ??= clientFor(credential))))
    expect(await handle(await scenario.caller(alice))).toBe(`user ${alice.oid}`)
    await expect(handle(await scenario.caller(bob))).rejects.toMatchObject({ reason: 'request_ended' })
    expect(vault.presented).toEqual([alice.oid])
  })

  it('ends with a handler that fails, and with the signal that it was given', async () => {
    const caller = await scenario.caller(alice)
    const kept: Credential[] = []
    const failure = new Error('the handler')
    const failing = withTokenCredential(caller, (credential) => {
      kept.push(credential)
      return Promise.reject(failure)
    })
    await expect(failing).rejects.toBe(failure)
    await expect(kept[0]?.getToken(vaultScope)).rejects.toMatchObject({ reason: 'request_ended' })
    const given = withTokenCredential(caller, (credential) => credential.getToken(vaultScope), {
      signal: AbortSignal.abort(),
    })
    await expect(given).rejects.toMatchObject({ reason: 'request_ended' })
  })
})

describe('SecretClient of @azure/keyvault-secrets', () => {
  it('reads a secret as the caller, by the challenge of the vault', async () => {
    const value = await withTokenCredential(await freshCaller(), (credential) => read(clientFor(credential)))
    expect(value).toBe(`user ${alice.oid}`)
  })

  it('reads as two people at once, two hundred times, and never as the other', async () => {
    const asAlice = clientFor(tokenCredential(await freshCaller(alice)))
    const asBob = clientFor(tokenCredential(await freshCaller(bob)))
    const calls = Array.from({ length: 100 }, () => [
      read(asAlice).then((value) => [`user ${alice.oid}`, value]),
      read(asBob).then((value) => [`user ${bob.oid}`, value]),
    ]).flat()
    for (const [expected, value] of await Promise.all(calls)) expect(value).toBe(expected)
    expect(vault.presented.filter((oid) => oid === alice.oid)).toHaveLength(100)
    expect(vault.presented.filter((oid) => oid === bob.oid)).toHaveLength(100)
  })

  it('satisfies a claims challenge of the vault with a new token, and goes on', async () => {
    const client = clientFor(tokenCredential(await freshCaller()))
    await read(client)
    vault.revokeSeenTokens()
    const before = scenario.tokenRequests()
    expect(await read(client)).toBe(`user ${alice.oid}`)
    expect(await read(client)).toBe(`user ${alice.oid}`)
    expect(scenario.tokenRequests() - before).toBe(1)
  })

  it('sends no token to a vault that names another tenant', async () => {
    vault.tenantId = fabrikam
    const client = clientFor(tokenCredential(await freshCaller()))
    await expect(read(client)).rejects.toMatchObject({ reason: 'other_tenant' })
    expect(vault.presented).toEqual([])
  })

  it('lets the challenge of the authority through to the caller of the API, after a single try', async () => {
    const app = express()
    app.get('/secret', protect(scenario.api, { scopes: ['access_as_user'] }), async (req, res) => {
      res.json(await withTokenCredential(req.caller, (credential) => read(clientFor(credential))))
    })
    app.use(renderErrors())
    const { server, url } = await listen(app)
    const fault = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: wantsSecondFactor })
    try {
      const before = scenario.tokenRequests()
      const token = await scenario.token(alice, { uti: `azure-${++session}` })
      const response = await fetch(`${url}/secret`, { headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(401)
      const challenge = response.headers.get('www-authenticate') ?? ''
      expect(challenge).toContain('error="insufficient_claims"')
      expect(challenge).toContain(`claims="${btoa(wantsSecondFactor.body.claims)}"`)
      expect(scenario.tokenRequests() - before).toBe(1)
    } finally {
      fault.remove()
      server.close()
      server.closeAllConnections()
    }
  })
})

describe('bearerTokenAuthenticationPolicy of @azure/core-rest-pipeline', () => {
  const httpClient = createDefaultHttpClient()
  const pipelineOf = (credential: TokenCredential, scopes: string): Pipeline => {
    const pipeline = createEmptyPipeline()
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }))
    return pipeline
  }
  const send = (pipeline: Pipeline): Promise<PipelineResponse> => {
    const request = createPipelineRequest({ url: `${vault.url}/secrets/greeting` })
    request.agent = vault.agent
    return pipeline.sendRequest(httpClient, request)
  }

  it('sends a token of the caller, and asks the credential for each request', async () => {
    const request = new AbortController()
    const credential = tokenCredential(await freshCaller(), { signal: request.signal })
    const pipeline = pipelineOf(credential, vaultScope)
    expect((await send(pipeline)).bodyAsText).toContain(`user ${alice.oid}`)
    request.abort()
    await expect(send(pipeline)).rejects.toMatchObject({ reason: 'request_ended' })
    expect(vault.presented).toEqual([alice.oid])
  })

  it('answers a claims challenge (CAE) with a new token', async () => {
    const pipeline = pipelineOf(tokenCredential(await freshCaller()), vaultScope)
    await send(pipeline)
    vault.revokeSeenTokens()
    const before = scenario.tokenRequests()
    expect((await send(pipeline)).status).toBe(200)
    expect(scenario.tokenRequests() - before).toBe(1)
  })

  it('lets an error of ours through as it is', async () => {
    const fault = scenario.emulator.faults.add({ when: { endpoint: 'token' }, then: wantsSecondFactor })
    try {
      const refusal: unknown = await send(pipelineOf(tokenCredential(await freshCaller()), vaultScope)).catch(
        (error: unknown) => error,
      )
      expect(refusal).toBeInstanceOf(InteractionRequiredError)
      expect(refusal).toMatchObject({
        reason: 'claims_required',
        facts: { claims: wantsSecondFactor.body.claims },
      })
    } finally {
      fault.remove()
    }
  })
})

describe('a credential of the application itself', () => {
  it('acts as the application, and may be shared', async () => {
    const credential: TokenCredential = applicationTokenCredential(scenario.api, { tenantId: contoso })
    const client = clientFor(credential)
    expect(await Promise.all([read(client), read(client)])).toEqual([
      expect.stringMatching(/^app /),
      expect.stringMatching(/^app /),
    ])
    expect(await read(client)).toMatch(/^app /)
  })

  it('refuses the tenant of a challenge that is not its own', async () => {
    const credential = applicationTokenCredential(scenario.api, { tenantId: contoso })
    await expect(credential.getToken(vaultScope, { tenantId: fabrikam })).rejects.toMatchObject({
      reason: 'other_tenant',
    })
  })

  it('is not made from a caller, or without a tenant', async () => {
    const caller = (await scenario.caller(alice)) as unknown as WebApi
    expect(() => applicationTokenCredential(caller, { tenantId: contoso })).toThrow(/use tokenCredential/)
    expect(() => applicationTokenCredential(scenario.api, { tenantId: '' })).toThrow(ConfigurationError)
  })
})
