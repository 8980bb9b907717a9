// What a route may demand, and how each refusal says what is missing.
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../../src/kernel/errors/errors.ts'
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
import { createGate, refusalOf, signer } from '../gate.ts'

type Claims = Record<string, unknown>

async function outcome(claims: Claims, requirements: Requirements): Promise<string> {
  const { validator } = createGate()
  const token = signToken({ claims, signer })
  try {
    await validator.validate(token, requirements)
    return 'passed'
  } catch {
    const refusal = await refusalOf(validator, token, requirements)
    return `${refusal.status} ${refusal.error ?? ''} ${refusal.reason}`
  }
}

const user = userClaims
const app = appClaims
const lacks = (reason: string): string => `403 insufficient_scope ${reason}`

const blueprintId = 'b1b1b1b1-0000-4000-8000-000000000001'
const facets = { xms_act_fct: '11', xms_par_app_azp: blueprintId }
const agentForAda = userClaims({ ...facets, idtyp: 'user' })
const agentAlone = appClaims({ ...facets, idtyp: 'app', scp: '/', xms_sub_fct: '11' })
const agentAccount = userClaims({ ...facets, idtyp: 'user', xms_sub_fct: '7 13' })
/** Of an agent's user account, as far as its facets could be read. */
const unclearAccount = userClaims({ ...facets, idtyp: 'user', xms_sub_fct: '13 x' })
const unclearActor = userClaims({ idtyp: 'user', xms_act_fct: '11,3' })
const unclearApp = appClaims({ idtyp: 'app', xms_act_fct: ['11'] })
const cases: readonly [string, Claims, Requirements, string][] = [
  ['one of several scopes is enough', user({ scp: 'a b' }), { scopes: ['x', 'b'] }, 'passed'],
  ['a scope is compared whole', user({ scp: 'access' }), { scopes: ['acc'] }, lacks('scopes')],
  ['all scopes can be demanded', user({ scp: 'a' }), { scopes: { all: ['a', 'b'] } }, lacks('scopes')],
  ['all scopes can be met', user({ scp: 'b a' }), { scopes: { all: ['a', 'b'] } }, 'passed'],
  ['an application has no scopes', app(), { scopes: ['access_as_user'] }, lacks('scopes')],
  ['a role is met by an application', app({ roles: ['Reader'] }), { roles: ['Reader'] }, 'passed'],
  ['a role is met by a user', user({ roles: ['Admin'] }), { roles: ['Admin'] }, 'passed'],
  ['a role can be lacking', app({ roles: ['Reader'] }), { roles: ['Writer'] }, lacks('roles')],
  ['scope or role: a user by scope', user({ scp: 's' }), { scopes: ['s'], roles: ['R'] }, 'passed'],
  ['scope or role: an application by role', app({ roles: ['R'] }), { scopes: ['s'], roles: ['R'] }, 'passed'],
  [
    'scope or role: a user’s role is no scope',
    user({ scp: 'x', roles: ['R'] }),
    { scopes: ['s'], roles: ['R'] },
    lacks('scopes'),
  ],
  [
    'scope and role: both',
    user({ scp: 's', roles: ['R'] }),
    { scopes: ['s'], roles: ['R'], match: 'both' },
    'passed',
  ],
  [
    'scope and role: one is too little',
    user({ scp: 's' }),
    { scopes: ['s'], roles: ['R'], match: 'both' },
    lacks('roles'),
  ],
  ['applications can be refused', app(), { caller: 'user' }, lacks('caller')],
  ['applications can be demanded', user(), { caller: 'app' }, lacks('caller')],
  ['an agent by itself is no user', agentAlone, { caller: 'user' }, lacks('caller')],
  ['an agent by itself is an application', agentAlone, { caller: 'app' }, 'passed'],
  ['an agent’s user account is no user', agentAccount, { caller: 'user' }, lacks('caller')],
  [
    'an agent’s user account is no application',
    agentAccount,
    { caller: 'app', agents: 'allow' },
    lacks('caller'),
  ],
  ['an agent for a person is one', agentForAda, { caller: 'user' }, 'passed'],
  [
    'an agent’s user account as a user, by leave',
    agentAccount,
    { caller: 'user', agents: 'allow' },
    'passed',
  ],
  ['an agent, on a route that says nothing', agentAccount, { scopes: ['access_as_user'] }, 'passed'],
  ['agents can be refused: one for a person', agentForAda, { agents: 'refuse' }, lacks('agents')],
  ['agents can be refused: one by itself', agentAlone, { agents: 'refuse' }, lacks('agents')],
  ['agents can be refused: a user account', agentAccount, { agents: 'refuse' }, lacks('agents')],
  ['agents can be refused: people pass', user(), { agents: 'refuse' }, 'passed'],
  ['agents can be refused: applications pass', app(), { agents: 'refuse' }, 'passed'],
  ['agents can be let in', agentAlone, { agents: 'allow' }, 'passed'],
  ['an agent on the list', agentAlone, { agents: [callerId.toUpperCase()] }, 'passed'],
  ['an agent off the list', agentForAda, { agents: [tenantId] }, lacks('agents')],
  ['an agent by its blueprint', agentForAda, { agents: [blueprintId] }, lacks('agents')],
  ['no agent is on no list', user(), { agents: [tenantId] }, 'passed'],
  ['an agent on a list of a rule', agentAlone, { agents: { ids: [callerId] } }, 'passed'],
  ['a person behind the agent: there', agentForAda, { agents: { humanRequired: true } }, 'passed'],
  ['a person behind the agent: none', agentAlone, { agents: { humanRequired: true } }, lacks('agents')],
  [
    'a person behind the agent: a user account',
    agentAccount,
    { agents: { humanRequired: true } },
    lacks('agents'),
  ],
  [
    'a person behind another agent',
    agentForAda,
    { agents: { ids: [tenantId], humanRequired: true } },
    lacks('agents'),
  ],
  ['a person not called for', agentAlone, { agents: { ids: [callerId], humanRequired: false } }, 'passed'],
  ...[unclearAccount, unclearActor, unclearApp].flatMap((claims, index): (typeof cases)[number][] => [
    [
      `facets that cannot be read, a person needed: ${index}`,
      claims,
      { agents: { humanRequired: true } },
      lacks('agents'),
    ],
    [`facets that cannot be read, agents refused: ${index}`, claims, { agents: 'refuse' }, lacks('agents')],
    [`facets that cannot be read, all agents let in: ${index}`, claims, { agents: 'allow' }, 'passed'],
    [
      `facets that cannot be read, nothing said: ${index}`,
      claims,
      { scopes: ['access_as_user'], roles: ['Todo.ReadWrite.All'] },
      'passed',
    ],
  ]),
  ['a listed agent whose subject cannot be read', unclearAccount, { agents: [callerId] }, 'passed'],
  ['nobody knows whether it is listed', unclearActor, { agents: [callerId] }, lacks('agents')],
  ['a subject that cannot be read is no user for sure', unclearAccount, { caller: 'user' }, lacks('caller')],
  ['nor is one of an actor that cannot be read', unclearActor, { caller: 'user' }, lacks('caller')],
  ['unless agents are let in', unclearAccount, { caller: 'user', agents: 'allow' }, 'passed'],
  [
    'facets that are none',
    user({ xms_sub_fct: '', xms_act_fct: ' ' }),
    { caller: 'user', agents: { humanRequired: true } },
    'passed',
  ],
  ['a tenant on the list', user(), { allowedTenants: [tenantId.toUpperCase()] }, 'passed'],
  ['a tenant off the list', user(), { allowedTenants: [otherTenantId] }, lacks('tenants')],
  ['a tenant that is denied', user(), { deniedTenants: [tenantId] }, lacks('tenants')],
  ['a client on the list', user(), { allowedClients: [callerId] }, 'passed'],
  ['a v1.0 client on the list', v1Claims(), { allowedClients: [callerId] }, 'passed'],
  ['a client off the list', user(), { allowedClients: [tenantId] }, lacks('clients')],
  ['a member is no guest', user({ acct: 0 }), { refuseGuests: true }, 'passed'],
  ['a guest by acct', user({ acct: 1 }), { refuseGuests: true }, lacks('guests')],
  ['a guest by idp', user({ idp: 'https://sts.windows.net/x/' }), { refuseGuests: true }, lacks('guests')],
  ['a public client is weak', user({ azpacr: '0' }), { clientStrength: 'secret' }, lacks('client_strength')],
  ['a secret is stronger', user({ azpacr: '1' }), { clientStrength: 'secret' }, 'passed'],
  [
    'a certificate is stronger still',
    user({ azpacr: '1' }),
    { clientStrength: 'certificate' },
    lacks('client_strength'),
  ],
  ['v1.0 says it by appidacr', v1Claims({ appidacr: '2' }), { clientStrength: 'certificate' }, 'passed'],
  ['a member of a group', user({ groups: ['g1', 'g2'] }), { groups: ['g2'] }, 'passed'],
  ['no member of a group', user({ groups: ['g1'] }), { groups: ['g2'] }, lacks('groups')],
  ['an authentication context', user({ acrs: ['c1'] }), { authenticationContext: 'c1' }, 'passed'],
  [
    'a step-up for a capable client',
    user({ xms_cc: ['CP1'] }),
    { authenticationContext: 'c1' },
    '401 insufficient_claims authentication_context',
  ],
  [
    'no step-up for any other',
    user(),
    { authenticationContext: 'c1' },
    '403 insufficient_scope authentication_context',
  ],
  ['one’s own check', user(), { check: ({ subject }) => Promise.resolve(subject !== '') }, 'passed'],
  ['one’s own check that says no', user(), { check: () => false }, lacks('own_check')],
  [
    'one’s own check beside another requirement',
    user(),
    { scopes: ['Nobody.Has'], check: () => true },
    lacks('scopes'),
  ],
  [
    'one’s own check that forgot to answer',
    user(),
    { check: (() => undefined) as unknown as () => boolean },
    lacks('own_check'),
  ],
]

