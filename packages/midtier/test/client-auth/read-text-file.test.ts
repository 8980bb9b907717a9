// A file that cannot be read: what is told of the reason, and what is not.
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { readBinaryFile, readTextFile } from '../../src/client-auth/read-text-file.node.ts'
import { asTextReader, readCredentialFile } from '../../src/client-auth/read-text-file.ts'
import { failureOf } from './application.ts'

describe('a file of a credential that cannot be read', () => {
  it.each([
    [Object.assign(new Error('s3cret'), { code: 'ENOENT' }), ' (ENOENT)'],
    [Object.assign(new Error('s3cret'), { code: 'A'.repeat(40) }), ` (${'A'.repeat(40)})`],
    [Object.assign(new Error('s3cret'), { code: 'A'.repeat(41) }), ''],
    [Object.assign(new Error('s3cret'), { code: 'no such file' }), ''],
    [Object.assign(new Error('s3cret'), { code: ['ENOENT'] }), ''],
    [new Error('s3cret'), ''],
    [{ code: 'ENOENT' }, ''],
    ['s3cret', ''],
  ])('for %o', async (error, told) => {
    const failure = await failureOf(
      readCredentialFile(() => {
        throw error as Error
      }, '/etc/key'),
    )
    expect(failure.message).toBe(`clientCredential: the file /etc/key cannot be read${told}`)
  })
})

it('a file is waited for five seconds, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let ended = false
  const failing = failureOf(readCredentialFile(() => new Promise(() => undefined), '/etc/key'))
  void failing.then(() => (ended = true))
  await vi.advanceTimersByTimeAsync(4_999)
  expect(ended).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  vi.useRealTimers()
  expect(await failing).toMatchObject({ message: 'reading /etc/key took longer than 5000 ms' })
})

it('bytes are read as the text that they are', async () => {
  expect(await asTextReader(() => Promise.resolve(new TextEncoder().encode('é')))('x')).toBe('é')
  expect(await asTextReader(() => Promise.resolve('é'))('x')).toBe('é')
})

const openFiles = '/proc/self/fd'

it.runIf(existsSync(openFiles))(
  'no file stays open, neither one that was read nor one that is too long',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'credential-'))
    const path = join(directory, 'key.pem')
    const opened = (): readonly string[] =>
      readdirSync(openFiles).filter((file) => {
        try {
          return readlinkSync(join(openFiles, file)) === path
        } catch {
          return false // closed meanwhile: the listing's own
        }
      })
    for (const length of [262_144, 262_145]) {
      await writeFile(path, Buffer.alloc(length, 'é'))
      const text = readTextFile(path)
      if (length === 262_144) expect(await text).toBe('é'.repeat(131_072))
      else await expect(text).rejects.toThrow(`${path} is longer than 262144 bytes`)
      expect((await readBinaryFile(path)).length).toBe(length)
      expect(opened()).toEqual([])
    }
    await rm(directory, { recursive: true })
  },
)
