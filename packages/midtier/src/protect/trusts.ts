// The registrations of the settings, turned into what a token is measured against, each issuer with keys of its own.
import { type IssuerKeys, joinSigningKeys } from '../authority/joined-signing-keys.ts'
import { SigningKeys, type SigningKeysPorts } from '../authority/signing-keys.ts'
import type { TrustedIssuer } from '../authority/authority.ts'
import { ConfigurationError } from '../kernel/errors/errors.ts'
import type { Trust } from './checks/evidence.ts'
import type { ValidatorSettings } from './settings.ts'
import type { Registration } from './registration.ts'

/** At least one. */
export type Trusts = readonly [Trust, ...Trust[]]

/**
 * Prepares the registrations.
 *
 * @throws ConfigurationError when there is none, or when a multi-tenant one names a tenant that is no text.
 */
export function createTrusts(settings: ValidatorSettings, ports: SigningKeysPorts): Trusts {
  const keys = createKeys(settings, ports)
  const [first, ...others] = settings.registrations.flatMap((registration) =>
    registration.authority.issuers.map((issuer) => createTrust(registration, issuer, keys(issuer))),
  )
  if (first === undefined)
    throw new ConfigurationError('registrations', 'is empty; no token could be accepted')
  return [first, ...others]
}

/**
 * The keys of each issuer. Registrations with the same metadata share them. An issuer other than Entra that was given with several
 * metadata URLs, such as the policies of an Azure AD B2C tenant, may sign with the keys of each: its tokens do not say which.
 */
function createKeys(
  { registrations, signingKeys }: ValidatorSettings,
  ports: SigningKeysPorts,
): (issuer: TrustedIssuer) => IssuerKeys {
  const joint = registrations.flatMap(({ authority }) => (authority.joinsMetadata ? authority.issuers : []))
  const documents = new Map<string, SigningKeys>()
  const document = (issuer: TrustedIssuer): SigningKeys => {
    const id = JSON.stringify([issuer.metadataUrl, issuer.issuer])
    const keys = documents.get(id) ?? new SigningKeys(issuer, signingKeys, ports)
    documents.set(id, keys)
    return keys
  }
  const joined = new Map<string, IssuerKeys>()
  return (issuer) => {
    if (!joint.includes(issuer)) return document(issuer)
    const same = joint.filter((other) => other.issuer === issuer.issuer)
    const [first = document(issuer), ...others] = new Set(same.map(document))
    const keys = joined.get(issuer.issuer) ?? joinSigningKeys([first, ...others])
    joined.set(issuer.issuer, keys)
    return keys
  }
}

function createTrust(registration: Registration, issuer: TrustedIssuer, keys: IssuerKeys): Trust {
  return Object.freeze({
    registration,
    issuer,
    keys,
    audiences: audiencesOf(registration, issuer),
    tenants: registration.allowedTenants === null ? undefined : new Set(registration.allowedTenants),
  })
}

/** v2.0 tokens name the client id; v1.0 tokens what the client asked for: the App ID URI, by default `api://{clientId}`, or the id. */
function audiencesOf(
  { clientId, audiences }: Registration,
  { version }: TrustedIssuer,
): ReadonlySet<string> | undefined {
  if (audiences === null) return undefined
  return new Set([clientId, ...(version === '1.0' ? [`api://${clientId}`] : []), ...audiences])
}
