// The application itself as somebody who acts: its own token at a downstream API, in a tenant that may be chosen, without a caller.
import { describe, expect, it } from 'vitest'
import { AcquisitionError, ConfigurationError, createWebApi } from '../../src/index.ts'
import { clientId, otherTenantId, tenantId } from '../jwt/token-builder.ts'
import { createAgentWorld, refuse } from './agent-authority.ts'

const errorOf = (work: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(work)
    .then(
      () => expect.unreachable(),
      (error: unknown) => error,
    )

describe('the application itself', () => {
  it('calls a downstream API with its own token, though that is configured for callers', async () => {
    const world = createAgentWorld()
    const api = world.api()
    expect(await api.application().downstream('todolist').getJson('todos')).toMatchObject({
      actor: clientId,
      subject: clientId,
      audience: 'api://todolist/.default',
      tenant: tenantId,
    })
    await api.application().fetch('todolist')('todos')
    expect(world.exchanges().map((form) => form.get('grant_type'))).toEqual(['client_credentials'])
  })

  it('acts in the tenant that is named, and keeps its tokens apart', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const there = api.application({ tenantId: otherTenantId })
    expect(await there.downstream('todolist').getJson('todos')).toMatchObject({ tenant: otherTenantId })
    expect(await api.application().downstream('todolist').getJson('todos')).toMatchObject({
      tenant: tenantId,
    })
    expect(world.asked.map(({ tenant }) => tenant)).toEqual([otherTenantId, tenantId])
  })

  it('acquires tokens, from the cache that acquireTokenForClient has', async () => {
    const world = createAgentWorld()
    const api = world.api()
    const scopes = ['api://todolist/.default']
    const { accessToken } = await api.application().acquireToken({ scopes })
    expect((await api.acquireTokenForClient({ scopes })).accessToken).toBe(accessToken)
    expect(world.asked).toHaveLength(1)
  })

  it('acquires a refused token anew, once', async () => {
    const world = createAgentWorld()
    const api = world.api()
    let refused = 0
    const challenge = `Bearer error="insufficient_claims", claims="${btoa('{"access_token":{"nbf":{"value":"1"}}}')}"`
    world.downstream = () =>
      refused++ === 0
        ? new Response('', { status: 401, headers: { 'www-authenticate': challenge } })
        : undefined
    expect(await api.application().downstream('todolist').getJson('todos')).toMatchObject({
      subject: clientId,
    })
    expect(world.asked).toHaveLength(2)
  })

  it('is told of what cannot work', async () => {
    const world = createAgentWorld()
    const api = world.api()
    expect(await errorOf(() => api.application().downstream('nothing'))).toBeInstanceOf(AcquisitionError)
    expect(await errorOf(() => api.application({ tenant: tenantId } as object))).toBeInstanceOf(
      ConfigurationError,
    )
    world.refusal = () => refuse('invalid_client', 7000215)
    expect(await errorOf(() => api.application().downstream('todolist').getJson('x'))).toMatchObject({
      code: 'token_request_refused',
    })
  })

  it('of an API whose options come later acts once they are there', async () => {
    const world = createAgentWorld()
    const api = createWebApi(() => world.options())
    expect(await api.application().downstream('todolist').getJson('todos')).toMatchObject({
      subject: clientId,
    })
  })
})
