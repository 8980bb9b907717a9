// A project as a user has it: its own package.json, the packed tarballs and whatever else it needs, its files, its processes.
// Projects with the same dependencies lie side by side in one folder, whose node_modules all of them find above themselves.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { test as base, inject } from 'vitest'
import { type Dependencies, installOnce, type Packed } from './install.ts'
import { consumerEnvironment, type Environment, execute, executeOrThrow, type Result } from './process.ts'

export interface ConsumerOptions {
  /** What is installed beside midtier and its emulator, each at an exact version. Default: nothing. */
  readonly dependencies?: Dependencies
  /** What the project consists of: path inside it → text. Without a `package.json` it gets `{ "private": true }`. */
  readonly files: Readonly<Record<string, string>>
}

export interface Consumer {
  /** Runs `node`, or a command that a dependency brings, in the project; what it printed, or an error with all that it said. */
  run(command: string, args: readonly string[], env?: Environment): Promise<string>
  /** The same where a failure is what is looked for. */
  attempt(command: string, args: readonly string[], env?: Environment): Promise<Result>
}

/** vitest's `test`; skipped, and said so, where nothing can be installed. */
export const test = base.skipIf(inject('packed') === undefined)

/** A fresh project; it is written and installed when it first runs something. */
export function consumer(options: ConsumerOptions): Consumer {
  let made: Promise<string> | undefined
  const folderOf = (): Promise<string> => (made ??= make(options))
  return {
    async run(command, args, env) {
      const folder = await folderOf()
      return executeOrThrow(command, args, folder, { ...environmentIn(folder), ...env })
    },
    async attempt(command, args, env) {
      const folder = await folderOf()
      return execute(command, args, folder, { ...environmentIn(folder), ...env })
    },
  }
}

/** Where the packed midtier lies, as a dependency names it: for a second copy under another name. */
export function midtierTarball(): string {
  return inject('packed')?.tarballs['midtier'] ?? ''
}

/** Where the packed sidecar lies, as a dependency names it. */
export function sidecarTarball(): string {
  return inject('packed')?.sidecar ?? ''
}

function packedPackages(): Packed {
  const packed = inject('packed')
  if (packed === undefined) throw new Error('nothing was packed: take `test` from ./consumer.ts')
  return packed
}

async function make({ dependencies = {}, files }: ConsumerOptions): Promise<string> {
  const folder = await mkdtemp(join(await installOnce(packedPackages(), dependencies), 'project-'))
  for (const [path, text] of Object.entries({ 'package.json': '{ "private": true }', ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}

function environmentIn(folder: string): Environment {
  const env = consumerEnvironment()
  return { ...env, PATH: `${join(folder, '../node_modules/.bin')}${delimiter}${env['PATH'] ?? ''}` }
}
