// Each opaque cause, made on purpose: the doctor finds it, names the remedy, and what the remedy says cures it.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/bin/command-line.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import { createEmulator, defaultDirectory, type Emulator } from '../../src/index.ts'
import { contoso, daemon, webClient } from '../scenario.ts'

const web = 'a0000000-0000-4000-8000-0000000000d3'

let http: Emulator
let https: Emulator
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'midtier-emulator-'))
  const application = {
    ...{ id: web, displayName: 'Shop', tenantId: contoso },
    redirectUris: { web: ['https://shop.example:8443/signed-in', 'http://127.0.0.1:5000/back'] },
  }
  const directory = { ...defaultDirectory, applications: [...defaultDirectory.applications, application] }
  http = await createEmulator({ directory })
  https = await createEmulator({ directory, httpsPort: 0, stateDirectory: join(folder, 'state') })
})
afterAll(async () => {
  await Promise.all([http.stop(), https.stop()])
  await rm(folder, { recursive: true })
})

interface Examined {
  readonly code: number
  readonly text: string
  readonly findings: readonly Finding[]
}

async function doctor(target: string | object, ...more: readonly string[]): Promise<Examined> {
  const file = join(folder, 'client.json')
  if (typeof target === 'object') await writeFile(file, JSON.stringify(target))
  const written: string[] = []
  let code = 0
  const write = (text: string): void => void written.push(text)
  const exitWith = (given: number): void => {
    code = given
  }
  const args = ['doctor', typeof target === 'string' ? target : file, '--json', ...more]
  await runCommand(args, { write, writeError: write, exitWith })
  const text = written.join('')
  const { findings = [] } = (text.startsWith('{') ? JSON.parse(text) : {}) as { findings?: Finding[] }
  return { code, text, findings }
}

const illOf = ({ findings }: Examined): Finding[] => findings.filter(({ isWell }) => !isWell)

