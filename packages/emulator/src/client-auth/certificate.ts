// Certificate assertions: a JWT that the client signed with a registered certificate, PS256 today and RS256 before.
import { X509Certificate } from 'node:crypto'
import { compactVerify, errors } from 'jose'
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Application } from '../directory/model.ts'
import type { CompactToken } from '../tokens/compact.ts'
import { thumbprint } from '../x509/certificate.ts'
import { checkTimeRange, readAudiences } from './assertion.ts'
import { isError } from '../kernel/other-realms.ts'

/**
 * Checks a certificate assertion. Does not refuse a `jti` that was seen before: MSAL reuses an assertion for ten minutes.
 * @throws {AadstsError} 700027, 700024, 700021 or 700023
 */
export async function checkCertificateAssertion(
  application: Application,
  text: string,
  token: CompactToken,
  { clock, audiences }: { readonly clock: Clock; readonly audiences: ReadonlySet<string> },
): Promise<void> {
  const certificate = findCertificate(application, token)
  if (certificate === undefined) throw new AadstsError(700027, { reason: 'The key was not found.' })
  if (!(await isSigned(text, certificate))) {
    throw new AadstsError(700027, {
      reason: 'The key was found, but use of the key to verify the signature failed.',
    })
  }
  checkTimeRange(token, clock)
  if (token.payload['sub'] !== application.id) throw new AadstsError(700021)
  const isForUs = readAudiences(token).some(
    (audience) => typeof audience === 'string' && audiences.has(audience.toLowerCase()),
  )
  if (!isForUs) throw new AadstsError(700023, { expected: [...audiences][0] ?? '' })
}

// Chosen by thumbprint; x5c alone names the certificate too, but only a registered one is ever used.
function findCertificate(
  { certificates = [] }: Application,
  { header }: CompactToken,
): X509Certificate | undefined {
  const { x5t, x5c, 'x5t#S256': x5tS256 } = header
  const [leaf] = Array.isArray(x5c) ? (x5c as unknown[]) : []
  return certificates
    .map((pem) => new X509Certificate(pem))
    .find(({ raw }) => {
      if (x5tS256 !== undefined) return isThumbprint(x5tS256, raw, 'sha256')
      if (x5t !== undefined) return isThumbprint(x5t, raw, 'sha1')
      return leaf === raw.toString('base64')
    })
}

// Old MSALs send the thumbprint padded or in the standard alphabet: compare bytes.
function isThumbprint(presented: unknown, certificate: Buffer, hash: 'sha1' | 'sha256'): boolean {
  if (typeof presented !== 'string') return false
  return Buffer.from(presented, 'base64').toString('base64url') === thumbprint(certificate, hash)
}

async function isSigned(text: string, { publicKey }: X509Certificate): Promise<boolean> {
  if (publicKey.asymmetricKeyType !== 'rsa') return false // how it is said that such a key does not fit differs between versions of Node
  try {
    await compactVerify(text, publicKey, { algorithms: ['PS256', 'RS256'] })
    return true
  } catch (error) {
    // A bad signature, a foreign algorithm, or a key that is too short: the assertion proves nothing.
    if (error instanceof errors.JOSEError || (isError(error) && error.name === 'TypeError')) return false
    throw error
  }
}
