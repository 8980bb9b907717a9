#!/usr/bin/env node
// The command `midtier`: the command line with this process around it.
import { readFileSync } from 'node:fs'
import { endProcess, watchOver } from './beside.ts'
import { runCommand } from './run-command.ts'

const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
const { version, engines, peerDependencies } = JSON.parse(manifest) as {
  readonly version: string
  readonly engines: { readonly node: string }
  readonly peerDependencies: Readonly<Record<string, string>>
}

// A reader that has seen enough, such as head, closes the pipe: no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const isOver = watchOver(process)
process.exitCode = await runCommand(process.argv.slice(2), {
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  environment: process.env,
  version,
  nodeVersion: process.versions.node,
  supported: { ...peerDependencies, ...engines },
})
isOver()
// What a module of the user opened, such as the client of a store, would keep this process from ending.
process.stdout.write('', () => {
  endProcess(process)
})