describe('the doctor', () => {
  it.each(['', '/', `/${contoso}`, `/${contoso}/v2.0`])(
    'finds nothing wrong with a running emulator at %j',
    async (path) => {
      const found = await doctor(`${http.origin}${path}`)
      expect([found.code, illOf(found)]).toEqual([0, []])
      expect(found.findings.map(({ check }) => check)).toEqual(['scheme', 'reachable', 'issuer'])
    },
  )

  it('finds nothing wrong with a configuration that works', async () => {
    const config = {
      instance: http.origin,
      tenantId: contoso,
      clientId: webClient,
      redirectUri: 'http://localhost:4200/',
    }
    const found = await doctor(config)
    expect([found.code, illOf(found)]).toEqual([0, []])
    expect(found.findings.at(-1)).toMatchObject({
      check: 'redirect URI',
      seen: expect.stringContaining('spa') as string,
    })
  })

  it('finds that nothing listens', async () => {
    const gone = await createEmulator()
    await gone.stop()
    const found = await doctor(gone.origin)
    expect(found.code).toBe(1)
    expect(illOf(found)).toMatchObject([
      { check: 'reachable', seen: expect.stringContaining('ECONNREFUSED') as string },
    ])
  })

  it('finds the wrong scheme for a port, and a tenant that is not there', async () => {
    const [asHttps] = illOf(await doctor(http.origin.replace('http', 'https')))
    expect(asHttps?.remedy).toContain('does not speak https')
    const [asHttp] = illOf(await doctor(https.httpsOrigin!.replace('https', 'http')))
    expect(asHttp?.check).toBe('reachable')
    const [noTenant] = illOf(await doctor(`${http.origin}/nobody.example`))
    expect(noTenant).toMatchObject({
      check: 'reachable',
      // In the words of who refused.
      seen: expect.stringMatching(
        /has no metadata: AADSTS90002: Tenant 'nobody\.example' not found/,
      ) as string,
      remedy: expect.stringContaining('tenant') as string,
    })
  })

  it('finds that something else listens there', async () => {
    const other = createServer((_, response) => response.end('[]')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const [found] = illOf(await doctor(`http://127.0.0.1:${String(port)}/${contoso}`))
    expect(found?.seen).toContain('has no metadata: it answers with something else')
    other.close()
  })

  it('finds that the CA is not trusted; the file that the remedy names cures it', async () => {
    const [found] = illOf(await doctor(`${https.httpsOrigin!}/${contoso}`))
    expect(found).toMatchObject({
      check: 'certificate',
      seen: expect.stringMatching(/UNABLE_TO|SELF_SIGNED/) as string,
    })
    expect(found?.remedy).toContain(`curl -ko midtier-emulator-ca.pem ${https.httpsOrigin!}/_emulator/ca.pem`)
    const script = `const { request } = await import('node:https')
      request(${JSON.stringify(`${https.httpsOrigin!}/_emulator/health`)}, (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).end()`
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: https.caFile! }
    const code = await new Promise((resolve) => {
      execFile(process.execPath, ['--input-type=module', '-e', script], { env }, (error) =>
        resolve(error?.code ?? 0),
      )
    })
    expect(code).toBe(0)
  })

  it('finds an issuer that is not what the client was told, and names both cures', async () => {
    const named = await createEmulator({ httpsPort: 0, publicOrigin: 'https://entra.example' })
    const reached = named.httpsOrigin!
    const ill = illOf(await doctor(`${reached}/${contoso}`))
    await named.stop()
    const found = ill.find(({ check }) => check === 'issuer')
    expect(found).toMatchObject({
      check: 'issuer',
      seen: expect.stringContaining('https://entra.example') as string,
    })
    expect(found?.remedy).toBe(
      `take https://entra.example as instance, or start the emulator with --public-origin ${reached}`,
    )
  })

  it('finds that MSAL takes no http authority', async () => {
    const config = { auth: { authority: `${http.origin}/${contoso}`, clientId: daemon } }
    const [found] = illOf(await doctor(config))
    expect(found).toMatchObject({
      check: 'scheme',
      remedy: expect.stringContaining('--https-port') as string,
    })
  })

  it.each([
    [undefined, 'there are none'],
    [['localhost'], 'there are localhost'],
  ])('finds knownAuthorities %j without the port', async (knownAuthorities, seen) => {
    const { host } = new URL(https.httpsOrigin!)
    const auth = { authority: `${https.httpsOrigin!}/${contoso}`, clientId: daemon }
    const found = illOf(await doctor({ auth: { ...auth, knownAuthorities } })).find(
      ({ check }) => check === 'knownAuthorities',
    )
    expect(found?.seen).toContain(seen)
    expect(found?.remedy).toContain(`knownAuthorities: ['${host}']`)
    for (const known of [host, `https://${host}`, `https://${host}/${contoso}`]) {
      const cured = await doctor({ auth: { ...auth, knownAuthorities: [known] } })
      expect(illOf(cured).map(({ check }) => check)).toEqual(['certificate'])
    }
  })

  it('follows authorityMetadata, and finds an issuer in it of another start', async () => {
    const metadata = (issuer: string): string =>
      JSON.stringify({
        token_endpoint: `${http.origin}/{tenantid}/oauth2/v2.0/token`,
        issuer: `${issuer}/{tenantid}/v2.0`,
      })
    const auth = { authority: `https://login.microsoftonline.com/${contoso}`, clientId: daemon }
    const right = await doctor({ auth: { ...auth, authorityMetadata: metadata(http.origin) } })
    expect([right.code, illOf(right)]).toEqual([0, []])
    const wrong = await doctor({ auth: { ...auth, authorityMetadata: metadata('http://localhost:1') } })
    expect(illOf(wrong)).toMatchObject([
      { check: 'issuer', remedy: expect.stringContaining(http.origin) as string },
    ])
  })

  it.each(['nonsense', 5])(
    'asks the authority where the token endpoint of the metadata is %j',
    async (endpoint) => {
      const authorityMetadata = { token_endpoint: endpoint, issuer: `${http.origin}/{tenantid}/v2.0` }
      const found = await doctor({
        auth: { authority: `${https.httpsOrigin!}/${contoso}`, authorityMetadata },
      })
      expect(found.findings[0]?.seen).toContain(`${https.httpsOrigin!}/${contoso} answers`)
    },
  )

  it('says nothing of a client where no directory is told', async () => {
    const other = createServer((_, response) => response.end(`{"issuer":"http://localhost/"}`))
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const { port } = other.address() as AddressInfo
    const authority = `http://127.0.0.1:${String(port)}/${contoso}`
    const found = await doctor({ authority, clientId: daemon, redirectUri: 'http://localhost/' })
    other.close()
    expect(found.findings.map(({ check }) => check)).toEqual(['scheme', 'reachable', 'issuer'])
  })

  it('knows a client by its id in either case', async () => {
    const found = await doctor({ authority: `${http.origin}/${contoso}`, clientId: daemon.toUpperCase() })
    expect([found.code, illOf(found)]).toEqual([0, []])
    expect(found.findings.at(-1)?.seen).toContain('Nightly report daemon')
  })

  it('finds a client that is not in the directory', async () => {
    const found = illOf(await doctor({ authority: `${http.origin}/${contoso}`, clientId: contoso }))
    expect(found).toMatchObject([{ check: 'application', remedy: expect.stringContaining(daemon) as string }])
  })

  it.each([
    ['https://shop.example:8443/signed-in/', 'a slash at the end'],
    ['https://shop.example/signed-in', 'the port'],
    ['http://shop.example:8443/signed-in', 'the scheme'],
    ['https://shop.example:8443/Signed-In', 'upper and lower case'],
    ['https://shop.example:8443/signed-in?x=1', 'the query'],
    ['https://shop.example:8443/signed-in#x', 'a fragment'],
    ['http://localhost:5000/back', 'another name of this machine'],
    ['http://127.0.0.1:5001/back', 'the port'],
  ])('finds in what %s differs from a registered redirect URI', async (redirectUri, difference) => {
    const found = illOf(await doctor({ authority: `${http.origin}/${contoso}`, clientId: web, redirectUri }))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ check: 'redirect URI' })
    expect(found[0]?.seen).toMatch(new RegExp(`: ${difference}$`))
    expect(found[0]?.remedy).toContain(`or register ${redirectUri}`)
  })

  it('lists what is registered where nothing is near, and says where nothing is registered', async () => {
    const config = { authority: `${http.origin}/${contoso}`, redirectUri: 'https://other.example/path' }
    const [far] = illOf(await doctor({ ...config, clientId: web }))
    expect(far?.seen).toContain(
      'registered are https://shop.example:8443/signed-in, http://127.0.0.1:5000/back',
    )
    const [none] = illOf(await doctor({ ...config, clientId: daemon }))
    expect(none?.seen).toContain('has no redirect URI')
  })

  it('prints for people, each finding with its remedy', async () => {
    const written: string[] = []
    const write = (text: string): void => void written.push(text)
    await runCommand(['doctor', `${https.httpsOrigin!}/${contoso}`], { write, writeError: write })
    expect(written.join('')).toMatch(
      /^ok {3}reachable: .*\nILL {2}certificate: .*\n {5}Remedy: curl -ko .*\nok {3}issuer: .*\n$/,
    )
  })

  it.each([
    ['/nowhere/client.json', 'ENOENT'],
    ['ftp://localhost', 'ENOENT'],
  ])('ends with 2 when it cannot read %s', async (target, said) => {
    const { code, text } = await doctor(target)
    expect(code).toBe(2)
    expect(text).toContain(said)
  })

  it.each([
    [{}, 'neither authority nor instance'],
    [{ authority: 'nowhere' }, 'neither authority nor instance'],
    [
      { auth: { authority: 'https://localhost', authorityMetadata: 'nonsense' } },
      'authorityMetadata is no JSON object',
    ],
  ])('ends with 2 for the configuration %j', async (config, said) => {
    const { code, text } = await doctor(config)
    expect([code, text]).toEqual([2, expect.stringContaining(said) as string])
  })

  it('ends with 2 for an option that there is not, two targets, and a file that is no object', async () => {
    expect((await doctor(http.origin, '--nonsense')).code).toBe(2)
    expect((await doctor(http.origin, http.origin)).code).toBe(2)
    expect((await doctor([])).text).toContain('holds no JSON object')
  })
})
