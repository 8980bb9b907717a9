// What one request asks for: the configuration of an API, with the overrides of this request merged into a copy.
import type { ApiDefinition } from '../config/downstream-apis.ts'
import { Refusal } from '../kernel/refusals.ts'
import type { Parameters } from './parameters.ts'
import { isReserved } from './reserved-headers.ts'

/** The agent that a request names. */
export interface AgentChoice {
  readonly id: string
  readonly username: string | undefined
  readonly userId: string | undefined
}

/** A token, and a call that it may be for. Belongs to one request. */
export interface Plan {
  readonly api: string
  readonly scopes: readonly string[]
  readonly requestAppToken: boolean
  readonly relativePath: string
  readonly httpMethod: string | undefined
  readonly acceptHeader: string | undefined
  readonly contentType: { readonly configured: string | undefined; readonly overridden: string | undefined }
  readonly extraHeaders: ReadonlyMap<string, string>
  readonly extraQuery: Readonly<Record<string, string>>
  readonly tenant: { readonly id: string | undefined; readonly isOfRequest: boolean }
  readonly forceRefresh: boolean
  readonly claims: string | undefined
  readonly correlationId: string | undefined
  /** Name of a long-running session of the caller. */
  readonly session: string | undefined
  readonly managedIdentity: string | undefined
  readonly agent: AgentChoice | undefined
}

const acquire = 'optionsOverride.AcquireTokenOptions.'

/** What is configured, where nothing is overridden: definitions are frozen, and so are their plans. */
const configured = new WeakMap<ApiDefinition, Plan>()

/** @throws Refusal 400 for an API without scopes, and for what the sidecar does not have. */
export function mergePlan(api: ApiDefinition, parameters: Parameters | undefined): Plan {
  if (parameters !== undefined && parameters.given.length > 0) return merge(api, parameters)
  const known = configured.get(api) ?? Object.freeze(merge(api, undefined))
  configured.set(api, known)
  return known
}

function merge(api: ApiDefinition, parameters: Parameters | undefined): Plan {
  refuseUnsupported(parameters)
  const scopes = parameters?.scopes() ?? api.scopes
  if (scopes.length === 0)
    throw new Refusal(
      400,
      `No scopes found for the API '${api.name}' or in optionsOverride. Either the API is not configured or no scopes are specified.`,
    )
  return {
    api: api.name,
    scopes,
    requestAppToken: parameters?.flag('optionsOverride.RequestAppToken') ?? api.requestAppToken,
    relativePath: parameters?.single('optionsOverride.RelativePath') ?? api.relativePath,
    httpMethod: parameters?.single('optionsOverride.HttpMethod')?.toUpperCase() ?? api.httpMethod,
    acceptHeader: parameters?.single('optionsOverride.AcceptHeader') ?? api.acceptHeader,
    contentType: {
      configured: api.contentType,
      overridden: parameters?.single('optionsOverride.ContentType'),
    },
    extraHeaders: mergeHeaders(api.extraHeaders, parameters?.named('ExtraHeaderParameters')),
    extraQuery: { ...api.extraQuery, ...parameters?.named('ExtraQueryParameters') },
    tenant: readTenant(api, parameters),
    forceRefresh: parameters?.flag(`${acquire}ForceRefresh`) ?? false,
    claims: parameters?.single(`${acquire}Claims`),
    correlationId: parameters?.single(`${acquire}CorrelationId`)?.toLowerCase(),
    session: parameters?.single(`${acquire}LongRunningWebApiSessionKey`),
    managedIdentity: parameters?.single(`${acquire}ManagedIdentity.UserAssignedClientId`),
    agent: readAgent(parameters),
  }
}

function refuseUnsupported(parameters: Parameters | undefined): void {
  if (parameters?.single(`${acquire}PopPublicKey`) !== undefined)
    throw new Refusal(400, 'PopPublicKey is not supported: tokens are bearer tokens.')
  if (parameters?.single(`${acquire}FmiPath`) !== undefined)
    throw new Refusal(400, 'FmiPath is not supported: name the agent by AgentIdentity.')
}

/** Names are compared without regard to case, and what is reserved stays behind. */
function mergeHeaders(
  configured: Readonly<Record<string, string>>,
  overridden: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const merged = new Map<string, string>()
  for (const [name, value] of [...Object.entries(configured), ...Object.entries(overridden)])
    if (!isReserved(name)) merged.set(name.toLowerCase(), value)
  return merged
}

function readTenant(api: ApiDefinition, parameters: Parameters | undefined): Plan['tenant'] {
  const ofRequest = parameters?.single(`${acquire}Tenant`)
  return { id: ofRequest ?? api.tenant, isOfRequest: ofRequest !== undefined }
}

/** Without an agent's id the other parameters mean nothing. */
function readAgent(parameters: Parameters | undefined): AgentChoice | undefined {
  const id = parameters?.single('AgentIdentity')
  if (id === undefined) return undefined
  return {
    id,
    username: parameters?.single('AgentUsername'),
    userId: parameters?.single('AgentUserId'),
  }
}
