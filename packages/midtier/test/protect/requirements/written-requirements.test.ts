// What every requirement makes of every kind of caller, and what is said of requirements that cannot be meant, written down to be read.
import { expect, it } from 'vitest'
import { ConfigurationError, isMidtierError } from '../../../src/index.ts'
import type { TokenValidator } from '../../../src/protect/validate-access-token.ts'
import { resolveRequirements, type Requirements } from '../../../src/protect/requirements/requirements.ts'
import {
  appClaims,
  callerId,
  otherTenantId,
  signToken,
  tenantId,
  userClaims,
  v1Claims,
} from '../../jwt/token-builder.ts'
import { createGate, signer } from '../gate.ts'
import { expectWritten } from '../../written.ts'

const agentId = 'a9e00000-0000-4000-8000-000000000001'
const blueprint = 'b1b1b1b1-0000-4000-8000-000000000001'
const group = 'c0000000-0000-4000-8000-000000000001'
const facets = { azp: agentId, xms_act_fct: '11', xms_par_app_azp: blueprint }

const callers: Readonly<Record<string, Record<string, unknown>>> = {
  'a user with scope Read': userClaims({ scp: 'Read' }),
  'a user with scopes Read and Write': userClaims({ scp: 'Read Write' }),
  'a user with role Admin': userClaims({ scp: 'Other', roles: ['Admin'] }),
  'a user with scope Read and role Admin': userClaims({ scp: 'Read', roles: ['Admin'] }),
  'an application with role Admin': appClaims({ roles: ['Admin'] }),
  'an application with roles Admin and Reader': appClaims({ roles: ['Admin', 'Reader'] }),
  'a guest by acct': userClaims({ acct: 1 }),
  'a guest by idp': userClaims({ idp: 'live.com' }),
  'a user of version 1.0, of a client with a secret': v1Claims({ appidacr: '1' }),
  'a user of a client with a certificate': userClaims({ azpacr: '2' }),
  'a user who has stepped up': userClaims({ acrs: ['c1', 'c2'] }),
  'a user of a client that understands challenges': userClaims({ xms_cc: ['cp1'] }),
  'a user in the group': userClaims({ groups: [group.toUpperCase(), 'other'] }),
  'a user in too many groups': userClaims({ _claim_names: { groups: 'src1' } }),
  'a user in too many groups, as the implicit flow says it': userClaims({ hasgroups: true }),
  'an agent for a person': userClaims({ ...facets, idtyp: 'user' }),
  'an agent by itself': appClaims({ ...facets, idtyp: 'app', scp: '/', xms_sub_fct: '11' }),
  'the user account of an agent': userClaims({ ...facets, idtyp: 'user', xms_sub_fct: '13' }),
  'a user with facets that cannot be read': userClaims({ xms_act_fct: '11,3' }),
}

const demands: readonly Requirements[] = [
  {},
  { scopes: ['Read'] },
  { scopes: ['Read', 'Write'] },
  { scopes: { all: ['Read', 'Write'] } },
  { roles: ['Admin'] },
  { roles: { all: ['Admin', 'Reader'] } },
  { scopes: ['Read'], roles: ['Admin'] },
  { scopes: ['Read'], roles: ['Admin'], match: 'both' },
  { caller: 'user' },
  { caller: 'app' },
  { caller: 'user', agents: 'allow' },
  { allowedTenants: [tenantId] },
  { allowedTenants: [otherTenantId] },
  { deniedTenants: [tenantId] },
  { allowedTenants: [tenantId], deniedTenants: [tenantId] },
  { allowedClients: [callerId.toUpperCase()] },
  { allowedClients: [otherTenantId] },
  { refuseGuests: true },
  { refuseGuests: false },
  { clientStrength: 'secret' },
  { clientStrength: 'certificate' },
  { agents: 'refuse' },
  { agents: 'allow' },
  { agents: [agentId.toUpperCase()] },
  { agents: [blueprint] },
  { agents: { humanRequired: true } },
  { agents: { humanRequired: false } },
  { agents: { ids: [agentId], humanRequired: true } },
  { groups: [group] },
  { authenticationContext: 'c1' },
]

