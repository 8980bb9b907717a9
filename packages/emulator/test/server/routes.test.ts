// Every address of the emulator: that it is there for its methods, and under which name the request log has it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { contoso } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
})
afterAll(() => emulator.stop())

async function call(method: string, path: string): Promise<number> {
  const response = await fetch(`${emulator.origin}${path}`, { method, redirect: 'manual' })
  expect(await response.text()).not.toContain('The emulator has no such address.')
  return response.status
}

const graphPaths = ['/v1.0', '/graph/v1.0'].flatMap((base): [string, string, string, number][] => [
  ['OPTIONS', `${base}/me`, 'graph', 204],
  ['GET', `${base}/me`, 'graph', 401],
  ['GET', `${base}/users`, 'graph', 401],
  ['GET', `${base}/users/alice`, 'graph', 401],
  ['GET', `${base}/groups`, 'graph', 400],
  ['POST', `${base}/servicePrincipals/microsoft.graph.agentIdentity`, 'graph', 401],
  ['POST', `${base}/groups`, 'graph', 400],
  ...['/me', '/users/alice'].flatMap((person): [string, string, string, number][] => [
    ['GET', `${base}${person}/memberOf`, 'graph', 401],
    ['POST', `${base}${person}/getMemberObjects`, 'graph', 401],
    ['POST', `${base}${person}/getMemberGroups`, 'graph', 401],
    ['POST', `${base}${person}/checkMemberGroups`, 'graph', 401],
    ['GET', `${base}${person}/photo`, 'graph', 401],
    ['GET', `${base}${person}/photo/$value`, 'graph', 401],
  ]),
  ['GET', `${base}/applications`, 'graph', 401],
  ['GET', `${base}/applications/x`, 'graph', 401],
  ['GET', `${base}/servicePrincipals`, 'graph', 401],
  ['GET', `${base}/servicePrincipals/x`, 'graph', 401],
  ['POST', `${base}/$batch`, 'graph', 401],
])

