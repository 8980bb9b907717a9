// Federated credentials: a JWT of another issuer that the registration trusts for exactly one subject and audience.
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'
import { AadstsError } from '../kernel/aadsts-error.ts'
import { entraTenant } from '../directory/entra-issuer.ts'
import { isIssuerV2, type Origins } from '../kernel/origins.ts'
import { isSignedByUs } from '../tokens/access-token.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import type { Application, FederatedCredential } from '../directory/model.ts'
import type { CompactToken } from '../tokens/compact.ts'
import { checkTimeRange, readAudiences } from './assertion.ts'
import { isError } from '../kernel/other-realms.ts'

const defaultAudience = 'api://AzureADTokenExchange'

/** @throws {AadstsError} 700211 issuer, 700213 subject, 700212 audience, 700027 signature, 700024 time range */
export async function checkFederatedAssertion(
  { federatedCredentials = [] }: Application,
  text: string,
  token: CompactToken,
  authority: TokenIssuer,
): Promise<void> {
  const credential = matchCredential(federatedCredentials, token, authority.origins)
  const isGenuine =
    credential.jwks === undefined ? isSignedByUs(authority, token) : await isSigned(text, credential.jwks)
  if (!isGenuine) {
    throw new AadstsError(700027, {
      reason: 'The key was found, but use of the key to verify the signature failed.',
    })
  }
  checkTimeRange(token, authority.clock)
}

// Compared exactly and in this order, so that the error names the first part that differs.
function matchCredential(
  credentials: readonly FederatedCredential[],
  token: CompactToken,
  origins: Origins,
): FederatedCredential {
  const { iss, sub } = token.payload
  const sameIssuer = credentials.filter((credential) => isIssuedBy(credential, iss, origins))
  if (sameIssuer.length === 0) throw new AadstsError(700211, { issuer: String(iss) })
  const sameSubject = sameIssuer.filter(({ subject }) => subject === sub)
  if (sameSubject.length === 0) throw new AadstsError(700213, { subject: String(sub) })
  const audiences = readAudiences(token)
  const match = sameSubject.find(({ audience = defaultAudience }) => audiences.includes(audience))
  if (match === undefined) throw new AadstsError(700212, { audience: audiences.map(String).join(', ') })
  return match
}

// Without keys of its own the issuer is Entra, and that is us.
function isIssuedBy({ issuer, jwks }: FederatedCredential, iss: unknown, origins: Origins): boolean {
  if (jwks !== undefined) return issuer === iss
  const id = entraTenant(issuer)
  return id !== undefined && isIssuerV2(origins, { id }, iss)
}

async function isSigned(text: string, jwks: NonNullable<FederatedCredential['jwks']>): Promise<boolean> {
  try {
    // The directory's schema has checked the shape of the set; jose checks each key when it uses it.
    await compactVerify(text, createLocalJWKSet(jwks as unknown as JSONWebKeySet), {
      algorithms: ['RS256', 'PS256', 'ES256'],
    })
    return true
  } catch (error) {
    if (error instanceof errors.JOSEError || (isError(error) && error.name === 'TypeError')) return false
    throw error
  }
}
