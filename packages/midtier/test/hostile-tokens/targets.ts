// The APIs under attack: each way of configuring one, the authority behind it, and the genuine tokens it has to let in.
import {
  createWebApi,
  MidtierError,
  type Caller,
  type ObservedEvent,
  type WebApi,
  type WebApiOptions,
} from '../../src/index.ts'
import {
  createClock,
  createFakeAuthority,
  serveEntra,
  type FakeAuthority,
} from '../authority/fake-authority.ts'
import { clientId, nowSeconds, otherTenantId, tenantId, userClaims } from '../jwt/token-builder.ts'
import { publishedKeys } from './published-keys.ts'
import { forge, keys, named } from './token-forge.ts'

export type TargetName = keyof typeof descriptions

/** A target, fresh for every case. */
export interface Target {
  readonly api: WebApi
  readonly authority: FakeAuthority
  /** The documents of the authority: nothing else may ever be fetched. */
  readonly documents: ReadonlySet<string>
  readonly events: readonly ObservedEvent[]
  /** Genuine tokens. */
  readonly controls: readonly string[]
}

interface Description {
  readonly options?: Partial<WebApiOptions>
  /** Publishes the documents; default: those of Entra for the one tenant. */
  readonly publish?: (authority: FakeAuthority) => void
  /** Genuine tokens besides a user's. */
  readonly controls: readonly string[]
}

/** The generic OpenID Connect issuer that is trusted beside Entra. */
export const partnerIssuer = 'https://id.partner.example'

/** The claims of a token of that issuer. */
export function partnerClaims(claims: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: partnerIssuer,
    aud: 'todo-api',
    sub: 'ada',
    scope: 'read',
    client_id: 'spa',
    iat: nowSeconds - 60,
    exp: nowSeconds + 3_600,
    ...claims,
  }
}

const otherTenantsUser = forge.user({ tid: otherTenantId })
const domain = 'contoso.onmicrosoft.com'
const govIssuer = `https://login.microsoftonline.us/${tenantId}/v2.0`

const descriptions = {
  /** The defaults: one tenant, tokens of both versions. */
  single: { controls: [forge.app(), forge.v1(), forge.v1({ aud: clientId })] },
  /** Every work tenant. */
  multi: {
    options: { tenantId: 'organizations', allowedTenants: null },
    publish: (authority) => publishEntra(authority, 'organizations'),
    controls: [otherTenantsUser, forge.app(), forge.v1()],
  },
  /** Multi-tenant, for one tenant so far. */
  listed: {
    options: { tenantId: 'organizations', allowedTenants: [tenantId] },
    publish: (authority) => publishEntra(authority, 'organizations'),
    controls: [forge.v1()],
  },
  /** Its tenant named by domain: the GUID behind it is learned from the metadata. */
  domain: {
    options: { tenantId: domain },
    publish: (authority) => publishEntra(authority, domain, tenantId),
    controls: [forge.v1()],
  },
  /** Another cloud, whose v1.0 issuer is spelled as the global one's. */
  government: {
    options: { instance: 'https://login.microsoftonline.us/' },
    publish: publishGovernment,
    controls: [forge.by(named(keys.leaked, 'key-gov'), {}, userClaims({ iss: govIssuer }))],
  },
  /** As lax about clocks and audiences as it can be made without giving up. */
  loosened: {
    options: { clockToleranceSeconds: 900, audience: ['https://api.contoso.com', 'api://todo'] },
    controls: [forge.user({ aud: 'https://api.contoso.com' }), forge.v1({ aud: 'api://todo' })],
  },
  /** Every algorithm. */
  algorithms: {
    options: { algorithms: ['RS256', 'PS256', 'ES256'] },
    controls: [forge.by(keys.curve), forge.by(named(keys.leaked, 'for-ps256', 'PS256'))],
  },
  /** Tokens for whomever. */
  anyAudience: {
    options: { audience: null },
    controls: [forge.user({ aud: 'https://graph.microsoft.com' })],
  },
  /** Tokens without a scope or a role. */
  unpermitted: {
    options: { acceptTokensWithoutPermissions: true },
    controls: [forge.app({ roles: undefined })],
  },
  /** Two issuers that do not trust each other. */
  partner: {
    options: { additionalRegistrations: [{ issuer: partnerIssuer, audience: 'todo-api' }] },
    publish: publishPartner,
    controls: [forge.by(named(keys.leaked, 'partner-key'), {}, partnerClaims())],
  },
} satisfies Record<string, Description>

