// Answers of a Microsoft Graph that nobody expects: they cost one finding, and never a command that runs what they hold.
import { expect, it } from 'vitest'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import type { Circumstances } from '../../src/doctor/subject.ts'
import { inShell } from '../../src/doctor/in-shell.ts'
import { clientSecret, type WebApiOptions } from '../../src/index.ts'
import { ids } from '../behaviour/scenario.ts'
import { runtime } from './sound-set-up.ts'

async function look(
  answer: () => Response,
  more: Partial<WebApiOptions> = {},
  circumstances: Partial<Circumstances> = {},
): Promise<readonly Finding[]> {
  const instance = 'https://login.microsoftonline.com/'
  const issuer = `${instance}${ids.contoso}/v2.0`
  const fetch = (input: string | URL): Promise<Response> => {
    const { host } = new URL(input)
    if (host === 'graph.example') return Promise.resolve(answer())
    const urls = { jwks_uri: `${instance}keys`, token_endpoint: `${instance}token` }
    return Promise.resolve(Response.json({ issuer, ...urls }))
  }
  return examine(
    {
      tenantId: ids.contoso,
      clientId: ids.middleTier,
      allowedTenants: [ids.contoso],
      clientCredential: clientSecret('secret-for-local-use-only'),
      resource: { identifier: 'https://mcp.example/mcp' },
      fetch,
      ...more,
    },
    { runtime, graphToken: 'graph-token', graphUrl: 'https://graph.example/v1.0', ...circumstances },
  )
}

const registered =
  (more: object): (() => Response) =>
  () =>
    Response.json({ value: [{ appId: ids.middleTier, ...more }] })
const find = (findings: readonly Finding[], name: string): Finding | undefined =>
  findings.find(({ check }) => check === name)

it('quotes what Graph says in a command', async () => {
  const identifierUris = ['api://x$(id)', "api://y'; id"]
  const found = find(await look(registered({ identifierUris })), 'app_id_uri')
  expect(found?.mend).toContain(String.raw`--identifier-uris 'api://x$(id)' 'api://y'\''; id' https://`)
  expect(inShell('a\nb\u001b[2J')).toBe("'a?b?[2J'")
})

it('takes an end that is no date for no end that can be relied on', async () => {
  const passwordCredentials = [{ hint: 'sec', endDateTime: 'soon' }]
  expect(find(await look(registered({ passwordCredentials })), 'secret')?.verdict).toBe('failed')
})

it('goes on after a check that breaks', async () => {
  const findings = await look(() => {
    throw new RangeError('odd')
  })
  expect(find(findings, 'graph')?.verdict).toBe('failed')
  expect(find(findings, 'store')).toBeDefined()
})

it('names a check that breaks in the words of a finding', async () => {
  const installed = (): never => {
    throw new RangeError('odd')
  }
  const findings = await look(registered({}), {}, { runtime: { ...runtime, installed } })
  expect(find(findings, 'runtime')).toMatchObject({ verdict: 'failed', should: 'the check comes to an end' })
  expect(find(findings, 'authority')?.verdict).toBe('passed')
})

it('knows a certificate by its thumbprint where nobody says how long it is good', async () => {
  const credential = { kind: 'vault', addTo: () => undefined }
  const describing = (validity: object | undefined): Partial<WebApiOptions> => ({
    clientCredential: { ...credential, describe: () => Promise.resolve(validity) } as never,
  })
  const said = async (validity: object | undefined): Promise<Finding | undefined> =>
    find(await look(registered({}), describing(validity)), 'credential')
  expect(await said({ thumbprint: 'q80' })).toMatchObject({
    ...{ verdict: 'passed', is: 'vault, SHA-256 thumbprint ABCD' },
  })
  expect((await said(undefined))?.is).toContain('vault: until when it is good')
})

it('does not take the registration of another', async () => {
  expect(find(await look(registered({ appId: ids.todoApi })), 'application')?.verdict).toBe('failed')
})

it.each([
  [401, 'MIDTIER_GRAPH_TOKEN'],
  [403, 'Application.Read.All'],
  [500, 'see what is between'],
])('says of status %i what mends it', async (status, mend) => {
  const found = find(await look(() => new Response('{}', { status })), 'graph')
  expect(found?.mend).toContain(mend)
})

it.each([
  ['https://api.contoso.com/consented', ['https://api.contoso.com/consented'], 'passed'],
  ['https://api.contoso.com/consented', ['https://api.contoso.com/Consented'], 'failed'],
  ['https://api.contoso.com/consented', ['https://api.contoso.com:8443/consented'], 'failed'],
  ['http://localhost:8080/consented', ['http://localhost/consented'], 'passed'],
  ['http://localhost:8080/consented', ['http://localhost:8081/other', 7], 'failed'],
])('compares %s with the redirect URIs %j: %s', async (consentRedirectUri, redirectUris, verdict) => {
  const findings = await look(registered({ web: { redirectUris } }), { consentRedirectUri })
  expect(find(findings, 'consent_redirect_uri')?.verdict).toBe(verdict)
})

it('follows no redirect, and reads no answer without end', async () => {
  const location = 'https://another.example/'
  const redirected = await look(() => new Response(null, { status: 307, headers: { location } }))
  expect(find(redirected, 'graph')?.is).toContain('redirect')
  const endless = new ReadableStream({ pull: (into) => into.enqueue(new Uint8Array(1 << 20)) })
  expect(find(await look(() => new Response(endless)), 'graph')?.is).toContain('more than')
})
