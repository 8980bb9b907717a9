// Once per run: builds and packs the packages as they would be published, and installs the library and its emulator, which shows whether a registry answers.
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { installOnce, type Packed } from './install.ts'
import { CommandError, executeOrThrow } from './process.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'midtier-consumers-')))
  const tearDown = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    await executeOrThrow('node', ['scripts/build.mjs'], root)
    const packed = {
      folder,
      tarballs: {
        midtier: await pack('packages/midtier', join(folder, 'midtier')),
        '@midtier/emulator': await pack('packages/emulator', join(folder, 'emulator')),
      },
      sidecar: await pack('packages/sidecar', join(folder, 'sidecar')),
    }
    project.provide('packed', (await registryAnswers(packed)) ? packed : undefined)
  } catch (error) {
    await tearDown()
    throw error
  }
  return tearDown
}

async function pack(workspace: string, into: string): Promise<string> {
  await mkdir(into)
  await executeOrThrow('npm', ['pack', '--ignore-scripts', '--pack-destination', into], join(root, workspace))
  const [tarball] = await readdir(into)
  if (tarball === undefined) throw new Error(`npm pack of ${workspace} wrote nothing`)
  return `file:${join(into, tarball)}`
}

async function registryAnswers(packed: Packed): Promise<boolean> {
  try {
    await installOnce(packed, {})
    return true
  } catch (error) {
    if (!(error instanceof CommandError) || !unreachable.test(error.message)) throw error
    const advice = 'no package registry can be reached from this machine'
    if (process.env['CI'] === 'true')
      throw new Error(`${advice}; with CI=true no suite is skipped`, { cause: error })
    process.stderr.write(`SKIPPED packages/midtier/test/consumers: ${advice}\n`)
    return false
  }
}
