// @ts-check
// Secrets of a team, from a key vault that knows by itself who may read which: it is asked as whoever called.
import { isRestError } from '@azure/core-rest-pipeline'
import { SecretClient } from '@azure/keyvault-secrets'
import express from 'express'
import { clientSecret, createWebApi } from 'midtier'
import { withTokenCredential } from 'midtier/azure'
import { protect, renderErrors, serveHealth } from 'midtier/express'

const { TENANT_ID = '', CLIENT_ID = '', CLIENT_SECRET, INSTANCE, PORT = '0' } = process.env
const { VAULT_URL = '' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  clientCredential: clientSecret(CLIENT_SECRET),
  instance: INSTANCE,
})

const app = express()
app.use(serveHealth(api))
app.get('/secrets/:name', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
  const { value } = await withTokenCredential(req.caller, (credential) =>
    new SecretClient(VAULT_URL, credential).getSecret(String(req.params['name'])),
  )
  res.set('cache-control', 'no-store').json({ value })
})
app.use(renderErrors())
app.use(answerVault)

/** What the vault itself says no to. @param {unknown} error @param {unknown} _req @param {express.Response} res @param {express.NextFunction} next */
function answerVault(error, _req, res, next) {
  const status = isRestError(error) ? error.statusCode : undefined
  if (status === 403 || status === 404)
    res.status(status).json({ reason: 'vault', detail: 'No such secret for you' })
  else next(error)
}

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
