// A file that cannot be read: what is told of the reason, and what is not.
import { describe, expect, it } from 'vitest'
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

it('bytes are read as the text that they are', async () => {
  expect(await asTextReader(() => Promise.resolve(new TextEncoder().encode('é')))('x')).toBe('é')
  expect(await asTextReader(() => Promise.resolve('é'))('x')).toBe('é')
})
