// The packed packages and what a project needs beside them, installed once per set of dependencies and run.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CommandError, execute, type Result } from './process.ts'

/** What `pack.setup.ts` made for this run. */
export interface Packed {
  /** The folder of this run, removed after it. */
  readonly folder: string
  /** Each package by its name: where its tarball lies, as package.json says it. */
  readonly tarballs: Readonly<Record<string, string>>
  /** Where that of the sidecar lies, which is installed where a case asks for it. */
  readonly sidecar: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** `undefined`: nothing can be installed here, and the suite is skipped. */
    packed: Packed | undefined
  }
}

/** Names and exact versions, or where a tarball lies. */
export type Dependencies = Readonly<Record<string, string>>

const install = [
  'install',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--ignore-scripts',
]

/** The folder in which these dependencies are installed, by whichever test of the run asked first. */
export async function installOnce(packed: Packed, dependencies: Dependencies): Promise<string> {
  const wanted = { ...packed.tarballs, ...dependencies }
  const folder = join(packed.folder, digest(wanted))
  const report = join(folder, 'installed.json')
  if (await isFirst(folder)) {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: wanted }))
    await writeFile(`${report}.part`, JSON.stringify(await execute('npm', install, folder)))
    await rename(`${report}.part`, report)
  }
  while (!existsSync(report)) await pause(100)
  const result = JSON.parse(await readFile(report, 'utf8')) as Result
  if (result.code !== 0) throw new CommandError(`npm install ${Object.keys(wanted).join(' ')}`, result)
  return folder
}

function digest(wanted: Dependencies): string {
  const text = JSON.stringify(Object.entries(wanted).sort())
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

// Making a folder either succeeds or finds it made: of several processes one is the first.
async function isFirst(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
