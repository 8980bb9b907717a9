// The server that is measured: an emulator, or the least that answers a token request, a node:http that reads the form, checks what it holds,
// and signs. Told what to be by its argument; says where it is asked for what and, when asked, the processor time that it has used.
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { createEmulator } from '@midtier/emulator'

const [kind] = process.argv.slice(2)
const contoso = 'contoso.onmicrosoft.com'
const [webClient, middleTier, todoApi, daemon] = [1, 2, 3, 4].map(
  (number) => `a0000000-0000-4000-8000-00000000000${number}`,
)

process.once('message', async () => {
  const { url, assertion } = await (kind === 'emulator' ? serveEmulator() : serveLeast())
  process.on('disconnect', () => process.exit())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ spentUs: user + system })
  })
  process.send({ url, forms: formsWith(assertion) })
})

async function serveEmulator() {
  const emulator = await createEmulator({ port: 0 })
  const user = `alice@${contoso}`
  const asked = { user, client: webClient, audience: middleTier, scopes: ['access_as_user'] }
  return {
    url: `${emulator.origin}/${contoso}/oauth2/v2.0/token`,
    assertion: await emulator.mint({ ...asked, lifetimeSeconds: 86_400 }),
  }
}

function formsWith(assertion) {
  const scope = `${todoApi}/.default`
  return {
    application: {
      grant_type: 'client_credentials',
      client_id: daemon,
      client_secret: 'daemon-secret-for-local-use-only',
      scope,
    },
    user: {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: middleTier,
      client_secret: 'middle-tier-secret-for-local-use-only',
      scope,
      assertion,
    },
  }
}

async function serveLeast() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const issue = () => {
    const input = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ iat: Date.now(), claims: 'x'.repeat(700) })}`
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }
  const isGenuine = (token) => {
    const end = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(end + 1), 'base64url')
    return verify('sha256', Buffer.from(token.slice(0, end)), publicKey, signature)
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('latin1')
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      const assertion = new URLSearchParams(body).get('assertion')
      const isRefused = assertion !== null && !isGenuine(assertion)
      response.statusCode = isRefused ? 400 : 200
      response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: issue() }))
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/token`, assertion: issue() }
}
