// What requests are called in the log, how they end, what was traded for what, and why some cannot be asked again.
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../../src/index.ts'
import { chainOf } from '../../../src/portal/log/chain.tsx'
import { whyNotReplayable } from '../../../src/portal/log/replay.ts'
import { explain } from '../../../src/portal/log/verdict.ts'
import { outcomeOf, titleOf } from '../../../src/portal/log/words.ts'
import { record } from './record.ts'

type Changes = Partial<RequestRecord>

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const form = (name: string, changes: Changes = {}): Changes => ({
  ...{ endpoint: 'interaction', path: `/contoso/${name}`, grantType: undefined, ...changes },
})
const page: Changes = { endpoint: 'authorize', method: 'GET', grantType: undefined }
const graph: Changes = { endpoint: 'graph', method: 'GET', grantType: undefined }

describe('a request is called', () => {
  it.each<[string, Changes]>([
    ['Code redeemed', { grantType: 'authorization_code' }],
    ['Refresh → To Do API', { grantType: 'refresh_token', resource: 'To Do API' }],
    ['Client credentials', { grantType: 'client_credentials' }],
    ['On-behalf-of → Microsoft Graph', { grantType: jwtBearer, resource: 'Microsoft Graph' }],
    ['Agent’s user account', { grantType: 'user_fic' }],
    ['Device code', { grantType: deviceGrant }],
    ['Device code', { grantType: 'device_code' }],
    ['Password grant', { grantType: 'password' }],
    ['constructor', { grantType: 'constructor' }],
    ['token', { grantType: undefined }],
    ['Authorize', page],
    ['Authorize', { ...page, parameters: { prompt: 'login' } }],
    ['Authorize, silent', { ...page, parameters: { prompt: 'none' } }],
    ['Name and password', form('login')],
    ['Account picked', form('account')],
    ['Consent', form('consent')],
    ['Second step', form('approve')],
    ['Second step registered', form('register')],
    ['Form', form('another')],
    ['GET /me', { ...graph, path: '/v1.0/me' }],
    ['GET /users/v1.0', { ...graph, path: '/graph/v1.0/users/v1.0' }],
    ['POST /v1.0/x', { endpoint: 'other', path: '/v1.0/x' }],
  ])('%s', (title, changes) => {
    expect(titleOf(record(changes))).toBe(title)
  })

  it.each<[outcome: string, headline: string, Changes]>([
    ['issued', 'Issued: a token for the API to the client', {}],
    ['code', 'Answered to the application: a redirect', { ...page, status: 302 }],
    ['code', 'Answered to the application: query of x', form('login', { status: 302, shown: 'query of x' })],
    ['200', 'Answered', graph],
    ['401', 'Refused: HTTP 401', { ...graph, status: 401 }],
    [
      'Forbidden',
      'Refused at “Permissions”: Forbidden',
      {
        ...{
          ...graph,
          status: 403,
          error: ['Forbidden'],
          checks: [{ name: 'permissions', verdict: 'failed' }],
        },
      },
    ],
    ['50076, 7', 'Refused: AADSTS50076', { status: 400, error: [50076, 7] }],
    ['cut', 'Cut off without an answer', { status: undefined }],
    ['asked', 'Waiting for the user: a page', { ...page, checks: [{ name: 'session', verdict: 'asked' }] }],
  ])('and ends as: %s, %s', (outcome, headline, changes) => {
    expect(outcomeOf(record(changes))).toBe(outcome)
    expect(explain(record(changes)).headline).toBe(headline)
  })
})

