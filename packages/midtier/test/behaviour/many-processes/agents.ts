// Three agents of one blueprint with their user accounts, and what the authority issues for them, in words.
import { defaultDirectory, type RequestRecord } from '@midtier/emulator'
import { ids } from '../scenario.ts'

/** An agent, by number from 0. */
export function agentId(agent: number): string {
  return `a9e00000-0000-4000-8000-${agent.toString(16).padStart(12, '0')}`
}

/** The user account of an agent. */
export function accountId(agent: number): string {
  return `ac000000-0000-4000-8000-${agent.toString(16).padStart(12, '0')}`
}

const numbers = [0, 1, 2]

/** As they stand in a directory. */
export const agents = {
  agentIdentities: numbers.map((agent) => ({
    id: agentId(agent),
    displayName: `Agent ${agent}`,
    blueprintId: 'a0000000-0000-4000-8000-000000000006',
    tenantId: ids.contoso,
  })),
  users: numbers.map((agent) => ({
    id: accountId(agent),
    tenantId: ids.contoso,
    username: `agent${agent}@contoso.onmicrosoft.com`,
    displayName: `Agent ${agent}`,
    agentIdentityId: agentId(agent),
  })),
  appRoleAssignments: (defaultDirectory.appRoleAssignments ?? []).filter(
    ({ principalId }) => !(defaultDirectory.agentIdentities ?? []).some(({ id }) => id === principalId),
  ),
} as const

/** `Agent 0: T1`, and its like; of others the grant alone. */
export function describeIssued({ agent, grantType = '', issued = {}, error }: RequestRecord): string {
  if (error !== undefined) return `refused: ${error.join(' ')}`
  if (agent === undefined) return grantType
  if (grantType !== 'client_credentials') return `${agent}: ${grantType.replace(/^.*:/, '')}`
  const { aud, azp } = issued
  return `${agent}: ${aud === azp ? (String(azp).startsWith('a9e') ? 'T2' : 'T1') : 'by itself'}`
}
