// @ts-check
// A key vault on this machine, by the protocol of the real one: https, its own name, a challenge first, and a list of who may read.
import { createServer } from 'node:https'
import { once } from 'node:events'
import { createWebApi } from 'midtier'
import { generate } from 'selfsigned'

const name = 'contoso.vault.azure.net'

/**
 * @param {{ tenantId: string, clientId: string, instance: string }} entra
 * @param {Record<string, string[]>} readers Names of secrets → object ids of who may read them.
 */
export async function startVault(entra, readers) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  const api = createWebApi({ ...entra, audience: 'https://vault.azure.net' })
  const server = createServer({ key, cert }, async (request, response) => {
    const [status, body, headers] = await answerTo(request)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })

  /** @param {import('node:http').IncomingMessage} request @returns {Promise<[number, object, Record<string, string>?]>} */
  async function answerTo({ method = 'GET', url = '/', headers }) {
    if (headers.authorization === undefined) {
      const where = `authorization="https://login.microsoftonline.com/${entra.tenantId}"`
      return [401, {}, { 'www-authenticate': `Bearer ${where}, resource="https://vault.azure.net"` }]
    }
    const { principal } = await api.authenticate({ method, url, header: (field) => headers[field] })
    const secret = new URL(url, `https://${name}`).pathname.split('/')[2] ?? ''
    if (!readers[secret]?.includes(principal.objectId ?? '')) return [403, { error: { code: 'Forbidden' } }]
    return [200, { id: `https://${name}/secrets/${secret}/1`, value: `the ${secret} secret`, attributes: {} }]
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `https://${name}:${port}`, certificate: cert, close }
}
