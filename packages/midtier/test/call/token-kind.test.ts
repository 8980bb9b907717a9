import { describe, expect, it } from 'vitest'
import { defaultScopeOf, tokenKindFor } from '../../src/call/token-kind.ts'

describe('whose token an API is called with', () => {
  it.each([
    ['onBehalfOf', 'user', 'onBehalfOf'],
    ['onBehalfOf', 'app', 'onBehalfOf'], // and is refused: an application has no user to act on behalf of
    ['app', 'user', 'app'],
    ['app', 'app', 'app'],
    ['either', 'user', 'onBehalfOf'],
    ['either', 'app', 'app'],
  ] as const)('by the policy %s for the caller %s: %s', (policy, caller, kind) => {
    expect(tokenKindFor(policy, caller)).toBe(kind)
  })
})

describe("the scope of the application's own token", () => {
  it.each([
    [['api://todolist/.default'], ['api://todolist/.default']],
    [['api://todolist/Tasks.Read', 'api://todolist/Tasks.Write'], ['api://todolist/.default']],
    [['api://todolist/Tasks.Read api://todolist/Tasks.Write'], ['api://todolist/.default']],
    [['User.Read'], ['00000003-0000-0000-c000-000000000000/.default']],
    [['https://graph.microsoft.com/User.Read'], ['https://graph.microsoft.com/.default']],
    [['https://vault.azure.net//user_impersonation'], ['https://vault.azure.net//.default']],
    // Two resources stay two, and are refused as such when the token is asked for.
    [
      ['api://a/x', 'api://b/x'],
      ['api://a/.default', 'api://b/.default'],
    ],
  ])('of %j is %j', (scopes, expected) => {
    expect(defaultScopeOf(scopes)).toEqual(expected)
  })
})
