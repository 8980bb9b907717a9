// Options that nobody knows, and the one that was probably meant.
import { describe, expect, it } from 'vitest'
import { checkKnownOptions, nearestName } from '../../src/kernel/known-options.ts'

const known = ['tenantId', 'clientId', 'clientCredential', 'scopes']

describe('an option', () => {
  it('is known, or is refused by its path', () => {
    expect(() => checkKnownOptions({ tenantId: 1, scopes: undefined }, known, '')).not.toThrow()
    expect(() => checkKnownOptions({}, known, '')).not.toThrow()
    expect(() => checkKnownOptions({ tenatId: 1 }, known, '')).toThrow(
      expect.objectContaining({
        option: 'tenatId',
        message: "tenatId: unknown option; did you mean 'tenantId'?",
      }),
    )
    expect(() => checkKnownOptions({ scopes: 1, wholly: 1 }, known, 'apis.graph')).toThrow(
      expect.objectContaining({
        option: 'apis.graph.wholly',
        message:
          'apis.graph.wholly: unknown option; known options: tenantId, clientId, clientCredential, scopes',
      }),
    )
  })

  it.each([[undefined], [null], ['text'], [7], [() => ({})], [[]], [['tenantId']]])(
    'stands in an object, not in %o',
    (options) => {
      expect(() => checkKnownOptions(options, known, '')).toThrow(
        expect.objectContaining({
          option: 'options',
          message: expect.stringContaining('must be an object: { tenantId: … }') as unknown,
        }),
      )
      expect(() => checkKnownOptions(options, known, 'apis.graph')).toThrow(
        expect.objectContaining({ option: 'apis.graph' }),
      )
    },
  )
})

describe('the name that was meant', () => {
  it.each([
    ['TENANTID', 'tenantId'],
    ['tenant', 'tenantId'], // two letters are missing
    ['tenan', undefined], // three are
    ['xtenantId', 'tenantId'],
    ['tenanXId', 'tenantId'],
    ['lcientId', 'clientId'],
    ['cliendID', 'clientId'],
    ['scope', 'scopes'],
    ['sco', undefined],
    ['scopesxx', 'scopes'],
    ['scopesxxx', 'scopes'],
    ['scopesxxxx', undefined],
    ['clientCredentXXXXX', 'clientCredential'], // a third of so long a name may be wrong
    ['clientCredXXXXXXXX', undefined],
    ['', undefined],
  ])('by %j is %j', (name, meant) => {
    expect(nearestName(name, known)).toBe(meant)
  })

  it('is the first of those that are as near, and none of none', () => {
    expect(nearestName('ab', ['ax', 'ay'])).toBe('ax')
    expect(nearestName('ay', ['ax', 'ay'])).toBe('ay')
    expect(nearestName('ab', [])).toBeUndefined()
    expect(nearestName('ab', [''])).toBe('')
  })
})
