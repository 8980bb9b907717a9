// The server: every route of the emulator as a list, with what each request passes through on its way.
import { Hono } from 'hono'
import { AadstsError } from '../kernel/aadsts-error.ts'
import { checkHost } from '../http/check-host.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import { adminConsent } from '../endpoints/authorize/admin-consent.ts'
import { authorize, consent, pickAccount, signIn } from '../endpoints/authorize/authorize.ts'
import { approve, register } from '../endpoints/authorize/second-step.ts'
import { addFault, directory, health, listFaults, removeFaults } from '../endpoints/control/control.ts'
import { addAgent, removeAgent, switchAgent } from '../endpoints/control/control-agents.ts'
import {
  addPolicy,
  listPolicies,
  removePolicies,
  setPolicies,
  switchPolicy,
} from '../endpoints/control/control-policies.ts'
import {
  advanceClock,
  grantConsent,
  listConsents,
  revokeConsents,
  revokeSessions,
} from '../endpoints/control/control-directory.ts'
import { caCertificate, settings } from '../endpoints/control/control-connect.ts'
import { mintToken } from '../endpoints/control/control-tokens.ts'
import { discoveryV1, discoveryV2 } from '../endpoints/discovery/discovery.ts'
import { deviceAuthorization } from '../endpoints/device/device-authorization.ts'
import { confirmDevice, deviceLogin, enterDeviceCode } from '../endpoints/device/device-sign-in.tsx'
import { asset, errorCode } from '../endpoints/home/home.tsx'
import { homeForm } from '../endpoints/home/home-form.ts'
import { instanceDiscovery } from '../endpoints/discovery/instance-discovery.ts'
import { keysV1, keysV2 } from '../endpoints/discovery/keys.ts'
import { userRealm } from '../endpoints/discovery/user-realm.ts'
import { appServiceToken, metadataToken } from '../endpoints/managed-identity/managed-identity.ts'
import { logout } from '../endpoints/logout.tsx'
import { forReaders } from '../endpoints/control/own-client.ts'
import { sendError } from '../endpoints/respond.ts'
import { tellPages } from '../endpoints/tell-pages.ts'
import { token, tokenPreflight, tokenWrongMethod } from '../endpoints/token.ts'
import { userinfo } from '../endpoints/userinfo.ts'
import type { EmulatorContext, EmulatorEnv } from '../http/exchange.ts'
import { applyFaults } from '../faults/apply-faults.ts'
import { createAgentIdentity } from '../graph/agent-identities.ts'
import {
  agentIdentities,
  application,
  applications,
  inheritablePermissions,
  servicePrincipal,
  servicePrincipals,
} from '../graph/applications.ts'
import { unknownGraphPath } from '../graph/answer.ts'
import { batch, type Dispatch } from '../graph/batch.ts'
import { checkMemberGroups, getMemberObjects, memberOf } from '../graph/groups.ts'
import { photo, photoValue } from '../graph/photo.ts'
import { me, user, users } from '../graph/users.ts'
import { limitBody } from '../http/limit-body.ts'
import { tellTime } from '../http/tell-time.ts'
import { readersPreflight } from '../http/preflight.ts'
import { logRoutes } from '../portal/log/routes.ts'
import { portalRoutes } from '../portal/routes.ts'
import { observe } from './observe.ts'
import type { Endpoint } from '../kernel/request-log.ts'

type Handler = (c: EmulatorContext, emulation: Emulation, dispatch: Dispatch) => Response | Promise<Response>
type Route = readonly [methods: string, path: string, endpoint: Endpoint, handler: Handler]

