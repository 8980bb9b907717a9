// Everything around a fake web API: an authority that knows whom it gave which token, and the APIs that are shown them.
import { createFakeAuthority, type FakeTokenRequest } from './fake-authority.ts'
import type { FakeApi, FakeCall } from './fake-downstream.ts'
import type { FakeCaller } from './fake-caller.ts'
import { bearerIn } from './fake-tokens.ts'

/** What is in place of the network. */
export interface FakeWorld {
  readonly calls: FakeCall[]
  readonly fetch: (input: string | URL, init?: RequestInit) => Promise<Response>
  /** Who an incoming token is, for those who are shown one that was exchanged for it. */
  readonly introduce: (token: string, who: FakeCaller) => void
}

/** Nothing of it leaves the process. */
export function createFakeWorld(
  apis: ReadonlyMap<string, FakeApi>,
  { tenantId, clientId }: { readonly tenantId: string; readonly clientId: string },
): FakeWorld {
  const incoming = new Map<string | undefined, FakeCaller>()
  const issued = new Map<string, Pick<FakeCall, 'caller' | 'agent' | 'agentUser'>>()
  const calls: FakeCall[] = []
  const authority = createFakeAuthority({
    tenantId,
    refusalOf: ({ scopes }) => apiOf(scopes, apis)?.refusal,
    issue({ assertion, clientId: client, agentUser }: FakeTokenRequest) {
      const token = `fake-access-token-${issued.size + 1}`
      const caller = incoming.get(assertion)
      issued.set(token, { caller, agent: client === clientId ? undefined : client, agentUser })
      return token
    },
  })
  return {
    calls,
    introduce: (token, who) => void incoming.set(token, who),
    async fetch(input, init = {}) {
      const url = new URL(input)
      const body = await new Response(init.body).text()
      const answer = authority(url, body)
      if (answer !== undefined) return answer
      const api = [...apis.values()].find(({ baseUrl }) => url.href.startsWith(baseUrl.href))
      if (api === undefined)
        throw new TypeError(`createFakeWebApi: ${url.origin} is no downstream API of the test`)
      const headers = new Headers(init.headers)
      const holder = issued.get(bearerIn(headers.get('authorization')))
      headers.delete('authorization')
      const path = url.pathname.slice(api.baseUrl.pathname.length)
      const as = holder?.caller === undefined && holder?.agentUser === undefined ? 'app' : 'user'
      const call = {
        api: api.name,
        method: init.method ?? 'GET',
        path,
        query: url.searchParams,
        headers,
        body,
        as,
        agent: holder?.agent,
        agentUser: holder?.agentUser,
        caller: holder?.caller,
      } as const
      calls.push(call)
      return api.respond(call)
    },
  }
}

/** By the resource that the scopes are of. */
function apiOf(scopes: readonly string[], apis: ReadonlyMap<string, FakeApi>): FakeApi | undefined {
  const wanted = new Set(scopes.map(resourceOf))
  return [...apis.values()].find((api) => api.scopes.some((scope) => wanted.has(resourceOf(scope))))
}

function resourceOf(scope: string): string {
  return scope.includes('://') ? scope.slice(0, scope.lastIndexOf('/')) : 'https://graph.microsoft.com'
}
