// What each requirement of a route says of a caller: whether it is met, what was expected, and what came.
import { describe, expect, it } from 'vitest'
import { apply } from '../../../src/protect/checks/explained-check.ts'
import type { AgentPrincipal } from '../../../src/protect/agent.ts'
import type { Principal } from '../../../src/protect/principal.ts'
import {
  hasAuthenticationContext,
  refuseAuthenticationContext,
  requirementChecks,
} from '../../../src/protect/requirements/requirement-checks.ts'
import { resolveRequirements, type Requirements } from '../../../src/protect/requirements/requirements.ts'
import { callerId, otherTenantId, tenantId, userId } from '../../jwt/token-builder.ts'

function principalOf(
  claims: Record<string, unknown> = {},
  more: Partial<Omit<Principal, 'claims'>> = {},
): Principal {
  return {
    kind: 'user',
    agent: undefined,
    tenantId,
    objectId: userId,
    subject: 's',
    clientId: callerId,
    scopes: ['Read', 'Write'],
    roles: ['Admin', 'Reader'],
    issuer: 'https://issuer.example',
    version: '2.0',
    expiresAtMs: 0,
    claims,
    ...more,
  }
}

const agent = (kind: AgentPrincipal['kind']): Principal =>
  principalOf(
    {},
    { kind: kind === 'byItself' ? 'app' : 'user', agent: { id: callerId, blueprintId: otherTenantId, kind } },
  )

const app = (claims: Record<string, unknown> = {}): Principal =>
  principalOf(claims, { kind: 'app', scopes: [] })

function rowOf(name: string, principal: Principal, requirements: Requirements) {
  const evidence = { principal, requirements: resolveRequirements(requirements) }
  const row = apply(requirementChecks, evidence).find((each) => each.name === name)!
  return [row.verdict, row.expected, row.actual, row.mistake]
}

const unclear = principalOf({ xms_sub_fct: '13 x' })
const noList = expect.stringContaining('no list of numbers') as unknown
const overage = expect.stringContaining('groups overage') as unknown
const both = { scopes: ['Read'], roles: ['Admin'] }