/** Every address of the emulator. */
// prettier-ignore
export const routes: readonly Route[] = [
  ['GET',      '/error',                                         'emulator',    errorCode],
  ['GET',      '/_emulator/assets/:name',                        'emulator',    asset],
  ['POST',     '/_emulator/home',                                'emulator',    homeForm],
  ['GET',      '/_emulator/health',                              'emulator',    health],
  ['GET',      '/_emulator/directory',                           'emulator',    directory],
  ['GET',      '/_emulator/faults',                              'emulator',    listFaults],
  ['POST',     '/_emulator/faults',                              'emulator',    addFault],
  ['DELETE',   '/_emulator/faults/:id?',                         'emulator',    removeFaults],
  ['GET',      '/_emulator/policies',                            'emulator',    listPolicies],
  ['POST',     '/_emulator/policies',                            'emulator',    addPolicy],
  ['PUT',      '/_emulator/policies',                            'emulator',    setPolicies],
  ['PATCH',    '/_emulator/policies/:id',                        'emulator',    switchPolicy],
  ['DELETE',   '/_emulator/policies/:id?',                       'emulator',    removePolicies],
  ['POST',     '/_emulator/agents',                              'emulator',    addAgent],
  ['PATCH',    '/_emulator/agents/:id',                          'emulator',    switchAgent],
  ['DELETE',   '/_emulator/agents/:id',                          'emulator',    removeAgent],
  ['POST',     '/_emulator/mint',                                'emulator',    mintToken],
  ['GET',      '/_emulator/ca.pem',                              'emulator',    caCertificate],
  ['POST',     '/_emulator/settings',                            'emulator',    settings],
  ['POST',     '/_emulator/users/:user/revoke-sessions',         'emulator',    revokeSessions],
  ['GET',      '/_emulator/consents',                            'emulator',    listConsents],
  ['POST',     '/_emulator/consents',                            'emulator',    grantConsent],
  ['DELETE',   '/_emulator/consents',                            'emulator',    revokeConsents],
  ['POST',     '/_emulator/clock',                               'emulator',    advanceClock],

  ...[...portalRoutes, ...logRoutes].map(([methods, path, handler]): Route => [methods, path, 'emulator', handler]),

  ...graphRoutes('/v1.0'),
  ...graphRoutes('/graph/v1.0'),

  ['GET',      '/common/discovery/instance',                     'instance',    instanceDiscovery],
  ['GET',      '/common/userrealm/:user',                        'instance',    userRealm],
  ['GET POST', '/oidc/userinfo',                                 'userinfo',    userinfo],
  ['GET POST', '/:tenant/openid/userinfo',                       'userinfo',    userinfo],

  ['GET',      '/:tenant/v2.0/.well-known/openid-configuration', 'discovery',   discoveryV2],
  ['GET',      '/:tenant/.well-known/openid-configuration',      'discovery',   discoveryV1],
  ['GET',      '/:tenant/discovery/v2.0/keys',                   'keys',        keysV2],
  ['GET',      '/:tenant/discovery/keys',                        'keys',        keysV1],

  ['OPTIONS',  '/common/discovery/instance',                       'instance',    readersPreflight],
  ['OPTIONS',  '/oidc/userinfo',                                   'userinfo',    readersPreflight],
  ['OPTIONS',  '/:tenant/openid/userinfo',                         'userinfo',    readersPreflight],
  ['OPTIONS',  '/:tenant/v2.0/.well-known/openid-configuration',   'discovery',   readersPreflight],
  ['OPTIONS',  '/:tenant/.well-known/openid-configuration',        'discovery',   readersPreflight],
  ['OPTIONS',  '/:tenant/discovery/v2.0/keys',                     'keys',        readersPreflight],
  ['OPTIONS',  '/:tenant/discovery/keys',                          'keys',        readersPreflight],

  ['GET POST', '/:tenant/oauth2/v2.0/authorize',                 'authorize',   (c, e) => authorize(c, e, 2)],
  ['GET POST', '/:tenant/oauth2/authorize',                      'authorize',   (c, e) => authorize(c, e, 1)],
  ['GET',      '/:tenant/v2.0/adminconsent',                     'authorize',   (c, e) => adminConsent(c, e, 2)],
  ['GET',      '/:tenant/adminconsent',                          'authorize',   (c, e) => adminConsent(c, e, 1)],
  ['POST',     '/:tenant/login',                                 'interaction', signIn],
  ['POST',     '/:tenant/account',                               'interaction', pickAccount],
  ['POST',     '/:tenant/consent',                               'interaction', consent],
  ['POST',     '/:tenant/approve',                               'interaction', approve],
  ['POST',     '/:tenant/register',                              'interaction', register],

  ['OPTIONS',  '/:tenant/oauth2/v2.0/token',                     'token',       tokenPreflight],
  ['OPTIONS',  '/:tenant/oauth2/token',                          'token',       tokenPreflight],
  ['POST',     '/:tenant/oauth2/v2.0/token',                     'token',       (c, e) => token(c, e, 2)],
  ['POST',     '/:tenant/oauth2/token',                          'token',       (c, e) => token(c, e, 1)],
  ['GET PUT',  '/:tenant/oauth2/v2.0/token',                     'token',       tokenWrongMethod],
  ['GET PUT',  '/:tenant/oauth2/token',                          'token',       tokenWrongMethod],

  ['POST',     '/:tenant/oauth2/v2.0/devicecode',                'devicecode',  (c, e) => deviceAuthorization(c, e, 2)],
  ['POST',     '/:tenant/oauth2/devicecode',                     'devicecode',  (c, e) => deviceAuthorization(c, e, 1)],
  ['GET',      '/devicelogin',                                   'interaction', deviceLogin],
  ['GET',      '/common/oauth2/deviceauth',                      'interaction', deviceLogin],
  ['POST',     '/devicelogin',                                   'interaction', enterDeviceCode],
  ['POST',     '/devicelogin/confirm',                           'interaction', confirmDevice],

  ['GET',      '/metadata/identity/oauth2/token',                'identity',    metadataToken],
  // As MSAL writes it.
  ['GET',      '/metadata/identity/oauth2/token/',               'identity',    metadataToken],
  ['GET',      '/msi/token',                                     'identity',    appServiceToken],

  ['GET POST', '/:tenant/oauth2/v2.0/logout',                    'logout',      logout],
  ['GET POST', '/:tenant/oauth2/logout',                         'logout',      logout],
]

