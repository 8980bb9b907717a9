// Which agents act through a user account: what they got as it is kept with the agent, and whoever forgets the account has to find it.
import { BoundedMap } from '../../kernel/bounded-map.ts'
import { parseJsonObject } from '../../kernel/json.ts'
import { encodeKeyList } from '../../token-cache/cache-key.ts'
import type { Slot } from '../../token-cache/store.ts'
import type { SharedStore } from './shared-store.ts'

/** Agents by the object ids of their user accounts. */
export interface AgentAccounts {
  /** An agent may act through the account in this process from now on. */
  know(objectId: string, agentId: string): void
  /** An agent is about to act through it: tells the other processes, before there is anything to forget. @throws TokenStoreError */
  note(objectId: string, agentId: string): Promise<void>
  /** The agent was let act through it, whoever else tries to. @throws TokenStoreError */
  confirm(objectId: string, agentId: string): Promise<void>
  /** The agents of this process that act through it, or may. */
  known(objectId: string): readonly string[]
  /** Those of whichever process that shares the store. @throws TokenStoreError */
  noted(objectId: string): Promise<readonly string[]>
}

/** Longer than a token lives: thirty hours, as for forgettings. Each exchange begins it anew. */
const keptMs = 30 * 3_600_000

/** An account has one agent; another one was set up wrongly, and is refused for that. */
const maxAgents = 8

/** Accounts that are known in one process; the one that was named longest ago gives way. */
const maxAccounts = 100_000

/** Who was let act is kept apart from who asks to: however many are refused, they do not hide the right one. */
const kinds = ['agents', 'asking'] as const
type Kind = (typeof kinds)[number]

/** Keeps them beside the tokens of one application; without a shared store in this process alone. */
export function createAgentAccounts(clientId: string, store: SharedStore | undefined): AgentAccounts {
  const createMap = () => new BoundedMap<readonly string[]>({ maxEntries: maxAccounts })
  const here = { agents: createMap(), asking: createMap() }
  const slotOf = (kind: Kind, objectId: string): Slot => ({
    partition: encodeKeyList(['agents of account', clientId, objectId]),
    key: encodeKeyList([kind]),
  })
  const read = async (kind: Kind, objectId: string, urgency: Urgency): Promise<readonly string[]> => {
    const agents = parseJsonObject((await store?.get(slotOf(kind, objectId), urgency)) ?? '{}')?.['agents']
    return Array.isArray(agents) ? agents.filter((each): each is string => typeof each === 'string') : []
  }
  const write = async (kind: Kind, objectId: string, agents: readonly string[]): Promise<void> => {
    await store?.set(slotOf(kind, objectId), JSON.stringify({ agents }), keptMs)
  }
  const knowAs = (kind: Kind, objectId: string, agentId: string): void => {
    const agents = here[kind].get(objectId) ?? []
    if (agents.at(-1) !== agentId) here[kind].set(objectId, withLast(agents, agentId))
  }
  return {
    known: (objectId) => unite(kinds.map((kind) => here[kind].get(objectId) ?? [])),
    know: (objectId, agentId) => knowAs('asking', objectId, agentId),
    async note(objectId, agentId) {
      if (store === undefined) return
      const acting = await read('agents', objectId, 'helpful')
      const isActing = acting.includes(agentId)
      const others = isActing ? acting : await read('asking', objectId, 'helpful')
      await write(isActing ? 'agents' : 'asking', objectId, withLast(others, agentId))
    },
    async confirm(objectId, agentId) {
      knowAs('agents', objectId, agentId)
      if (store === undefined) return
      const acting = await read('agents', objectId, 'helpful')
      if (!acting.includes(agentId)) await write('agents', objectId, withLast(acting, agentId))
    },
    noted: async (objectId) => unite(await Promise.all(kinds.map((kind) => read(kind, objectId, 'needed')))),
  }
}

type Urgency = 'helpful' | 'needed'

function unite(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())]
}

function withLast(agents: readonly string[], agentId: string): readonly string[] {
  return [...agents.filter((each) => each !== agentId), agentId].slice(-maxAgents)
}
