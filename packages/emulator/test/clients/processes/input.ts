// What a client in a process of its own is told, and what a person does for it.
import {
  accessAsUser,
  alice,
  commandLine,
  contoso,
  middleTier,
  middleTierSecret,
  password,
} from '../../scenario.ts'
import type { Json } from '../../scenario.ts'
import {
  appScope,
  authJsRedirectUri,
  portal,
  portalSecret,
  redirectUri,
  tasksScope,
  type World,
} from '../world.ts'
import type { Answers } from './line-process.ts'

/** Applications, scopes, credentials and addresses of the world, over https. */
export async function inputOf(world: World): Promise<Json> {
  const origin = world.emulator.httpsOrigin ?? ''
  const query = new URLSearchParams({
    ...{ client_id: portal, redirect_uri: redirectUri, response_type: 'code' },
    scope: `${accessAsUser} openid profile offline_access`,
  })
  return {
    ...{ tenant: contoso, authority: `${origin}/${contoso}`, authorityHost: origin },
    authorizeUrl: `${origin}/${contoso}/oauth2/v2.0/authorize?${query.toString()}`,
    web: { clientId: portal, secret: portalSecret },
    api: { clientId: middleTier, secret: middleTierSecret },
    device: commandLine,
    ...{ redirectUri, authJsRedirectUri, appScope, tasksScope, username: alice, password },
    ...{ scope: accessAsUser, otherScope: 'https://graph.microsoft.com/User.Read' },
    assertion: await world.assertion(),
    certificate: `${world.certificate.pem}${world.certificate.privateKeyPem}`,
    privateKey: world.certificate.privateKeyPem,
    thumbprint: Buffer.from(world.certificate.x5t, 'base64url').toString('hex'),
  }
}

/** What a person does when the client asks. */
export const answersOf = (world: World, take: (location: URL) => string): Answers => ({
  signIn: async (url) => take(await world.signIn(url)),
  enterDeviceCode: async (userCode) => {
    await world.enterDeviceCode(userCode)
    return ''
  },
})