describe('a request to', () => {
  it.each<[method: string, path: string, endpoint: string, status: number]>([
    ['GET', '/T/v2.0/.well-known/openid-configuration', 'discovery', 200],
    ['GET', '/T/.well-known/openid-configuration', 'discovery', 200],
    ['GET', '/T/discovery/v2.0/keys', 'keys', 200],
    ['GET', '/T/discovery/keys', 'keys', 200],
    ['GET', '/common/discovery/instance', 'instance', 400],
    ['GET', '/oidc/userinfo', 'userinfo', 401],
    ['POST', '/oidc/userinfo', 'userinfo', 401],
    ['GET', '/T/openid/userinfo', 'userinfo', 401],
    ['POST', '/T/openid/userinfo', 'userinfo', 401],
    ['OPTIONS', '/T/v2.0/.well-known/openid-configuration', 'discovery', 204],
    ['OPTIONS', '/T/.well-known/openid-configuration', 'discovery', 204],
    ['OPTIONS', '/T/discovery/v2.0/keys', 'keys', 204],
    ['OPTIONS', '/T/discovery/keys', 'keys', 204],
    ['OPTIONS', '/common/discovery/instance', 'instance', 204],
    ['OPTIONS', '/oidc/userinfo', 'userinfo', 204],
    ['OPTIONS', '/T/openid/userinfo', 'userinfo', 204],
    ['GET', '/T/oauth2/v2.0/authorize', 'authorize', 400],
    ['POST', '/T/oauth2/v2.0/authorize', 'authorize', 400],
    ['GET', '/T/oauth2/authorize', 'authorize', 400],
    ['POST', '/T/oauth2/authorize', 'authorize', 400],
    ['GET', '/T/v2.0/adminconsent', 'authorize', 400],
    ['GET', '/T/adminconsent', 'authorize', 400],
    ['POST', '/T/login', 'interaction', 400],
    ['POST', '/T/account', 'interaction', 400],
    ['POST', '/T/consent', 'interaction', 400],
    ['POST', '/T/approve', 'interaction', 400],
    ['POST', '/T/register', 'interaction', 400],
    ['OPTIONS', '/T/oauth2/v2.0/token', 'token', 204],
    ['POST', '/T/oauth2/v2.0/token', 'token', 400],
    ['GET', '/T/oauth2/v2.0/token', 'token', 405],
    ['PUT', '/T/oauth2/v2.0/token', 'token', 405],
    ['OPTIONS', '/T/oauth2/token', 'token', 204],
    ['POST', '/T/oauth2/token', 'token', 400],
    ['GET', '/T/oauth2/token', 'token', 405],
    ['PUT', '/T/oauth2/token', 'token', 405],
    ['POST', '/T/oauth2/v2.0/devicecode', 'devicecode', 400],
    ['POST', '/T/oauth2/devicecode', 'devicecode', 400],
    ['GET', '/devicelogin', 'interaction', 200],
    ['GET', '/common/oauth2/deviceauth', 'interaction', 200],
    ['POST', '/devicelogin', 'interaction', 200],
    ['POST', '/devicelogin/confirm', 'interaction', 400],
    ['GET', '/common/UserRealm/alice@contoso.com', 'instance', 200],
    ['GET', '/metadata/identity/oauth2/token', 'identity', 400],
    ['GET', '/metadata/identity/oauth2/token/', 'identity', 400],
    ['GET', '/msi/token', 'identity', 401],
    ['GET', '/T/oauth2/v2.0/logout', 'logout', 200],
    ['POST', '/T/oauth2/v2.0/logout', 'logout', 200],
    ['GET', '/T/oauth2/logout', 'logout', 200],
    ['POST', '/T/oauth2/logout', 'logout', 200],
    ...graphPaths,
  ])('%s %s is logged as one to %s, with status %i', async (method, pattern, endpoint, status) => {
    const path = pattern.replace('/T', `/${contoso}`)
    expect(await call(method, path)).toBe(status)
    expect(emulator.requests.list().at(-1)).toMatchObject({ method, path, endpoint, status })
  })

  it.each<[method: string, path: string, status: number]>([
    ['GET', '/', 200],
    ['GET', '/error?code=50076', 200],
    ['GET', '/error', 404],
    ['GET', '/_emulator/assets/style.css', 200],
    ['POST', '/_emulator/home', 403],
    ['GET', '/_emulator/health', 200],
    ['GET', '/_emulator/requests', 200],
    ['GET', '/_emulator/directory', 200],
    ['GET', '/_emulator/faults', 200],
    ['POST', '/_emulator/faults', 403],
    ['DELETE', '/_emulator/faults/none', 404],
    ['DELETE', '/_emulator/faults', 204],
    ['GET', '/_emulator/policies', 200],
    ['POST', '/_emulator/policies', 403],
    ['PUT', '/_emulator/policies', 403],
    ['PATCH', '/_emulator/policies/none', 403],
    ['DELETE', '/_emulator/policies/none', 404],
    ['DELETE', '/_emulator/policies', 204],
    ['POST', '/_emulator/agents', 403],
    ['PATCH', '/_emulator/agents/none', 403],
    ['DELETE', '/_emulator/agents/none', 404],
    ['POST', '/_emulator/mint', 403],
    ['POST', '/_emulator/users/nobody/revoke-sessions', 403],
    ['GET', '/_emulator/consents', 200],
    ['POST', '/_emulator/consents', 403],
    ['DELETE', '/_emulator/consents', 400],
    ['POST', '/_emulator/clock', 403],
  ])('%s %s of the emulator itself is not logged', async (method, path, status) => {
    const before = emulator.requests.list().length
    expect(await call(method, path)).toBe(status)
    expect(emulator.requests.list()).toHaveLength(before)
  })
})
