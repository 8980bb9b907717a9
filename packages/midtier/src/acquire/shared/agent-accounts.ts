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
  /** The agents of this process that act through it. */
  known(objectId: string): readonly string[]
  /** Those of whichever process that shares the store. @throws TokenStoreError */
  noted(objectId: string): Promise<readonly string[]>
}

/** Longer than a token lives: thirty hours, as for forgettings. Each exchange begins it anew. */
const keptMs = 30 * 3_600_000

/** An account has one agent; who was set up wrongly, and refused for that, must not hide the right one. */
const maxAgents = 8

/** Accounts that are known in one process; the one that was named longest ago gives way. */
const maxAccounts = 100_000

/** Keeps them beside the tokens of one application; without a shared store in this process alone. */
export function createAgentAccounts(clientId: string, store: SharedStore | undefined): AgentAccounts {
  const here = new BoundedMap<readonly string[]>({ maxEntries: maxAccounts })
  const slotOf = (objectId: string): Slot => ({
    partition: encodeKeyList(['agents of account', clientId, objectId]),
    key: encodeKeyList(['agents']),
  })
  const read = async (objectId: string, urgency: 'helpful' | 'needed'): Promise<readonly string[]> => {
    const agents = parseJsonObject((await store?.get(slotOf(objectId), urgency)) ?? '{}')?.['agents']
    return Array.isArray(agents) ? agents.filter((each): each is string => typeof each === 'string') : []
  }
  const known = (objectId: string): readonly string[] => here.get(objectId) ?? []
  return {
    known,
    know(objectId, agentId) {
      const agents = known(objectId)
      if (agents.at(-1) !== agentId) here.set(objectId, withLast(agents, agentId))
    },
    async note(objectId, agentId) {
      if (store === undefined) return
      const agents = withLast(await read(objectId, 'helpful'), agentId)
      await store.set(slotOf(objectId), JSON.stringify({ agents }), keptMs)
    },
    noted: (objectId) => read(objectId, 'needed'),
  }
}

function withLast(agents: readonly string[], agentId: string): readonly string[] {
  return [...agents.filter((each) => each !== agentId), agentId].slice(-maxAgents)
}
