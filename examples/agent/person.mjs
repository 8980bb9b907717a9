// Alice and the application that she uses: an unmodified MSAL client, and her browser at the pages of the authority.
import { CryptoProvider, PublicClientApplication } from '@azure/msal-node'
import { blueprintId, clientId, redirectUri, tenantId } from './directory.mjs'

// A scope of the blueprint: clients never ask for a token for an agent.
const scopes = [`api://${blueprintId}/access_agent`]

/** Signs somebody in; gives what brings a new access token of theirs each time. */
export async function signIn(origin, username) {
  const endpoint = (name) => `${origin}/{tenantid}/${name}`
  const application = new PublicClientApplication({
    auth: {
      clientId,
      authority: `https://login.microsoftonline.com/${tenantId}`,
      authorityMetadata: JSON.stringify({
        authorization_endpoint: endpoint('oauth2/v2.0/authorize'),
        token_endpoint: endpoint('oauth2/v2.0/token'),
        end_session_endpoint: endpoint('oauth2/v2.0/logout'),
        jwks_uri: endpoint('discovery/v2.0/keys'),
        issuer: endpoint('v2.0'),
      }),
    },
  })
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const pkce = { codeChallenge: challenge, codeChallengeMethod: 'S256' }
  const address = await application.getAuthCodeUrl({ scopes, redirectUri, ...pkce })
  const code = await visit(address, username)
  const { account } = await application.acquireTokenByCode({
    scopes,
    redirectUri,
    code,
    codeVerifier: verifier,
  })
  return async () =>
    (await application.acquireTokenSilent({ scopes, account, forceRefresh: true })).accessToken
}

/** Follows redirects and fills in forms until the authority sends the browser back with a code. */
async function visit(address, username) {
  const cookies = new Map()
  let [url, init] = [address, {}]
  for (;;) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) cookies.set(...set.split(';')[0].split(/=(.*)/, 2))
    const location = answer.headers.get('location')
    if (location?.startsWith(redirectUri)) return new URL(location).searchParams.get('code')
    const [form = ''] = /<form[^>]*method="post"[\s\S]*?<\/form>/.exec(await answer.text()) ?? []
    const fields = new URLSearchParams({ username, password: 'Passw0rd!', consent: 'accept' })
    for (const [, name, value] of form.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g))
      fields.set(name, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    const [, action] = / action="([^"]*)"/.exec(form) ?? []
    init = location === null ? { method: 'POST', body: fields } : {}
    url = new URL(location ?? action, url)
  }
}
