// The signing keys as JWK Sets: the v2 document binds each key to an issuer, the v1 document does not.
import { issuerV2 } from '../../kernel/origins.ts'
import type { Emulation } from '../emulation.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import type { SigningKey } from '../../tokens/signing-keys.ts'
import { sendDocument } from '../respond.ts'
import { resolveDocumentTenant } from '../tenant-segment.ts'

/** GET {tenant}/discovery/v2.0/keys */
export function keysV2(c: EmulatorContext, emulation: Emulation): Response {
  const tenant = resolveDocumentTenant(emulation.directory, routeParameter(c, 'tenant'))
  const issuer = issuerV2(emulation.origins, tenant ?? { id: '{tenantid}' })
  return sendDocument(c, { keys: emulation.keys.list().map((key) => ({ ...toJwk(key), issuer })) })
}

/** GET {tenant}/discovery/keys */
export function keysV1(c: EmulatorContext, emulation: Emulation): Response {
  resolveDocumentTenant(emulation.directory, routeParameter(c, 'tenant'))
  return sendDocument(c, { keys: emulation.keys.list().map(toJwk) })
}

// No `alg`: Entra leaves it out, and a validator that wants it has to learn that here.
function toJwk({ kid, publicKey, certificate }: SigningKey): Record<string, unknown> {
  const { n, e } = publicKey.export({ format: 'jwk' })
  const x5c = [Buffer.from(certificate).toString('base64')]
  return { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c, cloud_instance_name: 'microsoftonline.com' }
}
