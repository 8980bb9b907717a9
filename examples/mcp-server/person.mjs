// Alice, whom the official client sends to sign in: what it keeps for her, and her browser at the pages of the authority.
import { clientId, redirectUri } from './registrations.mjs'

/** An OAuthClientProvider of the SDK. @param told Of each sign-in's address, which it gives back. */
export function createPerson(username, told) {
  const kept = {}
  const keep = (name) => (value) => void (kept[name] = value)
  return {
    redirectUrl: redirectUri,
    clientMetadata: { redirect_uris: [redirectUri] },
    clientInformation: () => ({ client_id: clientId }),
    tokens: () => kept.tokens,
    saveTokens: keep('tokens'),
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: keep('verifier'),
    discoveryState: () => kept.discovery,
    saveDiscoveryState: keep('discovery'),
    code: () => kept.code,
    redirectToAuthorization: async (address) => void (kept.code = await signIn(username, told(address))),
  }
}

/** Follows redirects, fills in forms and consents, until the authority sends the browser back with a code. */
async function signIn(username, address) {
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
