// The server around the endpoints: which host it answers for, what it says where it has nothing, and when it fails itself.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { contoso, type Json } from '../scenario.ts'

let emulator: Emulator
let published: Emulator
beforeAll(async () => {
  emulator = await createEmulator()
  published = await createEmulator({ publicOrigin: 'https://login.contoso.test:8443' })
})
afterAll(async () => {
  await emulator.stop()
  await published.stop()
})

const document = `/${contoso}/v2.0/.well-known/openid-configuration`

/** Asks under a name of one's own choosing, as a rebound DNS name makes a browser do. */
function askAs(
  host: string,
  { origin }: Emulator,
  listener = origin,
): Promise<{ status?: number; body: Json }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${listener}${document}`, { headers: { host }, setHost: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (text === '') reject(new Error(`an answer without a body: ${response.statusCode}`))
        else resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Json })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('the Host of a request', () => {
  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:65535', '[::1]', '[::1]:8080'])(
    '%s is this machine',
    async (host) => {
      expect((await askAs(host, emulator)).status).toBe(200)
    },
  )

  it.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:80',
    'notlocalhost',
    '127.0.0.1.evil.example',
    '127.0.0.10',
    'login.contoso.test:8443',
  ])('%j is not', async (host) => {
    const { status, body } = await askAs(host, emulator)
    expect(status).toBe(403)
    expect(body['error']).toBe(
      "this host is not the emulator's: use localhost, 127.0.0.1, [::1], or set publicOrigin",
    )
  })
})

describe('a Host that makes no address', () => {
  it.each(['127a0.0.1', 'localhost:123456', 'localhost:x', ''])('%j is refused', async (host) => {
    const { status, body } = await askAs(host, emulator)
    expect(status).toBe(400)
    expect(body['error']).toBe(
      'the Host and the target of this request make no address: use localhost, 127.0.0.1 or [::1], and a path',
    )
  })
})

describe('an address that the emulator does not have', () => {
  it('is not found, and neither is another method', async () => {
    for (const path of ['/nowhere', `/${contoso}/nowhere`, `/${contoso}/v2.0`, '/'.repeat(3)]) {
      const response = await fetch(`${emulator.origin}${path}`)
      expect(response.status).toBe(404)
      expect((await response.json()) as Json).toMatchObject({ error: 'not_found' })
    }
    expect((await fetch(`${emulator.origin}${document}`, { method: 'POST' })).status).toBe(404)
  })
})

describe('instance discovery', () => {
  const ask = async (endpoint?: string): Promise<Json> => {
    const query = endpoint === undefined ? '' : `?authorization_endpoint=${encodeURIComponent(endpoint)}`
    return (await (await fetch(`${emulator.origin}/common/discovery/instance${query}`)).json()) as Json
  }

  it.each(['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'])(
    'knows %s',
    async (host) => {
      const answer = await ask(`https://${host}/contoso.com/oauth2/v2.0/authorize`)
      expect(answer['tenant_discovery_endpoint']).toBe(
        `https://${host}/contoso.com/v2.0/.well-known/openid-configuration`,
      )
    },
  )

  it('says which hosts are one cloud: its own, and all of Microsoft together', async () => {
    const { host } = new URL(emulator.origin)
    const answer = await ask(`${emulator.origin}/common/oauth2/v2.0/authorize`)
    expect(answer['api-version']).toBe('1.1')
    expect(answer['metadata']).toEqual([
      { preferred_network: host, preferred_cache: host, aliases: [host] },
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
      },
    ])
  })

  it('needs an address to look at', async () => {
    for (const endpoint of [undefined, '', 'nowhere'])
      expect((await ask(endpoint))['error_codes']).toEqual([900144])
    for (const endpoint of ['https://evil.example/common', 'https://evil.login.microsoftonline.com/x'])
      expect((await ask(endpoint))['error_codes']).toEqual([50049])
  })
})

describe('the time of an answer', () => {
  it.each([
    ['a document', document],
    ['a page', '/portal/clock'],
    ['what is not there', '/nothing'],
    ['a refusal', `/${contoso}/oauth2/v2.0/token`],
  ])('is that of the emulator: %s', async (_, path) => {
    const { origin, clock } = emulator
    clock.freeze()
    clock.advance(-7_200)
    const response = await fetch(origin + path, { method: path.endsWith('/token') ? 'POST' : 'GET' })
    expect(response.headers.get('date')).toBe(new Date(clock.now()).toUTCString())
    expect(Date.now() - clock.now()).toBeGreaterThan(7_000_000)
    clock.reset()
  })
})
