// @ts-check
// An API that proves itself to the authority by a certificate: its private key never leaves the machine.
import express from 'express'
import { clientCertificateFile, createWebApi } from 'midtier'
import { protect, renderErrors, serveHealth } from 'midtier/express'
import { readBinaryFile } from 'midtier/node'

const { TENANT_ID = '', CLIENT_ID = '', INSTANCE, PORT = '0' } = process.env
const { CERTIFICATE_PATH, CERTIFICATE_PASSPHRASE } = process.env
const { GRAPH_URL = 'https://graph.microsoft.com/v1.0/' } = process.env

const api = createWebApi({
  tenantId: TENANT_ID,
  clientId: CLIENT_ID,
  // PEM or PFX. Read again for a new assertion, every five minutes, and when the authority refuses the certificate.
  clientCredential: clientCertificateFile({
    path: CERTIFICATE_PATH,
    passphrase: CERTIFICATE_PASSPHRASE,
    readFile: readBinaryFile,
  }),
  instance: INSTANCE,
  downstreamApis: { graph: { baseUrl: GRAPH_URL, scopes: ['User.Read'] } },
})

const app = express()
app.use(serveHealth(api))
app.get('/me', protect(api, { scopes: ['access_as_user'] }), async (req, res) => {
  /** @type {{ displayName: string }} */
  const { displayName } = await req.caller.downstream('graph').getJson('me')
  res.json({ displayName })
})

// For the alert: a certificate that has ended fails every exchange at once.
app.get('/credential', protect(api, { roles: ['Operations'], caller: 'app' }), (_req, res) => {
  res.json(api.health().clientCredential)
})
app.use(renderErrors())

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  console.log(`http://127.0.0.1:${port}`)
})