describe('a chain', () => {
  const draw = (changes: Changes) =>
    chainOf(record({ application: 'Shop', ...changes }), [], (id) => (id === 'todo' ? 'To Do API' : id))

  it.each<[title: string, lines: readonly string[], Changes]>([
    ['Code', [], { grantType: 'authorization_code' }],
    ['Code', ['alice'], { grantType: 'authorization_code', user: 'alice@contoso.com' }],
    ['Refresh token', ['alice'], { grantType: 'refresh_token', user: 'alice@contoso.com' }],
    ['No user', ['the application itself'], { grantType: 'client_credentials' }],
    ['Browser', ['nobody signed in'], page],
    ['Browser', ['alice'], { ...page, user: 'alice@contoso.com' }],
    [
      'To Do API',
      ['scp a b', 'amr pwd mfa', '2 min'],
      {
        presented: { aud: 'todo', scp: 'a b', roles: ['x'], amr: ['pwd', 'mfa'], iat: 60, exp: 180 },
      },
    ],
    ['To Do API', ['roles x y'], { presented: { aud: 'todo', roles: ['x', 'y'], exp: 180 } }],
    ['elsewhere', ['no permission'], { presented: { aud: 'elsewhere' } }],
  ])('begins with: %s, %j', (title, lines, changes) => {
    expect(draw(changes).from).toMatchObject({ title, lines, state: 'held' })
  })

  it.each<[title: string, lines: readonly string[], state: string, Changes]>([
    ['To Do API', ['scp a'], 'issued', { issued: { aud: 'todo', scp: 'a' } }],
    ['Code', ['to the application'], 'issued', { ...page, status: 302 }],
    ['Answer', ['200'], 'issued', graph],
    ['Token', ['not issued'], 'none', { status: 400 }],
    ['To Do API', ['not issued'], 'none', { status: 400, resource: 'To Do API' }],
    ['Answer', ['not issued'], 'none', { ...graph, status: 403 }],
    ['Code', ['not yet'], 'none', { ...page, checks: [{ name: 'session', verdict: 'asked' }] }],
  ])('ends with: %s, %j', (title, lines, state, changes) => {
    expect(draw(changes).to).toMatchObject({ title, lines, state })
  })

  it('names who traded, and by what it proved itself', () => {
    const proved = (verdict: 'passed' | 'failed', actual: string): Changes => ({
      checks: [{ name: 'client_authentication', verdict, actual }],
    })
    expect(draw(proved('passed', 'a secret')).by).toBe('Shop, by a secret')
    expect(draw(proved('passed', 'nothing')).by).toBe('Shop')
    expect(draw(proved('failed', 'a secret')).by).toBe('Shop')
    expect(draw({ application: undefined, clientId: 'its-id' }).by).toBe('its-id')
    expect(draw({ application: undefined }).by).toBe('client')
  })
})

describe('a request is asked again', () => {
  const presented = { aud: 'api', azp: 'client' }
  const secret = { client_secret: '••• 9 characters' }

  it.each<[string, Changes]>([
    [
      'an exchange whose token can be minted',
      { presented, parameters: { ...secret, assertion: '••• 900 characters' } },
    ],
    ['an application by its secret', { grantType: 'client_credentials', parameters: secret }],
    ['an authorization request', page],
    ['what was read of Graph', { ...graph, presented }],
  ])('%s', (_, changes) => {
    expect(whyNotReplayable(record(changes))).toBeUndefined()
  })

  it.each<[string, Changes]>([
    ['A code is good once: sign in again.', { grantType: 'authorization_code' }],
    ['The log does not keep refresh tokens.', { grantType: 'refresh_token' }],
    ['The form belongs to the browser that showed it.', form('login')],
    ['The log keeps only the beginning of scope.', { parameters: { state: 'x', scope: 'x…' } }],
    ['It was posted by a page.', { ...page, method: 'POST' }],
    ['It had no token, or a body.', { ...graph, method: 'POST', presented }],
    ['It had no token, or a body.', graph],
    ['Nothing of this kind can be asked again.', { grantType: 'password' }],
    ['Nothing of this kind can be asked again.', { endpoint: 'keys', method: 'GET', grantType: undefined }],
    [
      'The log does not keep client_assertion.',
      { parameters: { ...secret, client_assertion: '••• 9 characters' } },
    ],
    ['What was presented cannot be minted.', {}],
    ['What was presented cannot be minted.', { presented: { aud: 'api' } }],
  ])('or not: %s', (why, changes) => {
    expect(whyNotReplayable(record(changes))).toBe(why)
  })
})
