// The exact key of a cached token: every input that changes the token, each part with its length, so that no two inputs share a key.
import type { GrantName } from '../kernel/observer.ts'

/** The inputs that are the same for every token of one application. */
export interface FixedKeyParts {
  /** Origin of the authority, such as `https://login.microsoftonline.com`. */
  readonly authority: string
  readonly clientId: string
  /** Client capabilities change what a token is good for and how long it lives. */
  readonly clientCapabilities: readonly string[]
  readonly tokenType: string
}

/** The inputs that differ from token to token. */
export interface VariableKeyParts {
  readonly grant: GrantName
  readonly tenantId: string
  /** `oid.tid`; `undefined` without a user. */
  readonly accountId: string | undefined
  /** Normalised scopes, encoded by {@link encodeKeyList}. */
  readonly encodedScopes: string
  /**
   * What ties the token to one session: the digest of the assertion, or a session key; `undefined` for an app-only token.
   * Without it a weaker session of the same user would be served the token of a stronger one.
   */
  readonly binding: string | undefined
  /** The agent that acts in place of the application. Default: none does. */
  readonly agent?: AgentKeyPart | undefined
}

/** What of an agent changes a token: which one it is, whether the token is what the agent acts by or one that it got, and for which account. */
export interface AgentKeyPart {
  readonly agentId: string
  /** `assertion`: what the application got for the agent to show. `token`: what the agent got. */
  readonly of: 'assertion' | 'token'
  /** Its user account, by object id or by name; `undefined` where it does not act through one. */
  readonly user: { readonly by: 'objectId' | 'userPrincipalName'; readonly value: string } | undefined
}

/** Makes the keys of one application. A key is readable text for use inside the process; outside, its digest stands for it. */
export interface CacheKeys {
  key(parts: VariableKeyParts): string
  /** Whose tokens live and die together: an account's, or the application's own. */
  partition(accountId: string | undefined): string
  /** What is an agent's own: what lets it act, and what it got by itself and through its user account. */
  agentPartition(agentId: string): string
}

/** Raised when the meaning of a key changes, so that an old process and a new one can share a store. */
const keyVersion = '1'

/** Prepares the parts that never change, so that a key costs one joining. */
export function createCacheKeys(fixed: FixedKeyParts): CacheKeys {
  const { authority, clientId, tokenType, clientCapabilities } = fixed
  const capabilities = encodeKeyList([...new Set(clientCapabilities)].sort())
  const prefix = encodeKeyList([keyVersion, authority, clientId, tokenType]) + capabilities
  const user = encodeKeyList(['user', clientId])
  const app = encodeKeyList(['app', clientId])
  return {
    key: ({ grant, tenantId, accountId, encodedScopes, binding, agent }) =>
      flat([
        prefix,
        encodedScopes,
        encodePart(grant),
        encodePart(tenantId),
        encodePart(accountId),
        encodePart(binding),
        agent === undefined ? '' : encodeAgent(agent),
      ]),
    partition: (accountId) => (accountId === undefined ? app : flat([user, encodePart(accountId)])),
    agentPartition: (agentId) => encodeKeyList(['agent', clientId, agentId]),
  }
}

/** Behind all other parts, of which there are always as many; where no agent acts there is none. */
function encodeAgent({ agentId, of, user }: AgentKeyPart): string {
  return encodeKeyList(['agent', agentId, of, ...(user === undefined ? [] : [user.by, user.value])])
}

/** One text: what `+` makes, V8 keeps as a tree of all its pieces for as long as the key lives, which is twice as large. */
function flat(pieces: readonly string[]): string {
  return pieces.join('')
}

/** A list as one part of a key: its length, then every member with its own. */
export function encodeKeyList(parts: readonly string[]): string {
  let encoded = `${parts.length}[`
  for (const part of parts) encoded += encodePart(part)
  return encoded
}

/** `length:text`, or `-` for an absent part: no text can imitate the end of another. */
function encodePart(part: string | undefined): string {
  return part === undefined ? '-' : `${part.length}:${part}`
}
