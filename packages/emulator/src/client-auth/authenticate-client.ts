// Recognises the client of a token request: by secret (body or header), by assertion, or by its id alone.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Application, Tenant } from '../directory/model.ts'
import { issuerV1, issuerV2, ownOrigins } from '../kernel/origins.ts'
import type { Look, Seen } from '../kernel/decision.ts'
import { isGuid } from '../kernel/guid.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { parseCompact } from '../tokens/compact.ts'
import { checkAgent, checkExchangeToken } from './agent.ts'
import type { AuthenticatedClient } from './authenticated-client.ts'
import { checkCertificateAssertion } from './certificate.ts'
import { checkFederatedAssertion } from './federated.ts'
import { checkSecret } from './secret.ts'
import type { Directory } from '../directory/directory.ts'

/** What a token request says about its client. */
export interface ClientRequest {
  readonly form: ReadonlyMap<string, string>
  readonly authorization: string | undefined
  /** `undefined` for common and organizations. */
  readonly tenant: Tenant | undefined
  /** The path of the token endpoint that was called. */
  readonly path: string
  /** Notes what is looked at. */
  readonly look: Look
}

type Known = Omit<AuthenticatedClient, 'level'>

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Authenticates the client. A client that presents nothing gets level `0`; each grant decides whether that is enough.
 * @throws {AadstsError} as Entra answers an unknown, disabled or unproven client
 */
export async function authenticateClient(
  authority: TokenIssuer,
  request: ClientRequest,
): Promise<AuthenticatedClient> {
  const basic = parseBasic(request.authorization)
  const id = basic?.id ?? request.form.get('client_id')
  const { look } = request
  look('client', { actual: id })
  const application = findClient(authority.directory, id, request.tenant)
  look('client', { actual: application.displayName })
  const agent = authority.directory.findAgent(application.id)
  if (agent !== undefined) checkAgent(authority, agent, request.tenant)
  const secret = basic?.secret ?? request.form.get('client_secret')
  const assertion = request.form.get('client_assertion')
  look('client_authentication', describeProof(application, secret, assertion))
  const known: Known = { application, ...(agent && { agent }) }
  if (secret === undefined && assertion === undefined) return { ...known, level: '0' }
  if (agent === undefined && !isConfidential(application)) throw new AadstsError(700025)
  if (assertion !== undefined) {
    await checkAssertion(authority, request, known, assertion)
    return { ...known, level: '2' }
  }
  checkSecret(application, secret ?? '', authority.clock)
  return { ...known, level: '1' }
}

// What the registration would take, and what came; never how it reads.
function describeProof(
  { secrets = [], certificates = [], federatedCredentials = [] }: Application,
  secret: string | undefined,
  assertion: string | undefined,
): Seen {
  const registered = [
    [secrets.length, 'secret'],
    [certificates.length, 'certificate'],
    [federatedCredentials.length, 'federated credential'],
  ] as const
  const kinds = registered.filter(([count]) => count > 0).map(([count, kind]) => `${kind} (${String(count)})`)
  const came = assertion === undefined ? (secret === undefined ? 'nothing' : 'a secret') : 'an assertion'
  return {
    expected: kinds.length === 0 ? 'no credential: a public client' : kinds.join(' or '),
    actual: came,
  }
}

/**
 * Finds a client in a tenant.
 * @throws {AadstsError} 900144, 700038, 700016 or 7000112
 */
export function findClient(
  directory: Directory,
  id: string | undefined,
  tenant: Tenant | undefined,
): Application {
  if (id === undefined || id === '') throw new AadstsError(900144, { parameter: 'client_id' })
  if (!isGuid(id)) throw new AadstsError(700038, { app: id })
  const application = directory.findApplication(id)
  const isHere =
    application !== undefined && (tenant === undefined || isAvailable(directory, application, tenant))
  if (!isHere) throw new AadstsError(700016, { app: id, tenant: tenant?.displayName ?? 'common' })
  if (application.enabled === false)
    throw new AadstsError(7000112, { app: id, name: application.displayName })
  return application
}

// A multi-tenant application comes into a tenant with the first consent, so it can ask before it is there.
function isAvailable(directory: Directory, application: Application, tenant: Tenant): boolean {
  return application.signInAudience === 'AzureADMultipleOrgs' || directory.isPresent(application, tenant)
}

function isConfidential({
  secrets = [],
  certificates = [],
  federatedCredentials = [],
}: Application): boolean {
  return secrets.length + certificates.length + federatedCredentials.length > 0
}

async function checkAssertion(
  authority: TokenIssuer,
  request: ClientRequest,
  { application, agent }: Known,
  text: string,
): Promise<void> {
  const token = parseCompact(text)
  if (token === undefined || request.form.get('client_assertion_type') !== assertionType)
    throw new AadstsError(7000151)
  const isSelfIssued =
    token.payload['iss'] === application.id || token.payload['iss'] === token.payload['sub']
  if (isSelfIssued && token.payload['iss'] !== application.id) throw new AadstsError(700021)
  const audiences = acceptedAudiences(authority, request)
  if (isSelfIssued)
    await checkCertificateAssertion(application, text, token, { clock: authority.clock, audiences })
  else if (agent !== undefined) checkExchangeToken(authority, token, agent)
  else await checkFederatedAssertion(application, text, token, authority)
}

// The token endpoint that was really called (as MSAL says it), its form with the tenant's id, or an issuer.
function acceptedAudiences(authority: TokenIssuer, { path, tenant }: ClientRequest): ReadonlySet<string> {
  const { http, https } = authority.origins
  const paths = tenant === undefined ? [path] : [path, path.replace(/^\/[^/]+/, `/${tenant.id}`)]
  const microsoft = 'https://login.microsoftonline.com'
  const named = ownOrigins(authority.origins)
  const own = [...named, http, https].filter((origin) => origin !== undefined)
  const origins = [...own, ...own.map((origin) => origin.replace('//localhost', '//127.0.0.1')), microsoft]
  const endpoints = origins.flatMap((origin) => paths.map((each) => `${origin}${each}`.toLowerCase()))
  const issuers = named.flatMap((issuer) =>
    tenant === undefined ? [] : [issuerV2({ issuer }, tenant), issuerV1({ issuer }, tenant)],
  )
  return new Set([...endpoints, ...issuers])
}

// Both parts are form-urlencoded before they are joined (RFC 6749 §2.3.1).
function parseBasic(header: string | undefined): { id: string; secret: string } | undefined {
  const credentials = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? '')?.[1]
  if (credentials === undefined) return undefined
  const [, id, secret] = /^([^:]*):([\s\S]*)$/.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? []
  if (id === undefined || secret === undefined) throw new AadstsError(9002313)
  return { id: decodeFormPart(id), secret: decodeFormPart(secret) }
}

function decodeFormPart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    if (error instanceof URIError) throw new AadstsError(9002313)
    throw error
  }
}
