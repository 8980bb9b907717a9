// Every document that clients read before they sign in is what was written down.
// `npx vitest run --project emulator packages/emulator/test/endpoints/discovery/documents.test.ts -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createEmulator, type Emulator } from '../../../src/index.ts'
import { withoutChance } from '../../decisions.ts'
import { contoso, fabrikam, webClient } from '../../scenario.ts'

const tenants = [
  contoso,
  'contoso.com',
  fabrikam.toUpperCase(),
  'common',
  'organizations',
  'consumers',
  'nowhere.example',
  '99999999-0000-4000-8000-000000000009',
]
const endpoint = (origin: string): string => encodeURIComponent(`${origin}/${contoso}/oauth2/v2.0/authorize`)
const others = (origin: string): readonly string[] => [
  '/common/discovery/instance',
  `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint(origin)}`,
  `/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint('https://login.microsoftonline.com')}`,
  '/common/discovery/instance?api-version=1.1&authorization_endpoint=nowhere',
  `/common/discovery/instance?authorization_endpoint=${endpoint(origin)}`,
  '/common/userrealm/alice@contoso.com?api-version=1.0',
  '/common/userrealm/alice@CONTOSO.onmicrosoft.com',
  '/common/userrealm/alice@elsewhere.example',
  '/common/userrealm/alice',
  `/${contoso}/discovery/v2.0/keys`,
  `/${contoso}/discovery/v2.0/keys?appid=${webClient}`,
  '/common/discovery/keys',
  '/nowhere.example/discovery/v2.0/keys',
]

/** The document, each member on its own line; one that is as another is told by that. */
async function tell(emulator: Emulator, paths: readonly string[]): Promise<string> {
  const first = new Map<string, string>()
  const parts: string[] = []
  for (const path of paths) {
    const response = await fetch(emulator.origin + path)
    const body = JSON.stringify(await response.json(), undefined, 1)
      .replaceAll(/"(kid|x5t|n|e)": "[^"]*"/g, '"$1": "…"')
      .replaceAll(/"x5c": \[[^\]]*\]/g, '"x5c": […]')
      .replaceAll(/"(trace_id|correlation_id|timestamp)": "[^"]*"/g, '"$1": "…"')
      .replaceAll(/ Trace ID: [^"]*/g, ' …')
    const text = withoutChance(
      `${String(response.status)} ${response.headers.get('cache-control') ?? ''}\n${body}`,
      emulator.origin,
    ).replaceAll(encodeURIComponent(emulator.origin), '<emulator>')
    const known = first.get(text)
    const named = path.replaceAll(encodeURIComponent(emulator.origin), '<emulator>')
    first.set(text, known ?? named)
    parts.push(`${named}: ${known === undefined ? text : `as ${known}`}`)
  }
  return parts.join('\n')
}

it.each([
  ['over-http', {}],
  ['over-https', { httpsPort: 0 }],
] as const)('%s', async (name, options) => {
  const emulator = await createEmulator(options)
  const paths = [
    ...(emulator.httpsOrigin === undefined ? tenants : [contoso, 'common']).flatMap((tenant) => [
      `/${tenant}/v2.0/.well-known/openid-configuration`,
      `/${tenant}/.well-known/openid-configuration`,
    ]),
    `/common/v2.0/.well-known/openid-configuration?appid=a%20b`,
    `/common/.well-known/openid-configuration?appid=${webClient}`,
    ...others(emulator.origin),
  ]
  const text = await tell(emulator, paths)
  const https = emulator.httpsOrigin ?? 'https://no-https'
  await emulator.stop()
  await expect(`${text.replaceAll(https, '<https>')}\n`).toMatchFileSnapshot(
    fileURLToPath(new URL(`written/${name}.txt`, import.meta.url)),
  )
})
