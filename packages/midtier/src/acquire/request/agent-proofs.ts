// What an Entra agent identity shows to act, as requests of their own: one that the application asks for, and one of the agent itself.
import type { CallContext } from '../../kernel/observer.ts'
import { type AgentKeyPart, type CacheKeys, encodeKeyList } from '../../token-cache/cache-key.ts'
import { RepeatedSlot } from '../../token-cache/memory-store.ts'
import type { AgentUserAccount } from '../../grants/user-fic.ts'
import { AcquisitionError } from '../../kernel/errors/errors.ts'
import type { AgentExchange, TokenRequest } from '../token-source.ts'

/** Where an agent acts. */
export interface AgentPlace {
  readonly agentId: string
  readonly tenantId: string
}

/** Builds what agents of one application show. */
export interface AgentProofs {
  /** What the agent shows in place of a credential, and, for its user account, what it shows for that. */
  exchangeOf(place: AgentPlace, user: AgentUserAccount | undefined, context: CallContext): AgentExchange
}

/**
 * Prepares them.
 *
 * @param audience What they are for; `undefined` where no authority knows agents.
 */
export function createAgentProofs(keys: CacheKeys, audience: string | undefined): AgentProofs {
  const scopes = Object.freeze([`${audience ?? ''}/.default`])

  /** By the application (`assertion`), or by the agent, which shows that (`token`). */
  const build = (of: AgentKeyPart['of'], place: AgentPlace, context: CallContext): TokenRequest => {
    const { agentId, tenantId } = place
    const grant = 'client_credentials'
    const agent = { agentId, of, user: undefined }
    const key = keys.key({
      ...{ grant, tenantId, accountId: undefined, binding: undefined, agent },
      encodedScopes: encodeKeyList(scopes),
    })
    const proof =
      of === 'assertion' ? undefined : { agent: () => build('assertion', place, context), user: undefined }
    return {
      ...{ grant, tenantId, scopes, context },
      ...nothingElse,
      agent: { id: agentId, proof, shown: undefined, user: undefined },
      slot: new RepeatedSlot(keys.agentPartition(agentId), key),
    }
  }
  return {
    exchangeOf(place, user, context) {
      if (audience === undefined) throw noAgents()
      const agent = (): TokenRequest => build('assertion', place, context)
      const ofUser = user && ((): TokenRequest => build('token', place, context))
      return { id: place.agentId, proof: { agent, user: ofUser }, shown: undefined, user }
    },
  }
}

const nothingElse = {
  audience: undefined,
  assertion: undefined,
  assertionExpiresAtMs: undefined,
  accountId: undefined,
  claims: undefined,
  forceRefresh: false,
  cacheOnly: false,
  renewal: false,
  session: undefined,
  signal: undefined,
  timeoutMs: undefined,
  correlationId: undefined,
} as const

function noAgents(): AcquisitionError {
  return new AcquisitionError(
    'agents_not_supported',
    'Agent identities are Entra’s, and act by a credential of their blueprint: pass clientCredential with a tenantId (federatedManagedIdentity(identity) for a managed identity)',
  )
}
