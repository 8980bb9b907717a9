// A fresh process that imports one library, and may ask for a first token with it: started for each figure, and measured from outside.
// Nothing stands at the top of this file but what every process has loaded anyway: else each contender would pay for it.

const clientId = '2d4d2a60-3b4c-4f0f-9a51-6d2f0a2b7c11'
const clientSecret = 'a secret that only benchmarks know'
const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
const scope = 'api://todolist/.default'

/** Imports a library, and gives what asks the authority at `instance` for a token of the application. */
const contenders = {
  'bare Node': async () => {},
  'node:https': async () => {
    const { request } = await import('node:https')
    return (instance) => postBy(request, `${instance}/${tenantId}/oauth2/v2.0/token`)
  },
  undici: async () => {
    const undici = await import('undici')
    return async (instance) => {
      const init = { method: 'POST', headers, body: form() }
      const { body } = await undici.request(`${instance}/${tenantId}/oauth2/v2.0/token`, init)
      return (await body.json()).access_token
    }
  },
  jose: async () => void (await import('jose')),
  oauth4webapi: async () => {
    const oauth = await import('oauth4webapi')
    return async (instance) => {
      const issuer = `${instance}/${tenantId}/v2.0`
      const authority = { issuer, token_endpoint: `${instance}/${tenantId}/oauth2/v2.0/token` }
      const client = { client_id: clientId }
      const credential = oauth.ClientSecretPost(clientSecret)
      const response = await oauth.clientCredentialsGrantRequest(
        authority,
        client,
        credential,
        new URLSearchParams({ scope }),
      )
      return (await oauth.processClientCredentialsResponse(authority, client, response)).access_token
    }
  },
  '@azure/msal-node': async () => {
    const { ConfidentialClientApplication } = await import('@azure/msal-node')
    return async (instance) => {
      const authority = `${instance}/${tenantId}`
      const auth = { clientId, authority, clientSecret, knownAuthorities: [new URL(instance).host] }
      const application = new ConfidentialClientApplication({ auth })
      return (await application.acquireTokenByClientCredential({ scopes: [scope] })).accessToken
    }
  },
  midtier: async () => useMidtier(await import('midtier')),
  'midtier, required': async () => {
    const { createRequire } = await import('node:module')
    return useMidtier(createRequire(import.meta.url)('midtier'))
  },
}

function useMidtier(midtier) {
  return async (instance) => {
    const clientCredential = midtier.clientSecret(clientSecret)
    const api = midtier.createWebApi({ tenantId, clientId, instance, clientCredential })
    return (await api.acquireTokenForClient({ scopes: [scope] })).accessToken
  }
}

const headers = {
  'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
  accept: 'application/json',
}

function form() {
  const client = { client_id: clientId, client_secret: clientSecret }
  return new URLSearchParams({ grant_type: 'client_credentials', scope, ...client }).toString()
}

function postBy(request, url) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => resolve(JSON.parse(text).access_token))
    })
    outgoing.on('error', reject)
    outgoing.end(form())
  })
}

const [name, instance] = process.argv.slice(2)
const acquire = await contenders[name]()
if (instance !== undefined && !(await acquire(instance)).startsWith('.0')) throw new Error('not the token')
const { user, system } = process.cpuUsage()
process.stdout.write(String((user + system) / 1000), () => process.exit())
