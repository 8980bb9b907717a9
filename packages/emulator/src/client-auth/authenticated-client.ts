// A client after authentication: which application it is, and how strongly it proved it.
import type { AgentIdentity, Application } from '../directory/model.ts'
import type { ClientAuthenticationLevel } from '../tokens/subject.ts'

/** A client that was recognised. */
export interface AuthenticatedClient {
  readonly application: Application
  /** `0` nothing presented, `1` a secret, `2` a certificate or a federated credential. */
  readonly level: ClientAuthenticationLevel
  /** The agent, when the client is one: proved by its blueprint. */
  readonly agent?: AgentIdentity
}
