// The command that starts everything: what it prints, what it does about a taken port, and how it ends.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compiledFile } from '../../scenario/compiled-file.ts'
import { until } from '../running-scenario.ts'
import { wantedPorts } from '../wanted-ports.ts'

interface Started {
  readonly child: ChildProcess
  readonly output: string[]
  readonly progress: string[]
  readonly ended: Promise<number | null>
}

let directory: string
let occupant: Server
let taken: number
let first: Started

function start(state: string, ...options: readonly string[]): Started {
  const child = spawn(
    process.execPath,
    [compiledFile('start.js'), '--state', join(directory, state), ...options],
    {
      env: { ...process.env, DATABASE_URL: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const output: string[] = []
  const progress: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => output.push(line))
  createInterface({ input: child.stderr }).on('line', (line) => progress.push(line))
  return { child, output, progress, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

function readUrls(started: Started): Readonly<Record<string, string>> {
  const { urls } = JSON.parse(started.output[0] ?? '{}') as {
    readonly urls: Readonly<Record<string, string>>
  }
  return urls
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'todolist-'))
  occupant = createServer()
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve))
  taken = (occupant.address() as AddressInfo).port
  const { middleTier, todoApi, emulator } = wantedPorts()
  first = start('state', '--json', '--ports', [taken, middleTier, todoApi, emulator].join(','))
  await until(() => first.output.length > 0)
})

afterAll(async () => {
  if (first.child.exitCode === null) first.child.kill('SIGKILL')
  occupant.close()
  await rm(directory, { recursive: true, force: true })
})

describe('the start command', () => {
  it('prints one JSON line with the URLs when everything answers', async () => {
    expect(first.output).toHaveLength(1)
    const urls = readUrls(first)
    expect(Object.keys(urls)).toEqual(['emulator', 'todoApi', 'middleTier', 'client'])
    expect((await fetch(`${urls['client']}/`)).status).toBe(200)
    expect((await fetch(`${urls['middleTier']}/todolist`)).status).toBe(401)
  })

  it('says that a port is taken, and uses another', () => {
    const { port } = new URL(readUrls(first)['client'] ?? '')
    expect(Number(port)).not.toBe(taken)
    expect(first.progress).toContain(`Port ${taken} is taken by another program; using ${port} instead`)
  })

  it('writes no escape sequences where there is no terminal', () => {
    expect([...first.output, ...first.progress].join('')).not.toContain('\u001B')
  })

  it('does not let a second scenario into the same data, and says what to do', async () => {
    const second = start('state', '--json', '--ports', Object.values(wantedPorts()).join(','))
    expect(await second.ended).toBe(1)
    expect(second.progress).toContainEqual(
      expect.stringMatching(/To Do API: Another To Do API is using .* Stop it first/),
    )
    expect(second.output).toEqual([])
  })

  it.each(['3000', '3000,5001,5002,8484,1', '3000,5001,5002,emulator', '3000,5001,5002,70000'])(
    'takes no wish for ports that is not four of them: %s',
    async (ports) => {
      const { progress, output, ended } = start('unused', '--ports', ports)
      expect(await ended).toBe(2)
      expect(progress[0]).toBe(`--ports: "${ports}" is not four port numbers, as in 3000,5001,5002,8484`)
      expect(output).toEqual([])
    },
  )

  it('says what the middle tier can be written on, and takes nothing else', async () => {
    const help = start('unused', '--help')
    expect(await help.ended).toBe(0)
    expect(help.output.join('\n')).toContain('express or fastify (default: express)')
    const { progress, output, ended } = start('unused', '--middle-tier', 'koa')
    expect(await ended).toBe(2)
    expect(progress[0]).toBe('--middle-tier: "koa" is none of express, fastify')
    expect(output).toEqual([])
  })

  it('takes no address of a collector that is none', async () => {
    for (const traces of ['localhost:4318', 'ftp://localhost', '4318']) {
      const { progress, output, ended } = start('unused', '--traces', traces)
      expect(await ended).toBe(2)
      expect(progress[0]).toBe(
        `--traces: "${traces}" is no URL of http or https, as in http://localhost:4318`,
      )
      expect(output).toEqual([])
    }
  })

  it('ends with every process when it is interrupted', async () => {
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    for (const url of Object.values(readUrls(first))) await expect(fetch(url)).rejects.toThrow()
  })
})
