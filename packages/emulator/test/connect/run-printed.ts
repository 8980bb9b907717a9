// Runs settings as they were printed: in a process of their own, with the environment that their comments ask for.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runCommand } from '../../src/bin/command-line.ts'
import type { Emulator } from '../../src/index.ts'

// Below the repository, where what is installed is found.
const home = fileURLToPath(new URL('../../../../artifacts/', import.meta.url))

/** What `midtier-emulator config` prints. */
export async function printed(
  { origin }: Pick<Emulator, 'origin'>,
  client: string,
  app: string,
  ...options: readonly string[]
): Promise<string> {
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const args = ['config', '--client', client, '--app', app, '--url', origin, ...options]
  await runCommand(args, { write, writeError: write })
  return written.join('')
}

/** A file of a folder of its own, which is removed after use. */
export async function withFile<Result>(
  name: string,
  text: string,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(home, { recursive: true })
  const folder = await mkdtemp(join(home, 'settings-'))
  try {
    await writeFile(join(folder, name), text)
    return await use(join(folder, name))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What a program with these settings writes. */
export function run(program: string, name: string, text: string): Promise<string> {
  const exported = [...text.matchAll(/export (\w+)=(\S+)$/gm)].map(([, key, value]) => [key, value])
  const env = { ...process.env, ...(Object.fromEntries(exported) as NodeJS.ProcessEnv) }
  return withFile(name, text, async (path) => {
    const { stdout } = await promisify(execFile)(program, [path], { env })
    return stdout.trim()
  })
}