export const targetNames: readonly TargetName[] = Object.keys(descriptions) as TargetName[]

/** An API and its authority, with nothing asked and nothing cached. */
export function createTarget(name: TargetName): Target {
  const { options, publish = publishEntra, controls }: Description = descriptions[name]
  const authority = createFakeAuthority()
  const documents = new Set<string>()
  publish({
    ...authority,
    serve: (url, document) => {
      documents.add(url)
      authority.serve(url, document)
    },
  })
  const events: ObservedEvent[] = []
  const api = createWebApi({
    tenantId,
    clientId,
    maxCachedTokens: 100, // the default makes room for 20 000 at once, which takes milliseconds for each of many targets
    clock: createClock(),
    fetch: authority.fetch,
    observer: (event) => events.push(event),
    ...options,
  })
  const first = name === 'government' ? [] : [forge.genuine]
  return { api, authority, documents, events, controls: [...first, ...controls] }
}

/** The caller of a request with this Authorization field, or the refusal. @throws whatever is none of the library's own errors. */
export async function outcomeOf(
  { api }: Target,
  value: string | readonly string[],
): Promise<Caller | MidtierError> {
  const header = (name: string): typeof value | undefined => (name === 'authorization' ? value : undefined)
  try {
    return await api.authenticate({ header, method: 'GET', url: '/' })
  } catch (error) {
    if (error instanceof MidtierError) return error
    throw error
  }
}

function publishEntra(authority: FakeAuthority, segment: string = tenantId, tid?: string): void {
  serveEntra(authority, [], tid === undefined ? { segment } : { segment, tid })
  const host = 'https://login.microsoftonline.com'
  authority.serve(`${host}/${segment}/discovery/v2.0/keys`, v2Keys)
  authority.serve(`${host}/common/discovery/keys`, v1Keys)
}

const v2Keys = JSON.stringify({ keys: publishedKeys('https://login.microsoftonline.com/{tenantid}/v2.0') })
const v1Keys = JSON.stringify({ keys: [...publishedKeys(undefined), keys.leaked.jwk({ kid: 'v1-only' })] })

function publishGovernment(authority: FakeAuthority): void {
  const base = `https://login.microsoftonline.us/${tenantId}`
  const documents = [
    ['/v2.0', govIssuer],
    ['', `https://sts.windows.net/${tenantId}/`],
  ] as const
  for (const [version, issuer] of documents) {
    authority.serve(`${base}${version}/.well-known/openid-configuration`, {
      issuer,
      jwks_uri: `${base}/discovery${version}/keys`,
      cloud_instance_name: 'microsoftonline.us',
    })
    authority.serve(`${base}/discovery${version}/keys`, { keys: [keys.leaked.jwk({ kid: 'key-gov' })] })
  }
}

/** The partner has a key of the same `kid` as Entra's. */
function publishPartner(authority: FakeAuthority): void {
  publishEntra(authority)
  authority.serve(`${partnerIssuer}/.well-known/openid-configuration`, {
    issuer: partnerIssuer,
    jwks_uri: `${partnerIssuer}/keys`,
  })
  authority.serve(`${partnerIssuer}/keys`, {
    keys: [keys.leaked.jwk({ kid: 'partner-key' }), keys.leaked.jwk({ kid: 'key-1' })],
  })
}