function graphRoutes(prefix: string): readonly Route[] {
  return [
    ['OPTIONS', `${prefix}/*`, 'graph', readersPreflight],
    ['GET', `${prefix}/me`, 'graph', me],
    ['GET', `${prefix}/users`, 'graph', users],
    ['GET', `${prefix}/users/:id`, 'graph', user],
    ...['/me', '/users/:id'].flatMap((person): readonly Route[] => [
      ['GET', `${prefix}${person}/memberof`, 'graph', memberOf],
      ['POST', `${prefix}${person}/getmemberobjects`, 'graph', getMemberObjects],
      ['POST', `${prefix}${person}/getmembergroups`, 'graph', getMemberObjects],
      ['POST', `${prefix}${person}/checkmembergroups`, 'graph', checkMemberGroups],
      ['GET', `${prefix}${person}/photo`, 'graph', photo],
      ['GET', `${prefix}${person}/photo/$value`, 'graph', photoValue],
    ]),
    ['GET', `${prefix}/applications`, 'graph', applications],
    ['GET', `${prefix}/applications/:id`, 'graph', application],
    ['GET', `${prefix}/:key{applications\\(.+\\)}`, 'graph', application],
    [
      'GET',
      `${prefix}/applications/:id/microsoft.graph.agentidentityblueprint/inheritablepermissions`,
      'graph',
      inheritablePermissions,
    ],
    ['GET', `${prefix}/serviceprincipals`, 'graph', servicePrincipals],
    ['GET', `${prefix}/serviceprincipals/microsoft.graph.agentidentity`, 'graph', agentIdentities],
    ['GET', `${prefix}/:key{serviceprincipals\\(.+\\)}`, 'graph', servicePrincipal],
    ['GET', `${prefix}/serviceprincipals/:id`, 'graph', servicePrincipal],
    ['POST', `${prefix}/$batch`, 'graph', batch],
    ['POST', `${prefix}/serviceprincipals/microsoft.graph.agentidentity`, 'graph', createAgentIdentity],
    ['GET POST', `${prefix}/*`, 'graph', unknownGraphPath],
  ]
}

/** Enough for an assertion with many groups; a larger body is nobody's token request. */
const maximumBodyBytes = 262_144

/** The emulator as an application that answers requests. */
export type EmulatorServer = Hono<EmulatorEnv>

/** Creates the server of an emulation. */
export function createServer(emulation: Emulation): EmulatorServer {
  // MSAL lower-cases whole authority URLs, so paths have no case here.
  const server = new Hono<EmulatorEnv>({ getPath: (request) => new URL(request.url).pathname.toLowerCase() })
  server.use(checkHost(emulation.origins))
  server.use(tellTime(emulation.clock))
  server.use(limitBody(maximumBodyBytes))
  server.use(tellPages(emulation))
  server.get('/_emulator/*', forReaders(emulation))
  for (const [methods, path, endpoint, handler] of routes) {
    const steps = [observe(emulation, endpoint), applyFaults(emulation.faults, endpoint)] as const
    server.on(methods.split(' '), path, ...steps, async (c) => {
      // On the first start they are still being made; the emulator's own pages need none.
      if (endpoint !== 'emulator') await emulation.keys.ready()
      return handler(c, emulation, (request) => server.fetch(request, c.env))
    })
  }
  server.onError((error, c) => answerError(c, emulation, error))
  server.notFound((c) =>
    c.json({ error: 'not_found', error_description: 'The emulator has no such address.' }, 404),
  )
  return server
}

function answerError(c: EmulatorContext, emulation: Emulation, error: Error): Response {
  if (error instanceof AadstsError) return sendError(c, emulation.origins, error)
  emulation.log(`${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}`)
  return c.json({ error: 'server_error', error_description: 'The emulator failed; its log says why.' }, 500)
}
