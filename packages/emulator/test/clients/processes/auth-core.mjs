// A site that runs unmodified Auth.js, in a process of its own, for NODE_EXTRA_CA_CERTS: somebody presses its button, and comes back.
import { inspect } from 'node:util'
import { Auth } from '@auth/core'
import MicrosoftEntraID from '@auth/core/providers/microsoft-entra-id'
import { ask, serve } from './serve.mjs'

const basePath = '/auth'

async function signIn(input, scope, idToken) {
  let signedIn
  let failure
  const { clientId, secret: clientSecret } = input.web
  const provider = MicrosoftEntraID({
    ...{ clientId, clientSecret, issuer: `${input.authority}/v2.0`, idToken },
    authorization: { params: { scope } },
    // Its own asks Microsoft Graph for a photo.
    profile: ({ sub, name, email }) => ({ id: sub, name, email }),
  })
  const jwt = ({ token, account, profile }) => {
    if (account) signedIn = { account, profile }
    return token
  }
  const config = {
    ...{ providers: [provider], secret: 'for-local-use-only', trustHost: true, basePath },
    callbacks: { jwt },
    logger: { error: (error) => (failure = error) },
  }
  const visit = createVisitor(new URL(input.authJsRedirectUri).origin, config)
  const { csrfToken } = await (await visit(`${basePath}/csrf`)).json()
  const away = await visit(`${basePath}/signin/${provider.id}`, { csrfToken })
  const back = new URL(await ask('signIn', away.headers.get('location')))
  await visit(`${back.pathname}${back.search}`)
  if (failure !== undefined) throw new Error(inspect(failure.cause ?? failure))
  return signedIn
}

/** A browser that keeps the cookies of the site. */
function createVisitor(home, config) {
  const cookies = new Map()
  return async (path, form) => {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const init = form && { method: 'POST', body: new URLSearchParams(form) }
    const request = new Request(new URL(path, home), { ...init, headers: { cookie } })
    const response = await Auth(request, config)
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      cookies.set(name, value)
    }
    return response
  }
}

await serve({
  code: async (input) => (await signIn(input, `openid profile email ${input.scope}`, true)).account,
  userinfo: async (input) => (await signIn(input, 'openid profile email', false)).profile,
})
