// A source that has an agent show what lets it act: acquired when an exchange needs it, kept until then, and dropped when it is refused.
import { isRefusal } from '../../kernel/errors/known-errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { AgentAccounts } from '../shared/agent-accounts.ts'
import { reportStoreFailure } from './report-store-failure.ts'
import type { AccessToken, AgentExchange, TokenRequest, TokenSource } from '../token-source.ts'

/** What stands around the source, cache and single flight included. */
export interface AgentPorts {
  /** Acquires what agents show: from the cache, as any other token. */
  readonly acquire: (request: TokenRequest) => Promise<AccessToken>
  /** Drops what is kept for a request, in this process and in the shared store. */
  readonly drop: (request: TokenRequest) => Promise<void>
  /** Is told which account an agent is about to act through, and that it was let. */
  readonly accounts: Pick<AgentAccounts, 'note' | 'confirm'>
}

/** Puts what agents show into their requests; all others pass. */
export function withAgents(source: TokenSource, ports: AgentPorts): TokenSource {
  return {
    acquire(request) {
      const { agent } = request
      return agent?.proof === undefined
        ? source.acquire(request)
        : exchange(request, { ...agent, proof: agent.proof })
    },
  }

  /** What came from a cache may have been withdrawn since: the agent is asked for once more. Whoever was disabled is refused that, too. */
  async function exchange(request: TokenRequest, agent: ProvenAgent): Promise<AccessToken> {
    await tellAccount('note', ports, request, agent)
    const first = await acquireProofs(agent)
    try {
      return await send(request, agent, first)
    } catch (error) {
      if (!concernsAgent(error)) throw error
      await dropProofs(first)
      if (first.every(({ token }) => token.origin === 'authority')) throw error
    }
    const second = await acquireProofs(agent)
    try {
      return await send(request, agent, second)
    } catch (error) {
      if (concernsAgent(error)) await dropProofs(second)
      throw error
    }
  }

  async function acquireProofs({ proof }: ProvenAgent): Promise<Proofs> {
    const own = await acquireProof(proof.agent)
    return proof.user === undefined ? [own] : [own, await acquireProof(proof.user)]
  }

  async function acquireProof(build: () => TokenRequest): Promise<Proof> {
    const request = build()
    return { request, token: await ports.acquire(request) }
  }

  async function send(request: TokenRequest, agent: ProvenAgent, [own, user]: Proofs): Promise<AccessToken> {
    const shown = { agent: hide(own), user: user && hide(user) }
    const token = await source.acquire({ ...request, agent: { ...agent, shown } })
    await tellAccount('confirm', ports, request, agent)
    return token
  }

  async function dropProofs(proofs: Proofs): Promise<void> {
    await Promise.all(proofs.map(({ request }) => ports.drop(request)))
  }
}

/** Noted before there is anything to forget. Whoever cannot be told of it could not be told of the token either. */
async function tellAccount(
  what: 'note' | 'confirm',
  { accounts }: AgentPorts,
  request: TokenRequest,
  { id, user }: ProvenAgent,
): Promise<void> {
  if (user?.objectId === undefined) return
  try {
    await accounts[what](user.objectId, id)
  } catch (error) {
    reportStoreFailure(request, 'set', error)
  }
}

interface Proof {
  readonly request: TokenRequest
  readonly token: AccessToken
}

type Proofs = readonly [own: Proof, ...user: Proof[]]

type ProvenAgent = AgentExchange & { readonly proof: NonNullable<AgentExchange['proof']> }

function hide({ token }: Proof): Redacted {
  return new Redacted(token.accessToken)
}

/** Whether the authority may have refused the agent or what it showed, and not a scope or the person on whose behalf it acts. */
function concernsAgent(error: unknown): boolean {
  if (!isRefusal(error)) return false
  const { error: name, errorNumbers } = error.facts
  return refusalsOfClients.has(name) || errorNumbers.some((number) => numbersOfClients.has(number))
}

const refusalsOfClients: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client'])

/** Unknown or disabled applications, and assertions that are expired or not trusted: they come as `invalid_grant`, too. */
const numbersOfClients: ReadonlySet<number> = new Set([
  ...[700016, 7000112, 70021, 700021, 700024, 700027, 700211, 700212, 700213],
])