describe('the row of a requirement', () => {
  it.each<[string, Principal, Requirements, unknown[]]>([
    ['caller', principalOf(), {}, ['passed', 'user or app', 'user']],
    ['caller', principalOf(), { caller: 'user' }, ['passed', 'user', 'user']],
    ['caller', principalOf(), { caller: 'app' }, ['failed', 'app', 'user']],
    ['caller', app(), { caller: 'user' }, ['failed', 'user', 'app']],
    ...(
      [
        [{ caller: 'user' }, 'failed', expect.stringContaining("say agents: 'allow'")],
        [{ caller: 'user', agents: 'allow' }, 'passed', undefined],
        [{ caller: 'app' }, 'failed', undefined],
      ] as const
    ).map(([requirements, verdict, mistake]): [string, Principal, Requirements, unknown[]] => [
      'caller',
      agent('userAccount'),
      requirements,
      [
        verdict,
        requirements.caller,
        'the user account of an agent',
        ...(mistake === undefined ? [] : [mistake]),
      ],
    ]),
    ['agents', principalOf(), {}, ['passed', 'any', 'no agent']],
    ['agents', principalOf(), { agents: 'refuse' }, ['passed', 'no agent', 'no agent']],
    ['agents', agent('byItself'), { agents: 'allow' }, ['passed', 'any', `${callerId} by itself`]],
    ['agents', agent('byItself'), { agents: 'refuse' }, ['failed', 'no agent', `${callerId} by itself`]],
    [
      'agents',
      agent('onBehalfOf'),
      { agents: [callerId] },
      ['passed', callerId, `${callerId} on behalf of a person`],
    ],
    [
      'agents',
      agent('userAccount'),
      { agents: { humanRequired: true } },
      ['failed', 'any, on behalf of a person', `${callerId} through its user account`],
    ],
    [
      'agents',
      agent('onBehalfOf'),
      { agents: [otherTenantId] },
      [
        'failed',
        otherTenantId,
        `${callerId} on behalf of a person`,
        'the id in agents is the blueprint: list the client id of the agent identity',
      ],
    ],
    ['agents', unclear, { agents: 'refuse' }, ['failed', 'no agent', 'no agent', noList]],
    ['agents', unclear, {}, ['passed', 'any', 'no agent']],
    ['caller', unclear, { caller: 'user' }, ['failed', 'user', 'user', noList]],
    ['tenants', principalOf(), {}, ['passed', 'any', tenantId]],
    ...(
      [
        ['passed', { allowedTenants: [tenantId] }],
        ['passed', { deniedTenants: [otherTenantId] }],
        ['passed', { allowedTenants: [tenantId, otherTenantId], deniedTenants: [otherTenantId] }],
        ['failed', { allowedTenants: [otherTenantId] }],
        ['failed', { deniedTenants: [tenantId] }],
        ['failed', { allowedTenants: [tenantId], deniedTenants: [tenantId] }],
      ] as const
    ).map(([verdict, requirements]): [string, Principal, Requirements, unknown[]] => [
      'tenants',
      principalOf(),
      requirements,
      [verdict, 'a tenant in allowedTenants and not in deniedTenants', tenantId],
    ]),
    ['clients', principalOf(), {}, ['passed', 'any', callerId]],
    ['clients', principalOf(), { allowedClients: [callerId] }, ['passed', callerId, callerId]],
    ['clients', principalOf(), { allowedClients: [userId] }, ['failed', userId, callerId]],
    [
      'clients',
      principalOf({}, { clientId: undefined }),
      { allowedClients: [userId] },
      ['failed', userId, 'absent'],
    ],
    ['guests', principalOf(), { refuseGuests: true }, ['passed', 'a member of the tenant', 'a member']],
    ['guests', principalOf({ acct: 1 }), {}, ['passed', 'any', 'a guest']],
    ...[{ acct: 0 }, { acct: '0' }, { acct: 0, idp: 'live.com' }, { idp: 'https://issuer.example' }].map(
      (claims): [string, Principal, Requirements, unknown[]] => [
        'guests',
        principalOf(claims),
        { refuseGuests: true },
        ['passed', 'a member of the tenant', 'a member'],
      ],
    ),
    ...[{ acct: 1 }, { acct: '1' }, { idp: 'live.com' }, { acct: 1, idp: 'https://issuer.example' }].map(
      (claims): [string, Principal, Requirements, unknown[]] => [
        'guests',
        principalOf(claims),
        { refuseGuests: true },
        ['failed', 'a member of the tenant', 'a guest'],
      ],
    ),
    ['scopes', principalOf(), {}, ['passed', 'any', 'Read Write']],
    ['scopes', principalOf(), { scopes: ['Write', 'Other'] }, ['passed', 'Write or Other', 'Read Write']],
    ['scopes', principalOf(), { scopes: ['Other'] }, ['failed', 'Other', 'Read Write']],
    [
      'scopes',
      principalOf(),
      { scopes: { all: ['Read', 'Other'] } },
      ['failed', 'Read and Other', 'Read Write'],
    ],
    [
      'scopes',
      principalOf(),
      { scopes: { all: ['Read', 'Write'] } },
      ['passed', 'Read and Write', 'Read Write'],
    ],
    [
      'scopes',
      app(),
      { scopes: ['Read'] },
      ['failed', 'Read', 'none', 'applications have roles, not scopes: accept a role on this route'],
    ],
    ['scopes', app(), both, ['passed', 'Read', 'none']],
    [
      'scopes',
      app(),
      { ...both, match: 'both' },
      ['failed', 'Read', 'none', 'applications have roles, not scopes: accept a role on this route'],
    ],
    ['roles', principalOf(), {}, ['passed', 'any', 'Admin Reader']],
    ['roles', principalOf(), { roles: ['Reader'] }, ['passed', 'Reader', 'Admin Reader']],
    ['roles', principalOf(), { roles: ['Other'] }, ['failed', 'Other', 'Admin Reader']],
    [
      'roles',
      principalOf(),
      { roles: { all: ['Admin', 'Reader'] } },
      ['passed', 'Admin and Reader', 'Admin Reader'],
    ],
    [
      'roles',
      principalOf(),
      { roles: { all: ['Admin', 'Other'] } },
      ['failed', 'Admin and Other', 'Admin Reader'],
    ],
    ['roles', principalOf({}, { roles: [] }), { roles: ['Admin'] }, ['failed', 'Admin', 'none']],
    ['roles', principalOf({}, { roles: [] }), both, ['passed', 'Admin', 'none']],
    ['roles', principalOf({}, { roles: [] }), { ...both, match: 'both' }, ['failed', 'Admin', 'none']],
    ['groups', principalOf(), {}, ['passed', 'any', 'none of them']],
    ['groups', principalOf({ groups: ['a'] }), {}, ['passed', 'any', 'none of them']],
    [
      'groups',
      principalOf({ groups: ['A', 'b'] }),
      { groups: ['B', 'c'] },
      ['passed', 'b or c', 'one of them'],
    ],
    ['groups', principalOf({ groups: ['a'] }), { groups: ['b'] }, ['failed', 'b', 'none of them']],
    ['groups', principalOf({ hasgroups: true }), { groups: ['b'] }, ['failed', 'b', 'overage', overage]],
    [
      'groups',
      principalOf({ _claim_names: { groups: 'src1' } }),
      { groups: ['b'] },
      ['failed', 'b', 'overage', overage],
    ],
    ...[{ hasgroups: 'true' }, { _claim_names: { other: 'src1' } }, { _claim_names: null }].map(
      (claims): [string, Principal, Requirements, unknown[]] => [
        'groups',
        principalOf(claims),
        { groups: ['b'] },
        ['failed', 'b', 'none of them'],
      ],
    ),
  ])('%s, row %#', (name, principal, requirements, expected) => {
    expect(rowOf(name, principal, requirements)).toEqual([...expected, undefined].slice(0, 4))
  })

  it.each<[Record<string, unknown>, '1.0' | '2.0', string]>([
    [{}, '2.0', '0'],
    [{ azpacr: '0' }, '2.0', '0'],
    [{ azpacr: '1' }, '2.0', '1'],
    [{ azpacr: 1 }, '2.0', '1'],
    [{ azpacr: '2' }, '2.0', '2'],
    [{ azpacr: 2 }, '2.0', '2'],
    [{ azpacr: '3' }, '2.0', '0'],
    [{ appidacr: '2' }, '2.0', '0'],
    [{ appidacr: '2' }, '1.0', '2'],
    [{ appidacr: 1 }, '1.0', '1'],
    [{ azpacr: '2' }, '1.0', '0'],
  ])('of the strength of a client: %j of version %s is %s', (claims, version, actual) => {
    const principal = principalOf(claims, { version })
    const verdict = (least: number): string => (Number(actual) >= least ? 'passed' : 'failed')
    const words = (least: number): string => `azpacr or appidacr of at least ${least}`
    expect(rowOf('client_strength', principal, {})).toEqual(['passed', words(0), actual, undefined])
    expect(rowOf('client_strength', principal, { clientStrength: 'secret' })).toEqual([
      verdict(1),
      words(1),
      actual,
      undefined,
    ])
    expect(rowOf('client_strength', principal, { clientStrength: 'certificate' })).toEqual([
      verdict(2),
      words(2),
      actual,
      undefined,
    ])
  })
})