it('a demand is met, or refused', async () => {
  const { validator } = createGate()
  const lines: string[] = []
  for (const demanded of demands) {
    const outcomes = new Map<string, string[]>()
    for (const [who, claims] of Object.entries(callers)) {
      const outcome = await outcomeOf(validator, signToken({ claims, signer }), demanded)
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), who])
    }
    const most = Math.max(...Array.from(outcomes.values(), (who) => who.length))
    lines.push(JSON.stringify(demanded))
    for (const [outcome, who] of outcomes) {
      if (who.length < most) lines.push(`  ${outcome}`, ...who.map((each) => `    ${each}`))
      else lines.push(`  ${outcome}`, outcomes.size === 1 ? '    everybody' : '    everybody else')
    }
  }
  await expectWritten(lines, new URL('written/demands.txt', import.meta.url))
})

async function outcomeOf(validator: TokenValidator, token: string, demanded: Requirements): Promise<string> {
  const { checks, verdict } = await validator.explain(token, demanded)
  const failed = checks.filter((check) => check.verdict === 'failed')
  try {
    await validator.validate(token, demanded)
    expect(verdict).toBe('accepted')
    return 'is met by'
  } catch (error) {
    if (!isMidtierError(error) || error.code !== 'bearer_refused') throw error
    const { status, reason, error: wireError, scopes, claims, expected, actual } = error
    expect(failed[0]).toMatchObject({ name: reason, expected, actual })
    const mistakes = failed.flatMap(({ mistake }) => (mistake === undefined ? [] : [mistake]))
    return [
      `refuses with ${status} ${wireError ?? ''}, ${reason}: wants ${expected ?? ''}, and came ${actual ?? ''}`,
      ...(scopes === undefined ? [] : [`asking for ${scopes.join(' ')}`]),
      ...(claims === undefined ? [] : [`with the claims ${claims}`]),
      ...(failed.length > 1
        ? [
            `and by ${failed
              .slice(1)
              .map(({ name }) => name)
              .join(', ')}`,
          ]
        : []),
      ...mistakes,
    ].join('; ')
  }
}

const unmeant: readonly unknown[] = [
  null,
  [],
  'Read',
  { scope: ['Read'] },
  { scopes: undefined },
  { scopes: 'Read' },
  { scopes: null },
  { scopes: 7 },
  { scopes: [] },
  { scopes: [''] },
  { scopes: ['Read Write'] },
  { scopes: ['Read"'] },
  { scopes: [7] },
  { scopes: {} },
  { scopes: { all: [] } },
  { scopes: { any: ['Read'] } },
  { scopes: ['api://x/Read'] },
  { scopes: ['api://x/.default'] },
  { scopes: ['.default'] },
  { roles: 'Admin' },
  { roles: { all: 'Admin' } },
  { match: 'all' },
  { caller: 'users' },
  { allowedTenants: [] },
  { allowedTenants: ['contoso.com'] },
  { deniedTenants: ['contoso.com'] },
  { allowedClients: [] },
  { refuseGuests: 'yes' },
  { clientStrength: 'public' },
  { agents: 'some' },
  { agents: null },
  { agents: 7 },
  { agents: [] },
  { agents: ['agent'] },
  { agents: {} },
  { agents: { ids: undefined } },
  { agents: { ids: [] } },
  { agents: { ids: ['agent'] } },
  { agents: { humanRequired: 'yes' } },
  { agents: { id: [agentId] } },
  { groups: [] },
  { authenticationContext: 'c0' },
  { authenticationContext: 'c100' },
  { authenticationContext: 'C1' },
  { authenticationContext: '' },
  { check: true },
]

it('a demand that cannot be meant is told', async () => {
  const { validator } = createGate()
  const lines = unmeant.map((demanded) => {
    const written = JSON.stringify(demanded, (_, value: unknown) =>
      value === undefined ? 'undefined' : value,
    )
    try {
      validator.checkRequirements(demanded as Requirements)
      return `${written}\n  may be demanded`
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      return `${written}\n  ${error.message}`
    }
  })
  await expectWritten(lines, new URL('written/unmeant.txt', import.meta.url))
})

it('a demand is resolved to the same, whatever it leaves out', () => {
  expect(resolveRequirements({})).toEqual({
    scopes: undefined,
    unissuedScope: undefined,
    roles: undefined,
    match: 'either',
    caller: undefined,
    allowedTenants: undefined,
    deniedTenants: undefined,
    allowedClients: undefined,
    refuseGuests: false,
    clientStrength: 0,
    agents: undefined,
    groups: undefined,
    authenticationContext: undefined,
    check: undefined,
  })
})
