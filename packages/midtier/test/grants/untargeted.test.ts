// What each profile of a token exchange wants named, so that no token is asked for that would be for the wrong API.
import { expect, it } from 'vitest'
import { refuseUntargeted } from '../../src/grants/token-exchange.ts'
import {
  tokenExchangeProfiles,
  type TokenExchangeProfileName,
} from '../../src/grants/token-exchange-profiles.ts'

const outcome = (name: TokenExchangeProfileName, audience: string | undefined, scopes: string[]): string => {
  try {
    refuseUntargeted(tokenExchangeProfiles[name], audience, scopes)
    return 'is sent'
  } catch (error) {
    return (error as Error).message
  }
}

it.each<[TokenExchangeProfileName, string, string, string]>([
  ['rfc8693', 'the audience or a scope', 'is sent', 'is sent'],
  ['keycloak', 'the audience or a scope', 'is sent', 'is sent'],
  ['zitadel', 'the audience or a scope', 'is sent', 'is sent'],
  ['auth0', 'the audience', 'is sent', 'refused'],
  ['okta', 'a scope', 'refused', 'is sent'],
])('%s wants %s', (name, wanted, withAudience, withScope) => {
  const refused = `A token exchange (${name}) has to name ${wanted} of the downstream API`
  const told = (word: string): string => (word === 'refused' ? refused : word)
  expect(outcome(name, undefined, [])).toBe(refused)
  expect(outcome(name, 'todo', [])).toBe(told(withAudience))
  expect(outcome(name, undefined, ['read'])).toBe(told(withScope))
  expect(outcome(name, 'todo', ['read'])).toBe('is sent')
})
