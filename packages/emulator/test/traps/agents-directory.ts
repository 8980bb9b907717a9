// The ready-made directory with a second agent of its blueprint, another blueprint, and who may create agents at Graph.
import { defaultDirectory, type DirectoryData } from '../../src/index.ts'
import { blueprint, contoso, daemon, graph } from '../scenario.ts'

export const sister = 'a0000000-0000-4000-8000-0000000000a1'
export const otherBlueprint = 'a0000000-0000-4000-8000-0000000000b1'
/** A blueprint at home in no tenant that is asked: it was never provisioned in Contoso. */
export const foreignBlueprint = 'a0000000-0000-4000-8000-0000000000b2'
/** Creates agents of whomever. */
export const provisioner = 'a0000000-0000-4000-8000-0000000000b3'
export const secret = 'x'

const more = { tenantId: contoso, secrets: [{ value: secret }] }

export const agentsDirectory: DirectoryData = {
  ...defaultDirectory,
  applications: [
    ...defaultDirectory.applications,
    { id: otherBlueprint, displayName: 'Other blueprint', ...more, agentBlueprint: {} },
    {
      ...{ id: foreignBlueprint, displayName: 'Foreign blueprint', agentBlueprint: {} },
      tenantId: 'f0000000-0000-4000-8000-000000000001',
    },
    { id: provisioner, displayName: 'Provisioner', ...more },
  ],
  agentIdentities: [
    ...defaultDirectory.agentIdentities!,
    { id: sister, displayName: 'Sister', blueprintId: blueprint, tenantId: contoso },
  ],
  appRoleAssignments: [
    ...(defaultDirectory.appRoleAssignments ?? []),
    { tenantId: contoso, principalId: provisioner, resourceId: graph, role: 'AgentIdentity.Create.All' },
    { tenantId: contoso, principalId: daemon, resourceId: graph, role: 'AgentIdentity.CreateAsManager' },
    { tenantId: contoso, principalId: sister, resourceId: graph, role: 'AgentIdentity.Create.All' },
  ],
}
