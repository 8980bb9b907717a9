// The device_code grant (RFC 8628 §3.4): a device asks again and again, until its user has signed in elsewhere.
import { AadstsError } from '../kernel/aadsts-error.ts'
import { parseScopes, withoutScopes } from '../directory/scopes.ts'
import { mergeClaimsRequests, parseClaimsRequest } from '../tokens/claims-request.ts'
import { describeHolder, findActiveAccount } from './active-account.ts'
import type { DeviceCode, DeviceHolder } from './device-codes.ts'
import { checkPublicFlow } from './public-flow.ts'
import { requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { issueUserTokens } from './user-token-response.ts'

/**
 * Redeems a device code, once.
 * @throws {AadstsError} 70016 the user has not signed in yet, 70018 the user declined, 70020 it is over, 54005 it was redeemed
 */
export function redeemDeviceCode(request: TokenRequest): TokenResponse {
  const { authority, client, tenant, look } = request
  const platform = checkPublicFlow(request)
  const code = findCode(request)
  const holder = takeHolder(request, code)
  if (tenant !== undefined && tenant.id !== holder.tenantId) throw new AadstsError(700005)
  authority.deviceCodes.redeem(code)
  look('user', describeHolder(authority, holder))
  const account = findActiveAccount(authority, holder, { tenant, client: client.application })
  look('resource', { expected: 'scopes of one API', actual: code.request.scope })
  const { openid, resources } = parseScopes(code.request.scope, authority.directory, {
    tenant: account.tenant,
    client: client.application,
  })
  const claims = mergeClaimsRequests(parseClaimsRequest(code.request.claims), request.claims)
  return issueUserTokens(
    { ...request, claims },
    {
      user: { account, session: holder.session },
      openid,
      requested: resources[0] ?? withoutScopes(authority.directory),
      platform,
      // How old the sign-in may be was decided when the user approved, minutes ago at most.
      signInAgeSeconds: 0,
    },
  )
}

// The v1 endpoint calls it `code`.
function findCode(request: TokenRequest): DeviceCode {
  const { authority, client, version, look } = request
  look('device_code', { expected: 'a code of this client, approved and not yet redeemed' })
  const code = authority.deviceCodes.find(requireParameter(request, version === 2 ? 'device_code' : 'code'))
  if (code === undefined) throw new AadstsError(70018, { reason: 'The device code is not known.' })
  look('device_code', { actual: code.state })
  if (code.request.clientId !== client.application.id)
    throw new AadstsError(700007, { actual: code.request.clientId, app: client.application.id })
  return code
}

function takeHolder({ authority }: TokenRequest, code: DeviceCode): DeviceHolder {
  const reason = 'The user declined.'
  // That it is called so is documented; that its number is that of a bad code is not, and stands here until somebody records it.
  if (code.state === 'declined') throw new AadstsError(70018, { reason }, { error: 'authorization_declined' })
  if (code.state === 'redeemed') throw new AadstsError(54005)
  if (authority.deviceCodes.isExpired(code)) throw new AadstsError(70020)
  if (code.holder === undefined) throw new AadstsError(70016)
  return code.holder
}
