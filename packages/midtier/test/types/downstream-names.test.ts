// Names of downstream APIs are known to the compiler. What must not compile stands behind @ts-expect-error, which `tsc` checks.
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Request } from 'express'
import {
  clientSecret,
  createWebApi,
  type AnyWebApiOptions,
  type Caller,
  type DownstreamApi,
  type IncomingRequest,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import { findCaller, handle, protect } from '../../src/adapters/express.ts'
import { protect as protectFastify } from '../../src/adapters/fastify.ts'

const registration = {
  tenantId: 'a0000000-0000-4000-8000-000000000000',
  clientId: 'a0000000-0000-4000-8000-000000000002',
  clientCredential: clientSecret('for-nobody-to-see'),
}
const graph = { baseUrl: 'https://graph.microsoft.com/v1.0/', scopes: ['User.Read'] }
const todolist = { baseUrl: 'https://todolist.contoso.com/api/', scopes: ['api://todolist/.default'] }
const request: IncomingRequest = { header: () => undefined, method: 'GET', url: '/' }

/** The names that the callers of a web API take, as a type. */
const namesOf = <Api extends string>(_: WebApi<Api>): Api => '' as Api

/** What is said of a type alone: it is compiled and never runs. */
const compiles = (_work: () => unknown): void => undefined

describe('the names of downstreamApis', () => {
  const api = createWebApi({ ...registration, downstreamApis: { graph, todolist } })

  it('are those of the options', () => {
    expectTypeOf(namesOf(api)).toEqualTypeOf<'graph' | 'todolist'>()
    compiles(async () => {
      const caller = await api.authenticate(request)
      const found: DownstreamApi = caller.downstream('graph')
      const send: DownstreamApi['fetch'] = caller.fetch('todolist')
      // @ts-expect-error -- no such API
      caller.downstream('grpah')
      // @ts-expect-error -- no such API
      caller.fetch('grpah')
      // @ts-expect-error -- any text may be a name that is not there
      caller.downstream(request.url)
      return [found, send]
    })
  })

  it('are known to the check that is handed to a framework', () => {
    compiles(() => {
      // @ts-expect-error -- no such API
      protect(api, { check: (_, caller) => Boolean(caller.downstream('grpah')) })
      // @ts-expect-error -- no such API
      protectFastify(api, { check: (_, caller) => Boolean(caller.downstream('grpah')) })
      return [
        protect(api, { check: (_, caller) => Boolean(caller.downstream('graph')) }),
        protectFastify(api, { check: (_, caller) => Boolean(caller.downstream('graph')) }),
      ]
    })
  })

  it('are known to the check of a route and of the API', () => {
    compiles(() => {
      void api.authenticate(request, {
        check: async (_, caller) => {
          // @ts-expect-error -- no such API
          caller.downstream('grpah')
          return (await caller.downstream('graph').get('me')).ok
        },
      })
      const checking = createWebApi({
        ...registration,
        downstreamApis: { graph },
        requirements: {
          check: (_, caller) => {
            // @ts-expect-error -- no such API
            caller.downstream('grpah')
            return typeof caller.downstream('graph') === 'object'
          },
        },
      })
      expectTypeOf(namesOf(checking)).toEqualTypeOf<'graph'>()
    })
  })

  it('are known to an API that reads its options later', () => {
    const lazy = createWebApi(() => ({ ...registration, downstreamApis: { graph } }))
    expectTypeOf(namesOf(lazy)).toEqualTypeOf<'graph'>()
  })

  it('are known at an issuer other than Entra', () => {
    const openId = createWebApi({
      authority: { issuer: 'https://issuer.contoso.com/' },
      clientId: 'middle-tier',
      clientCredential: clientSecret('for-nobody-to-see'),
      audience: 'https://api.contoso.com/',
      downstreamApis: { orders: { baseUrl: 'https://orders.contoso.com/', scopes: ['read'] } },
    })
    expectTypeOf(namesOf(openId)).toEqualTypeOf<'orders'>()
  })

  it('are known of options that are written elsewhere, unless those say that they are any', () => {
    const kept = { ...registration, downstreamApis: { graph } } satisfies WebApiOptions
    const fromKept = createWebApi(kept)
    expectTypeOf(namesOf(fromKept)).toEqualTypeOf<'graph'>()

    const named: WebApiOptions<'graph'> = kept
    const fromNamed = createWebApi(named)
    expectTypeOf(namesOf(fromNamed)).toEqualTypeOf<'graph'>()

    const any: WebApiOptions = kept
    const fromAny = createWebApi(any)
    expectTypeOf(namesOf(fromAny)).toEqualTypeOf<string>()

    const either: AnyWebApiOptions = kept
    const fromEither = createWebApi(either)
    expectTypeOf(namesOf(fromEither)).toEqualTypeOf<string>()

    const byName: Record<string, typeof graph> = { graph }
    const fromRecord = createWebApi({ ...registration, downstreamApis: byName })
    expectTypeOf(namesOf(fromRecord)).toEqualTypeOf<string>()
  })

  it('are every name where there are no options to know them from', () => {
    const plain = createWebApi(registration)
    expectTypeOf(namesOf(plain)).toEqualTypeOf<string>()
    compiles((caller?: Caller) => caller?.downstream('anything'))
  })

  it('are none where there are none', () => {
    const none = createWebApi({ ...registration, downstreamApis: {} })
    expectTypeOf(namesOf(none)).toEqualTypeOf<never>()
    compiles(async () => {
      const caller = await none.authenticate(request)
      // @ts-expect-error -- there is no API at all
      caller.downstream('graph')
    })
  })

  it.each([true, false])('may hang on a condition, in either of two forms (%s)', async (isCalled) => {
    const spread = createWebApi({
      ...registration,
      downstreamApis: { todolist, ...(isCalled ? { graph } : {}) },
    })
    expectTypeOf(namesOf(spread)).toEqualTypeOf<'graph' | 'todolist'>()
    const absent: WebApiOptions['downstreamApis'] = { todolist, ...(isCalled ? { graph } : {}) }
    createWebApi({ ...registration, downstreamApis: absent })

    // Without exactOptionalPropertyTypes the compiler lets this through as well.
    const graphOrNot = (isCalled ? graph : undefined)!
    const given = createWebApi({ ...registration, downstreamApis: { todolist, graph: graphOrNot } })
    expectTypeOf(namesOf(given)).toEqualTypeOf<'graph' | 'todolist'>()
    await Promise.all([spread.close(), given.close()])
  })

  it('do not keep an API from where any will do, and what wants others is refused', () => {
    const anyApi: WebApi = api
    const takesCaller = (_: Caller<'graph'>): void => undefined
    compiles(async () => {
      takesCaller(await api.authenticate(request))
      const other = createWebApi({ ...registration, downstreamApis: { orders: todolist } })
      // @ts-expect-error -- a caller of other APIs
      takesCaller(await other.authenticate(request))
    })
    expect(anyApi).toBe(api)
  })

  it('leave what is wrong in an API to be said where it stands', () => {
    compiles(() =>
      createWebApi({
        ...registration,
        // @ts-expect-error -- no such member
        downstreamApis: { graph: { ...graph, timeout: 5 } },
      }),
    )
    const unscoped = { baseUrl: 'https://graph.microsoft.com/v1.0/' }
    // @ts-expect-error -- scopes are missing
    compiles(() => createWebApi({ ...registration, downstreamApis: { graph: unscoped } }))
  })

  it('are not known to the request of Express, whose type is one for every application', () => {
    compiles((req?: Request) => [
      protect(api),
      handle((each) => each.caller.downstream('anything')),
      req?.caller.downstream('anything'),
      req && findCaller(req)?.downstream('anything'),
    ])
  })
})
