// Which tokens are an agent's, for whom it acts, and who is told so.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFacets } from '../../src/protect/agent.ts'
import { appClaims, callerId, signToken, userClaims, userId, v1Claims } from '../jwt/token-builder.ts'
import { createGate, signer } from './gate.ts'

const blueprintId = 'b1b1b1b1-0000-4000-8000-000000000001'
const agentClaims = { xms_act_fct: '3 11', xms_par_app_azp: blueprintId }
const agent = (kind: string) => ({ id: callerId, blueprintId, kind })

async function agentOf(claims: Record<string, unknown>) {
  return (await createGate().validator.validate(signToken({ claims, signer }))).principal.agent
}

describe('the agent of a token', () => {
  it.each([
    ['of a person by an ordinary client', userClaims(), undefined],
    ['of an application by itself', appClaims(), undefined],
    ['of other facets', userClaims({ xms_act_fct: '1 3 111', xms_sub_fct: '2' }), undefined],
    ['of an agent for a person', userClaims(agentClaims), agent('onBehalfOf')],
    ['of an agent for a person, v1.0', v1Claims(agentClaims), agent('onBehalfOf')],
    [
      'of an agent for a person with facets',
      userClaims({ ...agentClaims, xms_sub_fct: '1 3' }),
      agent('onBehalfOf'),
    ],
    ['of an agent by itself', appClaims({ ...agentClaims, xms_sub_fct: '11', scp: '/' }), agent('byItself')],
    ['of an agent’s user account', userClaims({ ...agentClaims, xms_sub_fct: '13 5' }), agent('userAccount')],
    [
      'that says it by the actor alone',
      userClaims({ xms_act_fct: '11' }),
      { ...agent('onBehalfOf'), blueprintId: undefined },
    ],
    [
      'that says it by the blueprint alone',
      userClaims({ xms_par_app_azp: blueprintId }),
      agent('onBehalfOf'),
    ],
    [
      'that says it by the subject alone',
      userClaims({ xms_sub_fct: '13' }),
      { ...agent('userAccount'), blueprintId: undefined },
    ],
    [
      'whose subject is the agent, though a user',
      userClaims({ ...agentClaims, xms_sub_fct: '11' }),
      agent('userAccount'),
    ],
    ['whose actor cannot be read', userClaims({ xms_act_fct: '11 x' }), undefined],
    ['whose actor is no text', userClaims({ xms_act_fct: ['11'] }), undefined],
  ])('%s', async (_what, claims, expected) => {
    expect(await agentOf(claims)).toEqual(expected)
  })

  it('is frozen, and the person stays the subject', async () => {
    const { principal, account } = await createGate().validator.validate(
      signToken({ claims: userClaims(agentClaims), signer }),
    )
    expect(Object.isFrozen(principal.agent)).toBe(true)
    expect(principal.objectId).toBe(userId)
    expect(account?.objectId).toBe(userId)
  })

  it('is told to the observer', async () => {
    const { validator, events } = createGate()
    await validator.validate(signToken({ claims: userClaims(agentClaims), signer }))
    await validator.validate(signToken({ claims: userClaims({ uti: 'no agent' }), signer }))
    expect(events.filter(({ type }) => type === 'token_validated')).toMatchObject([
      { agent: agent('onBehalfOf'), claims: agentClaims },
      { agent: undefined },
    ])
  })

  it('is told by an explanation, and its claims are shown', async () => {
    const { notes, claims } = await createGate().validator.explain(
      signToken({ claims: userClaims({ ...agentClaims, xms_sub_fct: '13' }), signer }),
    )
    expect(notes).toContain(
      `held by the agent identity ${callerId} of the blueprint ${blueprintId}, through its user account`,
    )
    expect(claims).toMatchObject({ ...agentClaims, xms_sub_fct: '13' })
    const ordinary = await createGate().validator.explain(signToken({ claims: userClaims(), signer }))
    expect(ordinary.notes).toEqual([])
  })
})

describe('facets', () => {
  it.each<[unknown, readonly number[]]>([
    ['11', [11]],
    ['  11   3 ', [11, 3]],
    ['3 11 3', [3, 11]],
    ['011', [11]],
    [11, [11]],
    ['', []],
    [undefined, []],
    ['11,3', []],
    ['11 -3', []],
    ['11 1.5', []],
    ['11 0x3', []],
    ['１１', []],
    [1.5, []],
    [{}, []],
    [`11 ${'9 '.repeat(200)}`, []],
  ])('of %j are %j', (text, expected) => {
    expect([...readFacets(text)]).toEqual(expected)
  })

  it('are the same in any order, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(9999), { maxLength: 20 }), (numbers) => {
        const reversed = readFacets(numbers.toReversed().join('  '))
        expect([...reversed].sort()).toEqual([...readFacets(numbers.join(' '))].sort())
        expect(readFacets(`${numbers.join(' ')} x`).size).toBe(0)
      }),
    )
  })
})
