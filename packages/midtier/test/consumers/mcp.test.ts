// MCP servers by both generations of the SDK behind `midtier/mcp`, and the official clients, unmodified, signing in through the emulator.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { documented } from './sources.ts'

const dependencies = {
  '@hono/node-server': '2.1.8',
  '@modelcontextprotocol/client': '2.4.0',
  '@modelcontextprotocol/express': '2.0.2',
  '@modelcontextprotocol/hono': '2.0.2',
  '@modelcontextprotocol/node': '2.1.2',
  '@modelcontextprotocol/sdk': '1.32.2',
  '@modelcontextprotocol/server': '2.4.0',
  '@types/express': '5.0.6',
  '@types/node': '20.19.43',
  express: '5.3.0',
  hono: '4.13.19',
  typescript: '5.9.3',
  zod: '4.4.3',
}
const folder = new URL('mcp/', import.meta.url)
const programs = readdirSync(folder).map((name) => [
  name.replace(/\.txt$/, '.ts'),
  readFileSync(new URL(name, folder), 'utf8'),
])
const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
}
const project = consumer({
  dependencies,
  files: {
    ...(Object.fromEntries(programs) as Record<string, string>),
    'package.json': '{ "private": true, "type": "module" }',
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, types: ['node'] } }),
  },
})
const run = async (program: string): Promise<Record<string, unknown>> =>
  JSON.parse(await project.run('node', [program])) as Record<string, unknown>

describe('an MCP server behind protectMcp', () => {
  test('docs/mcp-servers.md: the quick start compiles, and serves who signs in', async () => {
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    }
    const shown = consumer({
      dependencies,
      files: {
        ...(Object.fromEntries(programs) as Record<string, string>),
        'package.json': '{ "private": true, "type": "module" }',
        'tsconfig.json': JSON.stringify({ compilerOptions, files: ['app.ts'] }),
        'app.ts': documented('docs/mcp-servers.md', 'Quick start'),
        'run.mjs': `
          import { createApp } from './app.js'
          import { clients, connect } from './clients.mjs'
          import { Person, startWorld } from './world.mjs'
          const { url } = await startWorld((api) => {
            const app = createApp(api)
            return (req, res) => app.emit('request', req, res)
          })
          for (const kind of clients) {
            const client = await connect(kind, url, new Person('alice@contoso.onmicrosoft.com'))
            console.log(await client.call('whoami'))
          }
          process.exit()
        `,
      },
    })
    expect(await shown.run('tsc', [])).toBe('')
    expect(await shown.run('node', ['run.mjs'])).toBe('Alice Adams\nAlice Adams\n')
  })

  test('is typed for both generations of the SDK and every server', async () => {
    expect(await project.run('tsc', [])).toBe('')
  })

  test('signs people in, steps them up for a tool, and again when the token is over in mid-session', async () => {
    const found = await run('sign-in.mjs')
    expect(Object.keys(found)).toHaveLength(10)
    for (const [pair, came] of Object.entries(found))
      expect(came, pair).toEqual({
        tools: ['whoami', 'send'],
        answers: ['Alice Adams', 'sent by Mcp.Use Mail.Send', 'Alice Adams'],
        // The scopes that were asked for, and whether `resource` was the URL of the server to the letter.
        signIns: [
          ['Mcp.Use', true],
          ['Mail.Send Mcp.Use', true],
          ['Mcp.Use', true],
        ],
      })
  })

  test('refreshes with the URL of the server as resource, and AADSTS9010010 ends the session once metadata name the origin', async () => {
    const found = await run('refresh.mjs')
    expect(Object.keys(found)).toHaveLength(10)
    for (const [pair, came] of Object.entries(found))
      expect(came, pair).toEqual({
        answers: ['Alice Adams', 'Alice Adams', 'Alice Adams'],
        signIns: 1,
        refreshes: [
          ['the server', null, 200],
          ['the server', null, 200],
          [expect.stringMatching(/^the origin\/?$/) as string, null, 400],
        ],
        died: 'AADSTS9010010',
      })
  })

  test('mixes nobody up in 500 calls of two people, nor over a session id of another', async () => {
    const found = await run('calls.mjs')
    expect(Object.keys(found)).toHaveLength(5)
    for (const [server, came] of Object.entries(found)) expect(came, server).toMatchObject({ right: 500 })
    expect(found).toMatchObject({ 'sdk 1.32 on Express, with sessions': { inAnothersSession: 404 } })
  })

  test('leads to the consent that is missing: by a page where the client opens pages, else in words', async () => {
    const found = await run('consent.mjs')
    const inWords = expect.stringMatching(/Open this page in a browser.*ADDRESS$/) as string
    for (const [pair, came] of Object.entries(found)) {
      const opens = pair.includes('that opens pages')
      if (opens && pair.includes('2026-07-28')) expect(came, pair).toEqual(['Alice Adams', 1, 'Alice Adams'])
      else if (opens && pair.includes('with sessions'))
        expect(came, pair).toEqual([expect.stringContaining('was opened'), 1, 'Alice Adams'])
      else expect(came, pair).toEqual([inWords, 0, inWords]) // what is stateless never sees that the client of before could
    }
    expect(Object.keys(found)).toHaveLength(32)
  })
})
