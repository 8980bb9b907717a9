// Unmodified @azure/identity in a process of its own, for NODE_EXTRA_CA_CERTS.
import * as identity from '@azure/identity'
import { ask, serve } from './serve.mjs'

const flows = {
  code: async ({ tenant, web, redirectUri, scope, authorizeUrl, options }) => {
    const code = await ask('signIn', authorizeUrl)
    const { clientId, secret } = web
    const credential = new identity.AuthorizationCodeCredential(
      ...[tenant, clientId, secret, code, redirectUri, options],
    )
    return credential.getToken(scope)
  },
  refresh: async ({ tenant, device, scope, otherScope, options }) => {
    const credential = deviceCredential(tenant, device, options)
    await credential.getToken(otherScope)
    return credential.getToken(scope)
  },
  secret: ({ tenant, web, appScope, options }) =>
    new identity.ClientSecretCredential(tenant, web.clientId, web.secret, options).getToken(appScope),
  certificate: ({ tenant, web, appScope, certificate, options }) =>
    new identity.ClientCertificateCredential(tenant, web.clientId, { certificate }, options).getToken(
      appScope,
    ),
  onBehalfOf: ({ tenant, api, assertion, tasksScope, options }) => {
    const settings = { tenantId: tenant, clientId: api.clientId, clientSecret: api.secret }
    const userAssertionToken = assertion
    return new identity.OnBehalfOfCredential({ ...settings, userAssertionToken, ...options }).getToken(
      tasksScope,
    )
  },
  deviceCode: ({ tenant, device, scope, options }) =>
    deviceCredential(tenant, device, options).getToken(scope),
  password: ({ tenant, device, username, password, scope, options }) =>
    new identity.UsernamePasswordCredential(tenant, device, username, password, options).getToken(scope),
  managedIdentity: ({ appScope }) => new identity.ManagedIdentityCredential().getToken(appScope),
}

function deviceCredential(tenantId, clientId, options) {
  const userPromptCallback = ({ userCode }) => void ask('enterDeviceCode', userCode)
  return new identity.DeviceCodeCredential({ tenantId, clientId, userPromptCallback, ...options })
}

const optionsOf = ({ authorityHost }) => ({ authorityHost, disableInstanceDiscovery: true })

await serve(
  Object.fromEntries(
    Object.entries(flows).map(([name, run]) => [
      name,
      (input) => run({ ...input, options: optionsOf(input) }),
    ]),
  ),
)
