// @ts-check
// A route for the members of one group. Most people's tokens say who is one; for the others, Microsoft Graph is asked.
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { isMemberOf } from './is-member-of.mjs'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/', PAYROLL_GROUP_ID = '' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

/** @type {import('midtier').Requirements} */
const payrollOnly = { scopes: ['access_as_user'], caller: 'user', check: isMemberOf(PAYROLL_GROUP_ID) }

/** @param {unknown} error @param {unknown} _req @param {express.Response} res @param {express.NextFunction} next */
const answerOthers = (error, _req, res, next) => {
  console.error(error instanceof Error ? error.message : 'something failed')
  if (res.headersSent) next(error)
  else res.status(503).set('retry-after', '5').json({ reason: 'unavailable' })
}

const app = express()
app.use(serveHealth(api))
app.get('/salaries', protect(api, payrollOnly), (_req, res) => {
  res.json({ salaries: 'of everybody' })
})
app.use(renderErrors())
app.use(answerOthers)
const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
