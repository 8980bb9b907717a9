// Exchange tokens by client credentials: for a blueprint to prove one of its agents with (T1), or for the agent's user account (T2).
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { Tenant } from '../directory/model.ts'
import { openIdScopes } from '../directory/scopes.ts'
import { issueExchangeToken, pathSubject } from '../tokens/exchange-token.ts'
import { describeAppOnly } from './app-only-response.ts'
import { checkIndicatorOf } from './resource-indicator.ts'
import { readScope, requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'

const identifier = 'api://AzureADTokenExchange'
const name = 'Azure AD Token Exchange'

/** Whether a request asks for an exchange token, which an agent, its blueprint, and whoever has an `fmi_path` can. */
export function isExchangeScope(request: TokenRequest): boolean {
  const { client, form } = request
  const isAsked = scopesOf(request).some(isExchange)
  const { agent, application } = client
  return isAsked && (agent !== undefined || application.agentBlueprint !== undefined || form.has('fmi_path'))
}

/**
 * Issues an exchange token: of an agent for itself, of everybody else for what is at `fmi_path` below it. Whether there is such an
 * agent, and whose it is, shows when the token is used.
 * @throws {AadstsError} 900144 a blueprint names no agent, 28000 another API beside, 9010010 a `resource` that is something else
 */
export function grantExchangeToken(request: TokenRequest, tenant: Tenant): TokenResponse {
  const { authority, client } = request
  if (scopesOf(request).some((scope) => !isExchange(scope) && !openIdScopes.has(scope)))
    throw new AadstsError(28000, { scope: readScope(request) })
  checkIndicatorOf(request, [{ resource: { identifierUris: [identifier] } }])
  const { agent, application, level } = client
  const subject = agent?.id ?? pathSubject(tenant, application.id, requireParameter(request, 'fmi_path'))
  const token = issueExchangeToken(authority, { tenant, client: application, clientLevel: level, subject })
  return describeAppOnly(request, token, { name, identifier })
}

function scopesOf(request: TokenRequest): readonly string[] {
  return readScope(request)
    .split(/\s+/)
    .filter((scope) => scope !== '')
}

function isExchange(scope: string): boolean {
  return scope.toLowerCase() === `${identifier}/.default`.toLowerCase()
}
