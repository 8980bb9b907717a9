// Exchange tokens by client credentials: for a blueprint to prove one of its agents with (T1), or for the agent's user account (T2).
import type { Tenant } from '../directory/model.ts'
import { issueExchangeToken, pathSubject } from '../tokens/exchange-token.ts'
import { describeAppOnly } from './app-only-response.ts'
import { readScope, requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'

const identifier = 'api://AzureADTokenExchange'
const name = 'Azure AD Token Exchange'

/** Whether a request asks for an exchange token, which an agent, its blueprint, and whoever has an `fmi_path` can. */
export function isExchangeScope(request: TokenRequest): boolean {
  const { client, form } = request
  const isAsked = readScope(request)
    .toLowerCase()
    .split(/\s+/)
    .includes(`${identifier}/.default`.toLowerCase())
  const { agent, application } = client
  return isAsked && (agent !== undefined || application.agentBlueprint !== undefined || form.has('fmi_path'))
}

/**
 * Issues an exchange token: of an agent for itself, of everybody else for what is at `fmi_path` below it. Whether there is such an
 * agent, and whose it is, shows when the token is used.
 * @throws {AadstsError} 900144 a blueprint names no agent
 */
export function grantExchangeToken(request: TokenRequest, tenant: Tenant): TokenResponse {
  const { authority, client } = request
  const { agent, application, level } = client
  const subject = agent?.id ?? pathSubject(tenant, application.id, requireParameter(request, 'fmi_path'))
  const token = issueExchangeToken(authority, { tenant, client: application, clientLevel: level, subject })
  return describeAppOnly(request, token, { name, identifier })
}
