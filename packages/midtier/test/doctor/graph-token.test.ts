// Where the doctor sends the token for Microsoft Graph that it was handed: never to a host that the options alone name.
import { createEmulator } from '@midtier/emulator'
import { expect, it } from 'vitest'
import { runCommand } from '../../src/bin/run-command.ts'
import { examine } from '../../src/doctor/examine.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import type { AnyWebApiOptions } from '../../src/options.ts'
import { ids } from '../behaviour/scenario.ts'
import { commandStreams } from './command-streams.ts'
import { graphToken, runtime, soundOptions } from './sound-set-up.ts'

/** Every host that the token was sent to, with the findings. */
async function look(
  options: AnyWebApiOptions,
  issuer: string,
  graphUrl?: string,
): Promise<{ readonly sentTo: readonly string[]; readonly findings: readonly Finding[] }> {
  const sentTo: string[] = []
  const fetch = (input: string | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(input)
    if (new Headers(init?.headers).get('authorization')?.includes('graph-token') === true)
      sentTo.push(url.host)
    if (url.pathname.includes('/.well-known/'))
      return Promise.resolve(
        Response.json({ issuer, jwks_uri: `${url.origin}/keys`, token_endpoint: url.origin }),
      )
    return Promise.resolve(Response.json({ value: [] }))
  }
  const findings = await examine({ ...options, fetch }, { runtime, graphToken: 'graph-token', graphUrl })
  return { sentTo, findings }
}

const own = { authority: { issuer: 'https://login.example/' }, clientId: 'api', audience: 'api' } as const

it('does not send it to an authority of other people, and says how Graph is named', async () => {
  const { sentTo, findings } = await look(own, 'https://login.example/')
  expect(sentTo).toEqual([])
  expect(findings.find(({ check }) => check === 'registration')).toMatchObject({
    verdict: 'skipped',
    mend: 'say where it is: --graph-url <url>',
  })
})

it.each([
  ['https://login.microsoftonline.com/', 'graph.microsoft.com'],
  ['https://login.microsoftonline.us/', 'graph.microsoft.us'],
])('sends it to Graph of the cloud of %s', async (instance, host) => {
  const options = { instance, tenantId: ids.contoso, clientId: ids.middleTier }
  const { sentTo } = await look(options, `${instance}${ids.contoso}/v2.0`)
  expect([...new Set(sentTo)]).toEqual([host])
})

it('sends it where its owner says', async () => {
  const { sentTo } = await look(own, 'https://login.example/', 'https://graph.example/v1.0')
  expect(sentTo).toEqual(['graph.example'])
})

it('does not send it anywhere when the authority is not the one that was meant', async () => {
  const options = { tenantId: ids.contoso, clientId: ids.middleTier }
  for (const instance of ['https://login.microsoftonline.com/', 'http://localhost:1/']) {
    const { sentTo, findings } = await look({ ...options, instance }, 'https://another.example/')
    expect(findings.find(({ check }) => check === 'issuer')?.verdict).toBe('failed')
    expect(sentTo).toEqual([])
  }
})

it.each([
  [['doctor', '--graph-url', 'http://graph.example/v1.0'], '--graph-url: must be https'],
  [['doctor', '--graph-url', 'not a url'], '--graph-url: is no URL'],
  [['doctor', '--url', 'mcp.example'], '--url: is not an absolute URL'],
  [['registration', 'diff', './none.js', '--graph-url', 'http://graph.example/v1.0'], 'must be https'],
])('refuses %j', async (args, message) => {
  const streams = commandStreams({ MIDTIER_GRAPH_TOKEN: 'graph-token' })
  expect(await runCommand(args, streams)).toBe(2)
  expect(streams.said()).toContain(message)
})

it('takes an empty variable for no token', async () => {
  const emulator = await createEmulator()
  const examined = await examine(soundOptions(emulator), { runtime, graphToken: '' })
  expect(examined.find(({ check }) => check === 'registration')?.verdict).toBe('skipped')
  const found = await examine(soundOptions(emulator), { runtime, graphToken: await graphToken(emulator) })
  expect(found.find(({ check }) => check === 'app_id_uri')?.verdict).toBe('passed')
  await emulator.stop()
})
