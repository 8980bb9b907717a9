#!/usr/bin/env node
// The command `midtier-emulator`: the command line with this process around it.
import { runCommand } from './command-line.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { EmulatorOptionsError, PortInUseError } from '../kernel/errors.ts'

/** Whoever has started this process: asked at once, for it may end while all the rest begins. */
const parent = process.ppid

async function main(): Promise<void> {
  const emulator = await runCommand(process.argv.slice(2), {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    exitWith: (code) => {
      process.exitCode = code
    },
  })
  if (emulator !== undefined) stopWhenTold(emulator)
}

function stopWhenTold(emulator: Emulator): void {
  const stop = (): void => void emulator.stop().then(() => process.exit(0))
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
  const isExplained = error instanceof EmulatorOptionsError || error instanceof PortInUseError
  if (!isExplained) throw error
  process.stderr.write(`midtier-emulator: ${error.message}\n`)
  process.exitCode = 1
}

await main().catch(report)