describe('a requirement', () => {
  it.each(cases)('%s', async (_what, claims, requirements, expected) => {
    expect(await outcome(claims, requirements)).toBe(expected)
  })

  it('announces the scopes that are lacking', async () => {
    const refusal = await refusalOf(createGate().validator, signToken({ claims: user(), signer }), {
      scopes: ['a', 'b'],
    })
    expect(refusal.scopes).toEqual(['a', 'b'])
  })

  it('tells a groups overage from absence', async () => {
    const token = signToken({ claims: user({ _claim_names: { groups: 'src1' } }), signer })
    expect(await refusalOf(createGate().validator, token, { groups: ['g'] })).toMatchObject({
      actual: 'overage',
    })
  })

  it('asks for the authentication context in the challenge', async () => {
    const token = signToken({ claims: user({ xms_cc: ['cp1'] }), signer })
    const refusal = await refusalOf(createGate().validator, token, { authenticationContext: 'c7' })
    expect(JSON.parse(refusal.claims ?? '')).toEqual({
      access_token: { acrs: { essential: true, value: 'c7' } },
    })
  })

  it('of the whole API holds beside the route’s', async () => {
    const { validator } = createGate({ requirements: { caller: 'user' } })
    const refusal = await refusalOf(validator, signToken({ claims: app(), signer }), {
      roles: ['Todo.ReadWrite.All'],
    })
    expect(refusal.reason).toBe('caller')
  })

  it('lets an own check’s error through as it is', async () => {
    const broken = new Error('database down')
    const asked = createGate().validator.validate(signToken({ claims: user(), signer }), {
      check: () => Promise.reject(broken),
    })
    await expect(asked).rejects.toBe(broken)
  })
})

