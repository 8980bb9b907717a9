// An API at module level whose options are not there yet: nothing is read before the first use, and nothing twice.
import { runInNewContext } from 'node:vm'
import express from 'express'
import { describe, expect, it, vi } from 'vitest'
import { protect, serveResourceMetadata } from '../../src/adapters/express.ts'
import {
  clientSecret,
  ConfigurationError,
  createWebApi,
  explainToken,
  type AnyWebApiOptions,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import { endNoProcess, serve } from '../adapters/express-server.ts'
import { createClock, createFakeAuthority, serveEntra } from '../authority/fake-authority.ts'
import { clientId, createSigner, signToken, tenantId, userClaims } from '../jwt/token-builder.ts'

endNoProcess()

const signer = createSigner('key-1')

function goodOptions(): WebApiOptions {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  return {
    tenantId,
    clientId,
    clientCredential: clientSecret('s3cret'),
    fetch: authority.fetch,
    clock: createClock(),
    resource: { identifier: 'https://api.contoso.com/' },
  }
}

const request = {
  header: (name: string) =>
    name === 'authorization' ? `Bearer ${signToken({ claims: userClaims(), signer })}` : undefined,
  method: 'GET',
  url: '/',
}

const user = { objectId: clientId, tenantId }

/** Every way into an API, and whether a failure is thrown at once. */
const uses: Record<string, (api: WebApi) => unknown> = {
  authenticate: (api) => api.authenticate(request),
  acquireTokenForClient: (api) => api.acquireTokenForClient({ scopes: ['api://x/.default'] }),
  application: (api) => api.application().acquireToken({ scopes: ['api://x/.default'] }),
  'longRunning.start': (api) => api.longRunning.start({} as never, { scopes: ['x'] }),
  'longRunning.acquire': (api) => api.longRunning.acquire('key'),
  'longRunning.stop': (api) => api.longRunning.stop('key'),
  'revocations.revokeUser': (api) => api.revocations.revokeUser(user),
  'revocations.revokeTenant': (api) => api.revocations.revokeTenant(tenantId),
  'revocations.revokeSession': (api) => api.revocations.revokeSession('sid'),
  forget: (api) => api.forget({ id: 'oid.tid' }),
  warmUp: (api) => api.warmUp(),
  health: (api) => api.health(),
  resourceMetadata: (api) => api.resourceMetadata(),
  explainToken: (api) => explainToken(api, 'token'),
}

describe('an API whose options are a function', () => {
  it('reads nothing while it is made, protected with, announced and closed', async () => {
    const read = vi.fn(goodOptions)
    const api = createWebApi(read)
    protect(api, { scopes: ['access_as_user'] })
    serveResourceMetadata(api)
    await api.close()
    expect(read).not.toHaveBeenCalled()
  })

  it.each(Object.entries(uses))('reads the options at the first use, %s, and never again', async (_, use) => {
    const read = vi.fn(goodOptions)
    const api = createWebApi(read)
    const attempt = async (): Promise<unknown> => use(api)
    await attempt().catch(() => undefined)
    expect(read).toHaveBeenCalledOnce()
    await attempt().catch(() => undefined)
    api.health()
    expect(read).toHaveBeenCalledOnce()
    await api.close()
  })

  it.each(Object.entries(uses))(
    'says at the first use, %s, what is wrong, and tries again at the next',
    async (_, use) => {
      const environment: { CLIENT_SECRET?: string } = {}
      const api = createWebApi(() => ({
        ...goodOptions(),
        clientCredential: clientSecret(environment.CLIENT_SECRET),
      }))
      const attempt = async (): Promise<unknown> => use(api)
      await expect(attempt()).rejects.toThrow(ConfigurationError)
      await expect(attempt()).rejects.toThrow(/clientSecret|clientCredential/)
      environment.CLIENT_SECRET = 's3cret'
      await attempt().catch(() => undefined)
      expect(api.health().cachedTokens).toBe(0)
      await api.close()
    },
  )

  it('has one ready API behind it: keys are fetched once, and every member is there', async () => {
    const options = goodOptions()
    const [lazy, eager] = [createWebApi(() => options), createWebApi(options)]
    await lazy.warmUp()
    expect(lazy.health()).toMatchObject({ ready: true })
    const caller = await lazy.authenticate(request)
    expect(caller.principal.kind).toBe('user')
    const members = (api: WebApi) =>
      [...Object.keys(api), ...Object.keys(api.longRunning), ...Object.keys(api.revocations)].sort()
    expect(members(lazy)).toEqual(members(eager))
    expect(await explainToken(lazy, 'x')).toEqual(await explainToken(eager, 'x'))
    await lazy.close()
    await eager.close()
  })

  it('checks the requirements of a route at once, as far as that needs no options', () => {
    const api = createWebApi(goodOptions)
    expect(() => protect(api, { scopes: [] })).toThrow(ConfigurationError)
    protect(api, { scopes: ['api://todolist/access_as_user'] }) // an issuer other than Entra may have such scopes
    api.health()
    expect(() => protect(api, { scopes: ['api://todolist/access_as_user'] })).toThrow(
      "write 'access_as_user'",
    )
  })

  it('says with the first request what is wrong with requirements that were written before', async () => {
    const api = createWebApi(goodOptions)
    const written = api.authenticate(request, { scopes: ['api://todolist/access_as_user'] })
    await expect(written).rejects.toThrow("write 'access_as_user'")
  })

  it('says that options that are still to come are none', async () => {
    const api = createWebApi((() => Promise.reject(new Error('later'))) as unknown as () => AnyWebApiOptions)
    await expect(api.warmUp()).rejects.toThrow(/^options: is a promise/)
  })

  it('knows a promise of another realm, such as Node’s own inside of jest, for one, and leaves none of its rejections unheard', async () => {
    const promise = runInNewContext('Promise.reject(new Error("later"))') as AnyWebApiOptions
    expect(promise).not.toBeInstanceOf(Promise)
    await expect(createWebApi(() => promise).warmUp()).rejects.toThrow(/^options: is a promise/)
  })

  it('serves its metadata from the first request on', async () => {
    const app = express()
    app.use(serveResourceMetadata(createWebApi(goodOptions)))
    const url = await serve(app)
    const answer = await fetch(`${url}/.well-known/oauth-protected-resource`)
    expect(await answer.json()).toMatchObject({ resource: 'https://api.contoso.com/' })
  })
})
