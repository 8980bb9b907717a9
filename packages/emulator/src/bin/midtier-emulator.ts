#!/usr/bin/env node
// The command `midtier-emulator`: the command line with this process around it.
import { runCommand } from './command-line.ts'
import type { Emulator } from '../emulator/emulator.ts'
import { EmulatorOptionsError, PortInUseError } from '../kernel/errors.ts'

async function main(): Promise<void> {
  const emulator = await runCommand(process.argv.slice(2), {
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    exitWith: (code) => {
      process.exitCode = code
    },
  })
  if (emulator !== undefined) stopOnSignal(emulator)
}

function stopOnSignal(emulator: Emulator): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void emulator.stop().then(() => process.exit(0)))
  }
}

function report(error: unknown): void {
  const isExplained = error instanceof EmulatorOptionsError || error instanceof PortInUseError
  if (!isExplained) throw error
  process.stderr.write(`midtier-emulator: ${error.message}\n`)
  process.exitCode = 1
}

await main().catch(report)