describe('requirements that cannot be meant', () => {
  it.each([
    ['scope', { scope: ['a'] }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['a b'] }],
    ['scopes', { scopes: { all: [] } }],
    ['roles', { roles: 'Admin' }],
    ['match', { match: 'all' }],
    ['caller', { caller: 'daemon' }],
    ['allowedTenants', { allowedTenants: ['contoso.com'] }],
    ['refuseGuests', { refuseGuests: 'yes' }],
    ['clientStrength', { clientStrength: 2 }],
    ['agents', { agents: 'none' }],
    ['agents', { agents: null }],
    ['agents', { agents: [] }],
    ['agents', { agents: ['expenses'] }],
    ['agents', { agents: {} }],
    ['agents.ids', { agents: { ids: [] } }],
    ['agents.ids', { agents: { ids: undefined, humanRequired: true } }],
    ['agents.humanRequired', { agents: { ids: [callerId], humanRequired: undefined } }],
    ['agents.id', { agents: { id: [callerId] } }],
    ['agents.humanRequired', { agents: { humanRequired: 'yes' } }],
    ['authenticationContext', { authenticationContext: 'C1' }],
    ['check', { check: true }],
  ])('are refused naming %s: %j', (option, requirements) => {
    expect(() => resolveRequirements(requirements as Requirements)).toThrow(ConfigurationError)
    expect(() => resolveRequirements(requirements as Requirements)).toThrow(`requirements.${option}`)
  })
})

describe('a rule of agents that is none', () => {
  it.each(['none', null, 7])('is told what one is: %j', (agents) => {
    expect(() => resolveRequirements({ agents } as never)).toThrow("must be 'refuse', 'allow', a list")
  })
})

describe('requirements that are changed after their first use', () => {
  it('throw where they are changed, lists included, and go on to demand what they did', async () => {
    const scopes = ['access_as_user']
    const requirements: { scopes: { all: string[] }; roles?: string[] } = { scopes: { all: scopes } }
    expect(await outcome(user(), requirements)).toBe('passed')
    expect(() => (requirements.roles = ['Admin'])).toThrow(TypeError)
    expect(() => scopes.push('Admin')).toThrow(TypeError)
    expect(await outcome(user({ scp: 'x' }), requirements)).toBe(lacks('scopes'))
  })

  it('are plain: what will not be frozen is named', () => {
    const watched = new Proxy(['Tasks.Read'], { preventExtensions: () => false })
    expect(() => resolveRequirements({ scopes: watched })).toThrow(ConfigurationError)
    expect(() => resolveRequirements({ scopes: watched })).toThrow(/plain objects and lists/)
  })
})
