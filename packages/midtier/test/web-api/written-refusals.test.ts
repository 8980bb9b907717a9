// What an API is asked wrongly: the words of each refusal, and what the observer is told of it, written down to be read.
import { it } from 'vitest'
import {
  clientSecret,
  createManagedIdentity,
  createWebApi,
  explainToken,
  imdsEndpoint,
  isMidtierError,
  type Caller,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import { HandClock } from '../acquire/scenario.ts'
import { createSharedTextStore } from '../acquire/shared-text-store.ts'
import { clientId, nowSeconds, otherTenantId, tenantId } from '../jwt/token-builder.ts'
import { expectWritten } from '../written.ts'
import { accountOf, agentId, createAgentWorld, personId } from './agent-authority.ts'

const id = agentId(1)
const scopes = ['api://todolist/.default']
const shared = {
  longRunning: {},
  revocations: {},
  tokenCache: {
    store: createSharedTextStore(new HandClock()).store,
    keyRing: { current: 'k1', keys: { k1: new Uint8Array(32) } },
  },
}
const validating = { clientCredential: undefined, downstreamApis: {} }
const identity = {
  clientCredential: createManagedIdentity({ endpoint: imdsEndpoint('http://127.0.0.1:9') }),
  downstreamApis: {},
}
const elsewhere = { additionalRegistrations: [{ tenantId: otherTenantId, clientId }] }
const atOther = { tid: otherTenantId, iss: `https://login.microsoftonline.com/${otherTenantId}/v2.0` }
const person = { objectId: personId(1), tenantId }

type Attempt = (api: WebApi, caller: Caller) => unknown

interface Kind {
  readonly of: string
  readonly options?: Partial<WebApiOptions>
  readonly claims?: Record<string, unknown>
  readonly attempts: Readonly<Record<string, Attempt>>
}

const any = (value: unknown): never => value as never

const kinds: readonly Kind[] = [
  {
    of: 'an API with a secret and one downstream API',
    attempts: {
      'agent(…) without an id': (api) => api.agent(any(undefined)),
      'agent(…) by a name': (api) => api.agent('expenses'),
      'agent(…) with options that are none': (api) => api.agent(id, any('contoso.com')),
      'agent(…) with an unknown option': (api) => api.agent(id, any({ tenant: tenantId })),
      'agent(…) in a tenant that cannot be': (api) => api.agent(id, { tenantId: 'a/b' }),
      'onBehalfOf(…) no caller': (api) => api.agent(id).onBehalfOf(any({})),
      'onBehalfOf(…) nobody': (api) => api.agent(id).onBehalfOf(any(null)),
      'onBehalfOf(…) a number': (api) => api.agent(id).onBehalfOf(any(7)),
      'onBehalfOf(…) where the tenant is a domain': (api, caller) =>
        api.agent(id, { tenantId: 'contoso.com' }).onBehalfOf(caller),
      'onBehalfOf(…) in another tenant': (api, caller) =>
        api.agent(id, { tenantId: otherTenantId }).onBehalfOf(caller),
      'asUser(…) nobody': (api) => api.agent(id).asUser(any(undefined)),
      'asUser(…) by both names': (api) => api.agent(id).asUser(any(accountOf(1))),
      'asUser(…) by a user name that is none': (api) => api.agent(id).asUser({ userPrincipalName: 'agent1' }),
      'asUser(…) by a user name that is no text': (api) =>
        api.agent(id).asUser({ userPrincipalName: any(7) }),
      'asUser(…) by an object id that is none': (api) => api.agent(id).asUser({ objectId: 'agent1' }),
      'asUser(…) by an object id that is no text': (api) => api.agent(id).asUser({ objectId: any(7) }),
      'downstream(…) of an agent': (api) => api.agent(id).downstream('nothing'),
      'application(…) with an unknown option': (api) => api.application(any({ tenant: tenantId })),
      'downstream(…) of the application': (api) => api.application().downstream('nothing'),
      'fetch(…) of the application': (api) => api.application().fetch('nothing'),
      'downstream(…) of a caller': (_, caller) => caller.downstream('nothing'),
      'downstream(…) of a caller by a long name': (_, caller) => caller.downstream('n'.repeat(65)),
      'fetch(…) of a caller': (_, caller) => caller.fetch('nothing'),
      'forget(…) nobody': (api) => api.forget(any(undefined)),
      'forget(…) by an empty id': (api) => api.forget({ id: '' }),
      'longRunning.start(…)': (api, caller) => api.longRunning.start(caller, { scopes }),
      'longRunning.acquire(…)': (api) => api.longRunning.acquire('key'),
      'longRunning.stop(…)': (api) => api.longRunning.stop('key'),
      'revocations.revokeUser(…)': (api) => api.revocations.revokeUser(person),
      'revocations.revokeTenant(…)': (api) => api.revocations.revokeTenant(tenantId),
      'revocations.revokeSession(…)': (api) => api.revocations.revokeSession('s'),
      'explainToken(…) of something else': () => explainToken(any({}), 'token'),
      'a token exchange for an API that is not named': () =>
        createWebApi({
          ...{ clientId, audience: 'https://api.example', clientCredential: clientSecret('s3cret') },
          authority: { issuer: 'https://id.example', tokenExchange: 'rfc8693' },
          downstreamApis: { todolist: { baseUrl: 'https://todolist.example/api/', scopes: [] } },
        }),
      'options that are a promise': () => createWebApi(any(() => Promise.resolve({}))).health(),
    },
  },
  {
    of: 'an API that only validates',
    options: validating,
    attempts: {
      'acquireToken(…) of a caller': (_, caller) => caller.acquireToken({ scopes }),
      'acquireTokenForClient(…)': (api) => api.acquireTokenForClient({ scopes }),
      'acquireToken(…) of the application': (api) => api.application().acquireToken({ scopes }),
      'acquireToken(…) of an agent': (api) => api.agent(id).acquireToken({ scopes }),
      'forget() of an agent': (api) => api.agent(id).forget(),
      'forget(…)': (api) => api.forget({ id: `${personId(1)}.${tenantId}` }),
      'downstream(…) of a caller': (_, caller) => caller.downstream('nothing'),
    },
  },
  {
    of: 'an API with a managed identity',
    options: identity,
    attempts: { 'acquireToken(…) of an agent': (api) => api.agent(id).acquireToken({ scopes }) },
  },
  {
    of: 'an API of two registrations, of the caller of the other one',
    options: elsewhere,
    claims: atOther,
    attempts: { 'acquireToken(…) of a caller': (_, caller) => caller.acquireToken({ scopes }) },
  },
  {
    of: 'an API with sessions and revocations',
    options: shared,
    attempts: {
      'longRunning.start(…) for no caller': (api) => api.longRunning.start(any({}), { scopes }),
      'longRunning.acquire(…) of no session': (api) => api.longRunning.acquire('key'),
      'revocations.revokeUser(…) nobody': (api) => api.revocations.revokeUser(any(undefined)),
      'revocations.revokeUser(…) of no tenant': (api) =>
        api.revocations.revokeUser({ ...person, tenantId: ' ' }),
      'revocations.revokeTenant(…) none': (api) => api.revocations.revokeTenant(''),
      'revocations.revokeSession(…) that is no text': (api) => api.revocations.revokeSession(any(7)),
      'revocations.revokeTenant(…) in the future': (api) =>
        api.revocations.revokeTenant(tenantId, { notBefore: nowSeconds * 1000 + 1 }),
      'revocations.revokeTenant(…) at no time': (api) =>
        api.revocations.revokeTenant(tenantId, { notBefore: new Date('soon') }),
    },
  },
]

it('is refused in these words', async () => {
  const lines: string[] = []
  for (const { of, options = {}, claims = {}, attempts } of kinds) {
    lines.push(of)
    for (const [what, attempt] of Object.entries(attempts)) {
      const events: ObservedEvent[] = []
      const api = createAgentWorld().api({ ...options, observer: (event) => void events.push(event) })
      const caller = await createAgentWorld().caller(api, 1, claims)
      const refusal = await refusalOf(async () => attempt(api, caller))
      const told = events.flatMap((event) =>
        event.type === 'operation_failed' ? [`observed as ${event.operation}`] : [],
      )
      lines.push(`  ${what}`, `    ${refusal}`, `    ${told.join(', ') || 'thrown where it is written'}`)
      await api.close()
    }
    lines.push('')
  }
  await expectWritten(lines, new URL('written/refusals.txt', import.meta.url))
})

async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'is not refused'
  } catch (error) {
    if (!isMidtierError(error)) throw error
    return `${error.name}${'reason' in error ? ` ${error.reason}` : ''}: ${error.message}`
  }
}
