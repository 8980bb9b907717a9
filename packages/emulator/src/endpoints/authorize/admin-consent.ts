// The admin consent endpoint: an administrator grants for the whole tenant what an application asks for.
import { AadstsError } from '../../kernel/aadsts-error.ts'
import type { Application } from '../../directory/model.ts'
import { findPlatform } from '../../directory/redirect-uris.ts'
import type { Emulation } from '../emulation.ts'
import { routeParameter, type EmulatorContext } from '../../http/exchange.ts'
import { resolveTenant } from '../tenant-segment.ts'
import {
  findParties,
  findSignInClient,
  onlyRedirectUri,
  readParameters,
  type AuthorizationRequest,
} from './authorization-request.ts'
import { withErrorPage, withRedirectError } from './guarded.ts'
import { continueInteraction } from './interaction.tsx'
import { readSessions } from './session-cookie.ts'
import type { Directory } from '../../directory/directory.ts'

/** GET {tenant}/v2.0/adminconsent for the scopes of the request, {tenant}/adminconsent for all that is registered. */
export function adminConsent(c: EmulatorContext, emulation: Emulation, version: 1 | 2): Promise<Response> {
  return withErrorPage(c, () => {
    const request = parseRequest(c, emulation.directory, version)
    c.get('exchange').note({ clientId: request.clientId })
    return withRedirectError(c, emulation, request, () => {
      if (request.scope === '') throw new AadstsError(900144, { parameter: 'scope' })
      findParties(emulation.directory, request)
      return continueInteraction(c, emulation, { request }, readSessions(c, emulation))
    })
  })
}

// An authorization request that ends without a code. The picker lets a user who is no administrator change accounts.
function parseRequest(c: EmulatorContext, directory: Directory, version: 1 | 2): AuthorizationRequest {
  const form = readParameters(new URL(c.req.url).searchParams)
  const segment = routeParameter(c, 'tenant')
  const client = findSignInClient(directory, form.get('client_id'), resolveTenant(directory, segment))
  const redirectUri = form.get('redirect_uri') ?? onlyRedirectUri(client)
  const platform = findPlatform(client, redirectUri)
  if (platform === undefined) throw new AadstsError(50011, { redirectUri, app: client.id })
  return {
    segment,
    version,
    clientId: client.id,
    redirectUri,
    platform,
    responseMode: 'query',
    responseType: '',
    scope: version === 2 ? (form.get('scope') ?? '') : registeredScope(client),
    prompts: ['select_account'],
    wantsClientInfo: false,
    isAdminConsent: true,
    state: form.get('state'),
  }
}

// `.default` of any API stands for everything that the registration lists.
function registeredScope({ requiredResourceAccess = [] }: Application): string {
  const [first] = requiredResourceAccess
  return first === undefined ? 'openid' : `${first.resourceId}/.default`
}
