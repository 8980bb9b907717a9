// An authority that lets a blueprint's agents act, as strictly as Entra does, and a downstream API that says whose token it was sent.
import { clientSecret, createWebApi, type Caller, type WebApi, type WebApiOptions } from '../../src/index.ts'
import {
  createFakeAuthority,
  serveEntra,
  type MovableClock,
  createClock,
} from '../authority/fake-authority.ts'
import {
  clientId,
  createSigner,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
} from '../jwt/token-builder.ts'

const signer = createSigner('entra-key')
const todoUrl = 'https://todolist.example/api/'

/** The client id of an agent of this blueprint, by number. */
export const agentId = (number: number): string =>
  `a9e00000-0000-4000-8000-${String(number).padStart(12, '0')}`
/** The object id of a user, by number. */
export const personId = (number: number): string =>
  `d0000000-0000-4000-8000-${String(number).padStart(12, '0')}`
/** The user account of an agent. */
export const accountOf = (
  number: number,
): { readonly objectId: string; readonly userPrincipalName: string } => ({
  objectId: `ac000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  userPrincipalName: `agent${number}@contoso.com`,
})

/** What a token says: who acts, and for whom. */
export interface Seen {
  readonly kind: 'T1' | 'access'
  readonly actor: string
  readonly subject: string
  readonly audience: string
  readonly tenant: string
  readonly serial: number
}

/** One request of a token. */
export interface Asked {
  readonly tenant: string
  readonly form: URLSearchParams
}

export interface AgentWorld {
  readonly clock: MovableClock
  readonly asked: Asked[]
  /** The tokens that the downstream API was sent. */
  readonly seen: Seen[]
  readonly disabled: Set<string>
  /** T1 up to this serial number are not trusted any more. */
  withdrawnUpTo: number
  /** Answers instead of the authority. */
  refusal: ((asked: Asked) => Response | undefined) | undefined
  /** Answers instead of the downstream API. */
  downstream: ((seen: Seen) => Response | undefined) | undefined
  api(options?: Partial<WebApiOptions>): WebApi
  /** What {@link AgentWorld.api} makes an API of. */
  options(): WebApiOptions
  caller(api: WebApi, person: number, claims?: Record<string, unknown>): Promise<Caller>
  /** How often T1 was asked for. */
  proofs(agent?: string): number
  /** Requests of anything else. */
  exchanges(): readonly URLSearchParams[]
}

const exchangeScope = 'api://azureadtokenexchange/.default'
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export function createAgentWorld(): AgentWorld {
  const documents = createFakeAuthority()
  for (const segment of [tenantId, otherTenantId, 'organizations'])
    serveEntra(documents, [signer], { segment })
  let serial = 0
  const issue = (facts: Omit<Seen, 'serial'>, members: Record<string, unknown> = {}): Response =>
    Response.json({
      token_type: 'Bearer',
      expires_in: 3600,
      access_token: write({ ...facts, serial: ++serial }),
      ...members,
    })
  const world: AgentWorld = {
    clock: createClock(),
    asked: [],
    seen: [],
    disabled: new Set(),
    withdrawnUpTo: 0,
    refusal: undefined,
    downstream: undefined,
    options: () => ({
      tenantId,
      clientId,
      clientCredential: clientSecret('the-secret-of-the-blueprint'),
      downstreamApis: { todolist: { baseUrl: todoUrl, scopes: ['api://todolist/Todos.Read'] } },
      resilience: { maxRetries: 0 },
      logger: false,
      clock: world.clock,
      fetch,
    }),
    api: (options = {}) => createWebApi({ ...world.options(), ...options }),
    caller(api, person, claims = {}) {
      const token = signToken({
        claims: userClaims({ oid: personId(person), sub: `sub-${person}`, xms_cc: ['cp1'], ...claims }),
        signer,
      })
      const header = (name: string): string | undefined =>
        name === 'authorization' ? `Bearer ${token}` : undefined
      return api.authenticate({ header, method: 'GET', url: '/' })
    },
    proofs: (agent) =>
      world.asked.filter(
        ({ form }) => form.has('fmi_path') && [undefined, form.get('fmi_path')].includes(agent),
      ).length,
    exchanges: () => world.asked.map(({ form }) => form).filter((form) => !form.has('fmi_path')),
  }

  async function fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input)
    if (url.href.startsWith(todoUrl)) return answerDownstream(init)
    if (!url.pathname.endsWith('/token')) return documents.fetch(url, init)
    const asked = { tenant: url.pathname.split('/')[1]!, form: new URLSearchParams(init.body as string) }
    world.asked.push(asked)
    await new Promise((resolve) => setImmediate(resolve)) // nobody over a network answers sooner
    return world.refusal?.(asked) ?? answerToken(asked)
  }

  function answerDownstream(init: RequestInit): Response {
    const seen = read(new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? '')
    world.seen.push(seen)
    return world.downstream?.(seen) ?? Response.json(seen)
  }

  function answerToken({ tenant, form }: Asked): Response {
    if (['common', 'organizations'].includes(tenant)) return refuse('invalid_request', 90130)
    const scope = (form.get('scope') ?? '').toLowerCase()
    const agent = form.get('fmi_path')
    if (agent !== null) {
      if (form.get('client_id') !== clientId || scope !== exchangeScope)
        return refuse('invalid_request', 900144)
      if (world.disabled.has(agent)) return refuse('unauthorized_client', 7000112)
      return issue({ kind: 'T1', actor: agent, subject: clientId, audience: clientId, tenant })
    }
    const actor = form.get('client_id') ?? ''
    if (actor === clientId) {
      const subject = form.get('assertion')
      return issue({
        ...{ kind: 'access', actor, audience: scope, tenant },
        subject: subject === null ? actor : String(claimsOf(subject)['oid']),
      })
    }
    return answerAgent({ tenant, form }, actor, scope)
  }

  function answerAgent({ tenant, form }: Asked, actor: string, scope: string): Response {
    const proof = read(form.get('client_assertion') ?? '')
    if (form.has('client_secret')) return refuse('invalid_client', 7000216)
    const isTrusted = proof.kind === 'T1' && proof.actor === actor && proof.serial > world.withdrawnUpTo
    if (!isTrusted || proof.tenant !== tenant) return refuse('invalid_client', 700213)
    if (world.disabled.has(actor)) return refuse('unauthorized_client', 7000112)
    const facts = { kind: 'access', actor, audience: scope, tenant } as const
    const withRefresh = scope.includes('offline_access') ? { refresh_token: `refresh-of-${actor}` } : {}
    switch (form.get('grant_type') ?? '') {
      case 'client_credentials':
        return issue({ ...facts, subject: actor })
      case jwtBearer: {
        const claims = claimsOf(form.get('assertion') ?? '')
        if (claims['aud'] !== clientId) return refuse('invalid_grant', 500131)
        return issue({ ...facts, subject: String(claims['oid']) }, withRefresh)
      }
      case 'refresh_token':
        if (form.get('refresh_token') !== `refresh-of-${actor}`) return refuse('invalid_grant', 70008)
        return issue({ ...facts, subject: 'of the session' }, withRefresh)
      case 'user_fic': {
        const user = read(form.get('user_federated_identity_credential') ?? '')
        const isOwn = user.actor === actor && user.subject === actor && user.audience === exchangeScope
        if (!isOwn) return refuse('invalid_grant', 500131)
        return issue({ ...facts, subject: form.get('user_id') ?? form.get('username') ?? '' })
      }
      default:
        return refuse('unsupported_grant_type', 70003)
    }
  }
  return world
}

/** A refusal as Entra words it. */
export function refuse(error: string, number: number, members: Record<string, unknown> = {}): Response {
  const body = { error, error_description: `AADSTS${number}: refused.`, error_codes: [number], ...members }
  return Response.json(body, { status: 400 })
}

const write = (seen: Seen): string => `h.${Buffer.from(JSON.stringify(seen)).toString('base64url')}.s`

export function read(token: string): Seen {
  return claimsOf(token) as unknown as Seen
}

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.')
  return payload === ''
    ? {}
    : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)
}
