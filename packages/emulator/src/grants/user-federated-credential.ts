// The user_fic grant: an agent acts as its own user account, which it proves with an exchange token for itself (T2).
import { randomUUID } from 'node:crypto'
import { AadstsError } from '../kernel/aadsts-error.ts'
import { epochSeconds } from '../kernel/clock.ts'
import type { Account } from '../directory/directory.ts'
import type { AgentIdentity } from '../directory/model.ts'
import { findMismatch } from '../tokens/exchange-token.ts'
import { checkTimeWindow, parseAssertion, signatureError } from './assertion.ts'
import { readOneResource } from './one-resource.ts'
import { requireParameter, type TokenRequest, type TokenResponse } from './token-request.ts'
import { issueUserTokens } from './user-token-response.ts'

/** Issues a token for the user account of an agent. The first check that fails decides the error; the agent was proved before. */
export function grantUserFederatedCredential(request: TokenRequest): TokenResponse {
  const { authority } = request
  request.look('agent', {
    expected: 'an agent, proved by its blueprint',
    actual: request.client.application.displayName,
  })
  const agent = requireAgent(request)
  // Documented as on_behalf_of, and left out by clients.
  const use = request.form.get('requested_token_use') ?? 'on_behalf_of'
  if (use !== 'on_behalf_of') throw new AadstsError(70003, { grantType: 'user_fic' })
  checkCredential(request, agent)
  const scopes = readOneResource(request)
  const account = findUserAccount(request, agent)
  const session = { sid: randomUUID(), authTime: epochSeconds(authority.clock), amr: ['fed'] }
  return issueUserTokens(request, { user: { account, session }, ...scopes, platform: 'web' })
}

function requireAgent({ client }: TokenRequest): AgentIdentity {
  if (client.level === '0') throw new AadstsError(7000218)
  if (client.agent === undefined) throw new AadstsError(7000114, { app: client.application.id })
  return client.agent
}

function checkCredential(request: TokenRequest, agent: AgentIdentity): void {
  request.look('token_form', { expected: 'a signed JWT as user_federated_identity_credential' })
  const token = parseAssertion(requireParameter(request, 'user_federated_identity_credential'))
  request.note({ presented: token.payload })
  const expected = { tenant: { id: agent.tenantId }, audience: agent.id, subject: agent.id }
  const { aud } = token.payload
  const audience = { actual: typeof aud === 'string' ? aud : '', expected: agent.id }
  request.look('audience', audience)
  const mismatch = findMismatch(request.authority, token, expected)
  if (mismatch === 'audience') throw new AadstsError(500131, audience)
  request.look('signature', { expected: 'an exchange token of the agent itself', actual: mismatch })
  if (mismatch !== undefined)
    throw signatureError(`The ${mismatch} of the token is not the one of an agent's own exchange token.`)
  checkTimeWindow(request, token.payload)
}

// By user principal name or object id, each where it belongs; of both the name counts. An agent acts as one user, and no other agent as the same.
function findUserAccount({ authority, form, look }: TokenRequest, agent: AgentIdentity): Account {
  const { directory } = authority
  const name = form.get('username')
  const wanted = name ?? form.get('user_id')
  look('user', { expected: 'the user account of the agent', actual: wanted })
  if (wanted === undefined || wanted === '') throw new AadstsError(900144, { parameter: 'username' })
  const tenant = directory.findTenant(agent.tenantId)
  const user = directory.users.find(
    ({ id, username }) => (name === undefined ? id : username.toLowerCase()) === wanted.toLowerCase(),
  )
  const account = user && tenant && directory.findAccount(user, tenant)
  if (account === undefined) throw new AadstsError(50034, { user: wanted, tenant: tenant?.displayName ?? '' })
  if (account.user.agentIdentityId !== agent.id) throw new AadstsError(700213, { subject: wanted })
  if (!directory.isEnabled(account.user)) throw new AadstsError(50057)
  return account
}
