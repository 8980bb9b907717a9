// What every grant sends, of every combination of parts that asks for something else, and what is not built for want of a part.
import { expect, it } from 'vitest'
import { type GrantParts, grants } from '../../src/grants/grants.ts'
import { tokenExchangeProfiles } from '../../src/grants/token-exchange-profiles.ts'
import type { GrantName } from '../../src/kernel/observer.ts'
import { Redacted } from '../../src/kernel/redacted.ts'
import { expectWritten } from '../written.ts'

const nothing: GrantParts = {
  scopes: ['api://todolist/Todos.Read', 'openid'],
  audience: undefined,
  assertion: undefined,
  refreshToken: undefined,
  wantsRefreshToken: false,
  profile: undefined,
  agentId: undefined,
  agentUser: undefined,
}
const assertion = new Redacted('<assertion>')
const refreshToken = new Redacted('<refresh token>')
const userAssertion = new Redacted('<token of the agent>')
const profiles = Object.values(tokenExchangeProfiles)

const cases: readonly (readonly [GrantName, Partial<GrantParts>, string])[] = [
  ['client_credentials', {}, 'the application by itself'],
  ['client_credentials', { agentId: '<agent>' }, 'what an agent shows'],
  ['client_credentials', { scopes: [] }, 'without scopes'],
  ...profiles.map(
    (profile) =>
      [
        'client_credentials',
        { profile, audience: '<audience>' },
        `for an audience (${profile.name})`,
      ] as const,
  ),
  ['on_behalf_of', { assertion }, 'a caller'],
  ['on_behalf_of', { assertion, wantsRefreshToken: true }, 'a caller whose session goes on'],
  ['on_behalf_of', {}, 'nobody'],
  ['refresh_token', { refreshToken }, 'a session'],
  ['refresh_token', {}, 'no session'],
  ...profiles.flatMap((profile) => [
    [
      'token_exchange',
      { profile, assertion, audience: '<audience>' },
      `for an audience (${profile.name})`,
    ] as const,
    [
      'token_exchange',
      { profile, assertion, scopes: [], audience: '<audience>' },
      `without scopes (${profile.name})`,
    ] as const,
  ]),
  ['token_exchange', { assertion }, 'at an authority that exchanges otherwise'],
  ['token_exchange', { profile: tokenExchangeProfiles.rfc8693 }, 'nobody'],
  [
    'user_fic',
    { agentUser: { user: { objectId: '<object id>' }, userAssertion } },
    'an agent by its account',
  ],
  [
    'user_fic',
    { agentUser: { user: { userPrincipalName: '<name>' }, userAssertion } },
    'an agent by the name of its account',
  ],
  ['user_fic', {}, 'no agent'],
]

it('every grant sends what is written down, and nothing else', async () => {
  const lines = cases.flatMap(([name, parts, who]) => {
    const grant = grants[name]({ ...nothing, ...parts })
    if (grant === undefined) return [`${name}, ${who}: none`]
    const { parameters, sessionEnded = [] } = grant
    return [
      `${name}, ${who}: ${grant.name}, ${grant.forUser ? 'for a person' : 'for nobody who could be asked'}, scopes ${JSON.stringify(grant.scopes)}`,
      ...Object.entries(parameters).map(([parameter, value]) =>
        typeof value === 'string' ? `  ${parameter} ${value}` : `  ${parameter} secret ${value.reveal()}`,
      ),
      ...sessionEnded.map(({ error, errorDescription }) => `  over by ${error}: ${errorDescription}`),
    ]
  })
  expect(lines.length).toBeGreaterThan(cases.length)
  await expectWritten(lines, new URL('written/grants.txt', import.meta.url))
})
