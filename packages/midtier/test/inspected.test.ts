// What util.inspect shows of everything that an application holds, with any options: no token, no secret, and nobody's name.
import { inspect, type InspectOptions } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { clientSecret, createWebApi, isMidtierError, type WebApi } from '../src/index.ts'
import { createFakeAuthority, serveEntra } from './authority/fake-authority.ts'
import {
  clientId,
  createSigner,
  nowSeconds,
  signToken,
  tenantId,
  userClaims,
  userId,
} from './jwt/token-builder.ts'

const signer = createSigner('entra-key')
const secret = 'the-s3cret-of-the-middle-tier'
const downstreamToken = 'downstream-token-of-ada'
const person = { name: 'Ada Lovelace', email: 'ada@contoso.example', preferred_username: 'ada@upn.example' }
const bearer = signToken({ claims: userClaims(person), signer })
const needles = [
  ...Object.values(person),
  secret,
  downstreamToken,
  bearer.split('.')[1]!,
  bearer.split('.')[2]!,
]

const either = [false, true]
const options: readonly InspectOptions[] = either.flatMap((showHidden) =>
  either.flatMap((customInspect) =>
    either.flatMap((showProxy) =>
      ([false, true, 'get', 'set'] as const).map((getters) => ({
        depth: 5,
        maxStringLength: null,
        maxArrayLength: null,
        showHidden,
        customInspect,
        showProxy,
        getters,
      })),
    ),
  ),
)

/** One answer after the other. */
function createApi(
  todo: () => Response = () => new Response(`for ${person.email}`, { status: 500 }),
): WebApi {
  const authority = createFakeAuthority()
  serveEntra(authority, [signer])
  let answers = 0
  const grant = { token_type: 'Bearer', access_token: downstreamToken, expires_in: 3600 }
  const refusal = {
    error: 'invalid_grant',
    error_codes: [65001],
    error_description: `AADSTS65001: ${person.email} ${bearer} ${secret}`,
  }
  return createWebApi({
    tenantId,
    clientId,
    clientCredential: clientSecret(secret),
    downstreamApis: {
      todo: { baseUrl: 'https://todo.example/', scopes: ['api://todo/.default'], maxRetries: 0 },
    },
    revocations: {},
    logger: false,
    clock: { nowMs: () => nowSeconds * 1000 },
    fetch: (url, init) => {
      if (String(url).startsWith('https://todo.example/')) return Promise.resolve(todo())
      if (!String(url).endsWith('/token')) return authority.fetch(url, init)
      answers += 1
      return Promise.resolve(answers === 1 ? Response.json(grant) : Response.json(refusal, { status: 400 }))
    },
  })
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

/** What an application can come to hold. */
async function collect(): Promise<Readonly<Record<string, unknown>>> {
  const api = createApi()
  const request = (token: string) => ({
    header: (name: string) => (name === 'authorization' ? `Bearer ${token}` : undefined),
    method: 'GET',
    url: '/',
  })
  const caller = await api.authenticate(request(bearer))
  const token = await caller.acquireToken({ scopes: ['api://todo/.default'] })
  const downstreamFailure = await failureOf(caller.downstream('todo').getJson('x'))
  const refusal = await failureOf(caller.acquireToken({ scopes: ['User.Read'] }))
  const forbidden = await failureOf(api.authenticate(request(bearer), { scopes: ['Other'] }))
  await api.revocations.revokeUser({ objectId: userId, tenantId })
  const revoked = await failureOf(api.authenticate(request(bearer)))
  const tampered = await failureOf(api.authenticate(request(`${bearer.slice(0, -20)}${'A'.repeat(20)}`)))
  const errors = { downstreamFailure, refusal, forbidden, revoked, tampered }
  expect(Object.values(errors).every(isMidtierError)).toBe(true)
  return {
    api,
    lazy: createWebApi(() => ({ tenantId, clientId })),
    caller,
    principal: caller.principal,
    account: caller.account,
    downstream: caller.downstream('todo'),
    token,
    tokenPrototype: Object.getPrototypeOf(token) as unknown,
    credential: clientSecret(secret),
    ...errors,
  }
}

let held: Readonly<Record<string, unknown>>
beforeAll(async () => {
  held = await collect()
})

describe('what is inspected with any options', () => {
  it('tells no token, no secret and no name, five levels deep', () => {
    const found = Object.entries(held).flatMap(([name, value]) =>
      options.flatMap((option) => {
        const text = inspect({ value }, option)
        return needles
          .filter((needle) => text.includes(needle))
          .map((needle) => `${name}: ${needle.slice(0, 30)}`)
      }),
    )
    expect([...new Set(found)]).toEqual([])
  })

  it('still tells what is of use', () => {
    const { token, principal } = held
    expect(inspect(token, { showHidden: true, getters: true })).toMatch(
      /^AccessToken \{\s+tokenType: 'Bearer'/,
    )
    expect(inspect(principal)).toMatch(/^\{\s+kind: 'user'/)
  })
})
