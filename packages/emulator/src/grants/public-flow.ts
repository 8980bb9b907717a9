// The rules of flows without a redirect URI: nothing in the request says what the client is, so the registration has to.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Platform } from '../directory/model.ts'
import { checkPlatform } from './cross-origin-rules.ts'
import type { TokenRequest } from './token-request.ts'

/**
 * Checks that a client may use a flow without a redirect URI (device code, user name and password), and says as what.
 * @throws {AadstsError} 7000218 it proved nothing and is no public client, 9002326 a page sent it, 70003 a blueprint signs nobody in
 */
export function checkPublicFlow(request: TokenRequest): Platform {
  const { application, level, agent } = request.client
  if (agent !== undefined || application.agentBlueprint !== undefined)
    throw new AadstsError(70003, { grantType: request.form.get('grant_type') ?? '' })
  const isPublic = level === '0' && application.isFallbackPublicClient === true
  const platform = isPublic ? 'publicClient' : 'web'
  checkPlatform(request, platform)
  return platform
}
