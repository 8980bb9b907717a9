// @ts-check
// A daemon: calls the API as an application, with nobody who is signed in.
import { clientSecret, createWebApi } from 'midtier'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE } = process.env
const { API_URL = '', API_SCOPE = '' } = process.env

const daemon = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { api: { baseUrl: API_URL, scopes: [API_SCOPE], token: 'app' } },
})

const answer = await daemon.application().downstream('api').fetch('todos')
const body = await answer.json()
console.log(`${answer.status} ${answer.ok ? JSON.stringify(body) : body.reason}`)
