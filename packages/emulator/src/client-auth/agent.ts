// Agents: they have no credential, so their blueprint proves them with the exchange token (T1) that it got for just this agent.
import { AadstsError } from '../kernel/aadsts-error.ts'
import type { AgentIdentity, Tenant } from '../directory/model.ts'
import type { CompactToken } from '../tokens/compact.ts'
import { findMismatch, pathSubject } from '../tokens/exchange-token.ts'
import type { TokenIssuer } from '../tokens/token-issuer.ts'
import { checkTimeRange } from './assertion.ts'

/**
 * Checks that an agent can act: in its own tenant, never by way of `common`, and below a blueprint that is not disabled.
 * @throws {AadstsError} 90019, 7000112
 */
export function checkAgent(
  { directory }: Pick<TokenIssuer, 'directory'>,
  { blueprintId }: AgentIdentity,
  tenant: Tenant | undefined,
): void {
  if (tenant === undefined) throw new AadstsError(90019)
  const blueprint = directory.findApplication(blueprintId)
  if (blueprint?.enabled === false)
    throw new AadstsError(7000112, { app: blueprintId, name: blueprint.displayName })
}

/**
 * Checks the exchange token of an agent: issued in this tenant, to its own blueprint, for this agent.
 * @throws {AadstsError} 700211 another tenant, 700212 another blueprint, 700213 another agent, 700027 signature, 700024 time range
 */
export function checkExchangeToken(issuer: TokenIssuer, token: CompactToken, agent: AgentIdentity): void {
  const { iss, sub, aud } = token.payload
  const tenant = { id: agent.tenantId }
  const subject = pathSubject(tenant, agent.blueprintId, agent.id)
  switch (findMismatch(issuer, token, { tenant, audience: agent.blueprintId, subject })) {
    case 'issuer':
      throw new AadstsError(700211, { issuer: String(iss) })
    case 'audience':
      throw new AadstsError(700212, { audience: String(aud) })
    case 'subject':
      throw new AadstsError(700213, { subject: String(sub) })
    case 'signature':
      throw new AadstsError(700027, { reason: 'The key was not found, or did not sign this assertion.' })
    case undefined:
      checkTimeRange(token, issuer.clock)
  }
}
