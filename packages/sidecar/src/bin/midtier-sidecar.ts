#!/usr/bin/env node
// The command `midtier-sidecar`: the sidecar with this process around it.
import { SettingError } from '../kernel/refusals.ts'
import { type RunningSidecar, startSidecar } from '../server/start-sidecar.ts'
import { readCommandLine } from './command-line.ts'

/** Whoever has started this process: asked at once, for it may end while all the rest begins. */
const parent = process.ppid

async function main(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2))
  if (command.kind === 'usage') {
    process.stdout.write(command.text)
    return
  }
  if (command.kind === 'mistake') throw new SettingError('midtier-sidecar:', command.text)
  const { config, port } = command
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw new SettingError('--port', 'must be a port: a number from 0 to 65535')
  const sidecar = await startSidecar({
    environment: process.env,
    config,
    port: port === undefined ? undefined : Number(port),
  })
  stopWhenTold(sidecar)
  for (const url of sidecar.urls) process.stdout.write(`midtier-sidecar: listening on ${url}\n`)
}

function stopWhenTold(sidecar: RunningSidecar): void {
  const stop = (): void => void sidecar.stop().then(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  // npm and npx do not hand a signal on: they end, and what they started would hold its port for ever.
  if (process.env['npm_command'] === undefined) return
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, 250)
  watch.unref()
}

function report(error: unknown): void {
  if (!(error instanceof SettingError)) throw error
  process.stderr.write(`midtier-sidecar: ${error.message}\n`)
  process.exitCode = 1
}

await main().catch(report)
