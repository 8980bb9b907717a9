// What the authority refuses because of a name in the request, an agent, its account, a tenant or a managed identity: the request's fault, and not the registration's.
import { isMidtierError } from 'midtier'
import { Refusal } from '../kernel/refusals.ts'
import type { Plan } from './plan.ts'

/** There is no such application; its assertion is not of this blueprint; there is no such account; the account is not its own. */
const ofAgents: ReadonlySet<number> = new Set([700016, 700212, 700213, 50034])
const noSuchTenant = 90002
const noConsent = 65001

/** The same error, or what it says of the request. */
export function asRefusedName(error: unknown, { agent, tenant, managedIdentity }: Plan): unknown {
  if (!isMidtierError(error)) return error
  if (managedIdentity !== undefined && error.code === 'configuration_invalid')
    return new Refusal(400, 'ManagedIdentity.UserAssignedClientId: this host has no such managed identity.')
  if (error.code !== 'token_request_refused') return error
  const { errorNumbers } = error.facts
  if (tenant.isOfRequest && errorNumbers.includes(noSuchTenant))
    return new Refusal(400, 'AcquireTokenOptions.Tenant: the authority knows no such tenant.')
  if (agent === undefined) return error
  if (errorNumbers.includes(noConsent)) return withoutConsent()
  if (!errorNumbers.some((number) => ofAgents.has(number))) return error
  return new Refusal(
    400,
    'AgentIdentity, AgentUsername or AgentUserId: the authority knows no such agent of this application, or no such account of that agent.',
  )
}

/** Nobody is there who could consent: an administrator has to. */
function withoutConsent(): Refusal {
  const detail = 'Nobody has consented to these scopes for the agent.'
  return new Refusal(403, detail, {
    'www-authenticate': `Bearer error="insufficient_scope", error_description="${detail}"`,
  })
}
