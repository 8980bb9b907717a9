import { describe, expect, it } from 'vitest'
import { federatedTokenFile } from '../../src/client-auth/federated-token-file.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { factsAt, failureOf, fakeJwt, HandClock, printed, write, writtenAssertion } from './application.ts'

const path = '/var/run/secrets/azure/tokens/azure-identity-token'

function createFile(text: string) {
  const file = { text, failure: undefined as Error | undefined }
  const credential = federatedTokenFile({
    path,
    readFile: async (asked) => {
      expect(asked).toBe(path)
      if (file.failure !== undefined) throw file.failure
      return file.text
    },
  })
  return { file, credential }
}

describe('a federated token file', () => {
  it('gives the token of the moment, without the line break at its end', async () => {
    const { file, credential } = createFile(`${fakeJwt({ n: 1 })}\n`)
    const facts = factsAt(new HandClock())
    expect(await writtenAssertion(credential, facts)).toBe(fakeJwt({ n: 1 }))
    file.text = fakeJwt({ n: 2 })
    expect(await writtenAssertion(credential, facts)).toBe(fakeJwt({ n: 2 }))
  })

  it('is tried once more after a refusal only when it has changed', async () => {
    const { file, credential } = createFile(fakeJwt({ n: 1 }))
    const facts = factsAt(new HandClock())
    const parameters = await write(credential, facts)
    expect(await credential.rejected?.(parameters, facts)).toBe(false)
    file.text = fakeJwt({ n: 2 })
    expect(await credential.rejected?.(parameters, facts)).toBe(true)
  })

  it('whose token has expired is told as such, five minutes of clock difference aside', async () => {
    const clock = new HandClock()
    const { credential } = createFile(fakeJwt({ exp: Math.floor(clock.ms / 1000) }))
    clock.ms = Date.parse('2027-01-15T12:05:00Z')
    expect(await writtenAssertion(credential, factsAt(clock))).toMatch(/^ey/)
    clock.ms += 1
    await expect(write(credential, factsAt(clock))).rejects.toThrow(
      `the federated token in ${path} expired on 2027-01-15T12:00:00.000Z`,
    )
  })

  it.each([
    [-7_999_999_999_999, 'expired on -251540-02-03T09:46:41.000Z'],
    [-8_000_000_000_000, 'sent'],
    [-1e300, 'sent'],
    ['0', 'sent'],
    [null, 'sent'],
  ])('whose end is %j is judged by the authority where that is no instant', async (exp, outcome) => {
    const { credential } = createFile(fakeJwt({ exp }))
    const written = await writtenAssertion(credential, factsAt(new HandClock())).then(
      () => 'sent',
      (error: unknown) => (error as Error).message,
    )
    expect(written).toContain(outcome)
  })

  it('that cannot be read, or holds something else, is named without its content', async () => {
    const { file, credential } = createFile('the secret of something else')
    const facts = factsAt(new HandClock())
    const wrong = await failureOf(write(credential, facts))
    expect(wrong).toBeInstanceOf(ConfigurationError)
    expect(printed(wrong)).not.toContain('the secret')
    file.failure = Object.assign(new Error('x'), { code: 'EACCES' })
    await expect(write(credential, facts)).rejects.toThrow(`the file ${path} cannot be read (EACCES)`)
  })

  it('needs a path', () => {
    expect(() => federatedTokenFile({ path: ' ', readFile: async () => '' })).toThrow(
      /AZURE_FEDERATED_TOKEN_FILE/,
    )
  })
})
