// Client settings in the portal: what each library takes, the same text as on the command line.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientNames } from '../../src/connect/client-settings.ts'
import { createEmulator, type Emulator } from '../../src/index.ts'
import { daemon, webClient } from '../scenario.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ httpsPort: 0 })
})
afterAll(() => emulator.stop())

const show = async (query: string): Promise<string> => {
  const text = await (await fetch(`${emulator.origin}/portal/connect?${query}`)).text()
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

async function onTheCommandLine(client: string, application: string): Promise<string> {
  const answer = await fetch(`${emulator.origin}/_emulator/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client, application }),
  })
  return ((await answer.json()) as { settings: string }).settings
}

it.each(['midtier', 'msal-node', 'azure-identity', 'openid-client', 'msal-python', 'curl'])(
  'has those of %s as the command line prints them',
  async (client) => {
    expect(await show(`app=${daemon}&client=${client}`)).toContain(await onTheCommandLine(client, daemon))
  },
)

it('names every library, and begins with the one that the application is probably written with', async () => {
  const page = await show(`app=${webClient}`)
  for (const name of clientNames) expect(page).toContain(`client=${name}"`)
  expect(page).toContain(await onTheCommandLine('msal-browser', webClient))
  expect(await show(`app=${webClient}&client=cobol`)).toContain(
    await onTheCommandLine('msal-browser', webClient),
  )
})

it('says why a library does not fit an application', async () => {
  expect(await show(`app=${daemon}&client=msal-browser`)).toContain('which Nightly report daemon has not')
  expect(await show(`app=${daemon}&client=msal-browser`)).not.toContain('<pre')
})

it('has those of an agent', async () => {
  const [agent] = emulator.directory.agentIdentities
  expect(await show(`app=${agent!.id}`)).toContain(`'${agent!.id}'`)
})

it('has those of either listener, and keeps the one that was chosen from link to link', async () => {
  const page = await show(`app=${daemon}&client=msal-node&listener=http`)
  expect(page).toContain(`token_endpoint: '${emulator.origin}/{tenantid}`)
  expect(page).not.toContain('NODE_EXTRA_CA_CERTS')
  expect(page).toContain(`app=${daemon}&client=curl&listener=http"`)
  expect(page).toContain(`app=${webClient}&listener=http"`)
  const usual = await show(`app=${daemon}&client=msal-node`)
  expect(usual).toContain(`token_endpoint: '${emulator.httpsOrigin!}/{tenantid}`)
  expect(usual).toContain(`app=${daemon}&client=msal-node&listener=https" aria-current="true"`)
})