describe('an authentication context', () => {
  const evidence = (claims: Record<string, unknown>, authenticationContext?: string) => ({
    principal: principalOf(claims),
    requirements: resolveRequirements(authenticationContext === undefined ? {} : { authenticationContext }),
  })

  it('is met by a token that was issued for it, and by any where none is demanded', () => {
    expect(hasAuthenticationContext(evidence({}))).toBe(true)
    expect(hasAuthenticationContext(evidence({ acrs: ['c1', 'c2'] }, 'c2'))).toBe(true)
    expect(hasAuthenticationContext(evidence({ acrs: 'c2' }, 'c2'))).toBe(true)
    for (const acrs of [undefined, 'c22', ['c1'], [], 2])
      expect(hasAuthenticationContext(evidence({ acrs }, 'c2'))).toBe(false)
  })

  it('is asked for by a challenge of a client that understands one, and of no other', () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c2"}}}'
    expect(refuseAuthenticationContext(evidence({ xms_cc: ['cp1'], acrs: ['c1'] }, 'c2'))).toMatchObject({
      status: 401,
      error: 'insufficient_claims',
      reason: 'authentication_context',
      expected: 'c2',
      actual: '["c1"]',
      claims,
    })
    const refusal = refuseAuthenticationContext(evidence({ xms_cc: ['cp2'] }, 'c2'))
    expect(refusal).toMatchObject({ status: 403, error: 'insufficient_scope', actual: 'absent' })
    expect(refusal.claims).toBeUndefined()
  })
})
