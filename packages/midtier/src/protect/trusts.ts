// The registrations of the settings, turned into what a token is measured against, each issuer with keys of its own.
import { SigningKeys, type SigningKeysPorts } from '../authority/signing-keys.ts'
import type { TrustedIssuer } from '../authority/authority.ts'
import { ConfigurationError } from '../kernel/errors.ts'
import type { Trust } from './evidence.ts'
import type { Registration, ValidatorSettings } from './settings.ts'

/**
 * Prepares the registrations.
 *
 * @throws ConfigurationError when there is none, or when a multi-tenant one names a tenant that is no text.
 */
export function createTrusts(settings: ValidatorSettings, ports: SigningKeysPorts): readonly Trust[] {
  if (settings.registrations.length === 0)
    throw new ConfigurationError('registrations', 'is empty; no token could be accepted')
  const keys = new Map<string, SigningKeys>()
  return settings.registrations.flatMap((registration) =>
    registration.authority.issuers.map((issuer) =>
      createTrust(registration, issuer, keysOf(issuer, keys, settings, ports)),
    ),
  )
}

/** Two registrations with the same authority share its keys. */
function keysOf(
  issuer: TrustedIssuer,
  known: Map<string, SigningKeys>,
  settings: ValidatorSettings,
  ports: SigningKeysPorts,
): SigningKeys {
  const id = JSON.stringify([issuer.metadataUrl, issuer.issuer])
  const keys = known.get(id) ?? new SigningKeys(issuer, settings.signingKeys, ports)
  known.set(id, keys)
  return keys
}

function createTrust(registration: Registration, issuer: TrustedIssuer, keys: SigningKeys): Trust {
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
