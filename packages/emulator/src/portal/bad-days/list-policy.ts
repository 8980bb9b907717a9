// A policy with the names that its sentence has in place of ids; of many users the first few.
import type { Directory } from '../../directory/directory.ts'
import type { Policy } from '../../directory/policy.ts'
import type { ListedPolicy } from '../../ui/policy-list.tsx'

/** How many users a sentence names. */
const namedUsers = 5

/** The policy as pages list it. */
export function listPolicy(policy: Policy, directory: Directory): ListedPolicy {
  const { agents, resource, users } = policy
  return {
    ...policy,
    users: users && nameSome(users),
    agents: agents === 'all' ? 'all' : agents?.map((id) => directory.findAgent(id)?.displayName ?? id),
    resourceName: directory.findApplication(resource)?.displayName ?? 'all APIs',
  }
}

function nameSome(users: readonly string[]): readonly string[] {
  const more = users.length - namedUsers
  return more > 0 ? [...users.slice(0, namedUsers), `${String(more)} more`] : users
}
