// An MCP server at a URL of its own, registered as Entra wants it, and people who sign in by the pages of the authority.
import { createServer } from 'node:http'
import { once } from 'node:events'
import { createEmulator, defaultDirectory } from '@midtier/emulator'
import { clientSecret, createWebApi } from 'midtier'

const tenantId = 'c0000000-0000-4000-8000-000000000001'
const serverId = 'a0000000-0000-4000-8000-0000000000f1'
const clientId = 'a0000000-0000-4000-8000-0000000000f2'
const graph = '00000003-0000-0000-c000-000000000000'
export const redirectUri = 'http://localhost:9/callback'

/** @param listenerOf What answers, once it is known where: (api) => (req, res) => … */
export async function startWorld(listenerOf, { consented = true } = {}) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}/mcp`
  const scopes = ['Mcp.Use', 'Mail.Send'].map((name) => `${url}/${name}`)
  const emulator = await createEmulator({ directory: directoryFor(url, consented) })
  const api = createWebApi({
    tenantId,
    clientId: serverId,
    clientCredential: clientSecret('mcp-secret'),
    instance: emulator.origin,
    consentRedirectUri: redirectUri,
    clock: { nowMs: () => emulator.clock.now() },
    resource: { identifier: url, scopes },
    downstreamApis: { graph: { baseUrl: `${emulator.origin}/v1.0/`, scopes: ['User.Read'] } },
  })
  server.on('request', await listenerOf(api))
  return {
    url,
    scopes,
    emulator,
    api,
    async stop() {
      server.closeAllConnections()
      server.close()
      await api.close()
      await emulator.stop()
    },
  }
}

function directoryFor(url, consented) {
  const applications = [
    ...defaultDirectory.applications,
    {
      id: serverId,
      displayName: 'MCP server',
      tenantId,
      identifierUris: [url],
      accessTokenAcceptedVersion: 2,
      secrets: [{ value: 'mcp-secret' }],
      redirectUris: { web: [redirectUri] },
      scopes: [{ value: 'Mcp.Use' }, { value: 'Mail.Send' }],
      requiredResourceAccess: [{ resourceId: graph, scopes: ['User.Read'] }],
    },
    { id: clientId, displayName: 'MCP client', tenantId, redirectUris: { publicClient: [redirectUri] } },
  ]
  const consents = [
    ...(defaultDirectory.consents ?? []),
    ...(consented ? [{ tenantId, clientId: serverId, resourceId: graph, scopes: ['User.Read'] }] : []),
  ]
  return { ...defaultDirectory, applications, consents }
}

/** A person whose browser signs in and consents to whatever it is asked. */
export class Person {
  cookies = new Map()
  signIns = []
  constructor(username) {
    this.username = username
  }

  /** What SDKs call an OAuthClientProvider, as the README of either shows it. */
  provider = (() => {
    const person = this
    let tokens
    let verifier
    return {
      redirectUrl: redirectUri,
      clientMetadata: { client_name: 'MCP client', redirect_uris: [redirectUri] },
      clientInformation: () => ({ client_id: clientId }),
      tokens: () => tokens,
      saveTokens: (saved) => void (tokens = saved),
      codeVerifier: () => verifier,
      saveCodeVerifier: (saved) => void (verifier = saved),
      redirectToAuthorization: async (url) => void person.signIns.push(await person.signIn(url)),
      forget: () => void (tokens = undefined),
    }
  })()

  /** The code of the last sign-in. */
  get code() {
    return this.signIns.at(-1).code
  }

  async signIn(url) {
    const scope = url.searchParams.get('scope')
    let at = url
    let answer = await this.fetch(at)
    for (let step = 0; step < 10; step += 1) {
      const location = answer.headers.get('location')
      if (location !== null) {
        at = new URL(location, at)
        if (at.href.startsWith(redirectUri)) return this.arrived(at, scope, url)
        answer = await this.fetch(at)
        continue
      }
      const page = await answer.text()
      const [form] = /<form[^>]*method="post"[^>]*>[\s\S]*?<\/form>/.exec(page) ?? []
      if (form === undefined) throw new Error(`no form: ${page.replace(/<[^>]+>/g, ' ').slice(0, 400)}`)
      const fields = new URLSearchParams({
        username: this.username,
        password: 'Passw0rd!',
        consent: 'accept',
      })
      for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g))
        fields.set(attribute(input, 'name'), attribute(input, 'value'))
      if (form.includes('name="account"'))
        fields.set('account', attribute(/<button[^>]*name="account"[^>]*>/.exec(form)[0], 'value'))
      const action = attribute(form, 'action')
      at = new URL(action, at)
      answer = await this.fetch(at, { method: 'POST', body: fields })
    }
    throw new Error('no end of the sign-in')
  }

  arrived(at, scope, url) {
    const code = at.searchParams.get('code')
    if (code === null) throw new Error(`refused: ${at.searchParams.get('error_description')}`)
    return { code, scope, resource: url.searchParams.get('resource') }
  }

  async fetch(url, init = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { cookie, origin: new URL(url).origin },
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)
      this.cookies.set(name, value)
    }
    return answer
  }
}

const attribute = (tag, name) =>
  (new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
