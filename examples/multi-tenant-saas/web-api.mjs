// @ts-check
// The registration: people of any tenant have valid tokens, and those of customers are let in, on every route.
import { clientSecret, createWebApi } from 'midtier'
import { isCustomer } from './customers.mjs'

export const { CLIENT_ID = '', INSTANCE = 'https://login.microsoftonline.com' } = process.env
const { CLIENT_SECRET, GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

/** What an administrator granted to this API itself. */
export const graphForItself = ['https://graph.microsoft.com/.default']

export class NotSignedUp extends Error {}

export const api = createWebApi({
  tenantId: 'organizations',
  allowedTenants: null, // decided below, since the list changes while the API runs
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  requirements: {
    scopes: ['access_as_user'],
    caller: 'user',
    check: async ({ tenantId }) => {
      if (!(await isCustomer(tenantId))) throw new NotSignedUp()
      return true
    },
  },
  downstreamApis: {
    graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] },
    graphForItself: { baseUrl: GRAPH_URL, scopes: graphForItself, token: 'app' },
  },
})
