// The device authorization endpoint (RFC 8628 §3.1): a device gets a code for itself, and one for its user to type elsewhere.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import { parseScopes } from '../../directory/scopes.ts'
import {
  deviceCodeIntervalSeconds,
  deviceCodeLifetimeSeconds,
  type DeviceCode,
} from '../../grants/device-codes.ts'
import { readScope } from '../../grants/token-request.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { parseClaimsRequest } from '../../tokens/claims-request.ts'
import { findSignInClient } from '../authorize/authorization-request.ts'
import type { Emulation } from '../emulation.ts'
import { sendNoStore } from '../respond.ts'
import { resolveTenant } from '../tenant-segment.ts'
import { parseForm } from '../token.ts'

/** POST {tenant}/oauth2/v2.0/devicecode and {tenant}/oauth2/devicecode */
export async function deviceAuthorization(
  c: EmulatorContext,
  emulation: Emulation,
  version: 1 | 2,
): Promise<Response> {
  const form = await parseForm(c, 'client_id')
  const { directory, deviceCodes, origins } = emulation
  const segment = c.req.param('tenant') ?? ''
  const tenant = resolveTenant(directory, segment)
  const client = findSignInClient(directory, form.get('client_id'), tenant)
  if (tenant === undefined && client.signInAudience !== 'AzureADMultipleOrgs')
    throw new AadstsError(50194, { app: client.id, name: client.displayName })
  const scope = readScope({ form, version })
  if (scope === '') throw new AadstsError(900144, { parameter: 'scope' })
  const claims = form.get('claims')
  parseClaimsRequest(claims)
  const { resources } = parseScopes(scope, directory, { tenant, client })
  if (resources.length > 1) throw new AadstsError(28000, { scope })
  const code = deviceCodes.begin({ clientId: client.id, segment, version, scope, claims })
  return sendNoStore(c, describe(code, version, `${origins.issuer}/devicelogin`))
}

// Like Entra without `verification_uri_complete`. The v1 endpoint has another name for the address, and answers with strings.
function describe({ userCode, deviceCode }: DeviceCode, version: 1 | 2, address: string): object {
  const message = `To sign in, use a web browser to open the page ${address} and enter the code ${userCode} to authenticate.`
  const codes = { user_code: userCode, device_code: deviceCode }
  const [lifetime, interval] = [deviceCodeLifetimeSeconds, deviceCodeIntervalSeconds]
  return version === 2
    ? { ...codes, verification_uri: address, expires_in: lifetime, interval, message }
    : {
        ...codes,
        verification_url: address,
        expires_in: String(lifetime),
        interval: String(interval),
        message,
      }
}
