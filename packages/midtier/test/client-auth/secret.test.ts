import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { clientSecret } from '../../src/client-auth/secret.ts'
import { ConfigurationError } from '../../src/kernel/errors/errors.ts'
import { factsAt, HandClock } from './application.ts'

const facts = factsAt(new HandClock())

describe('clientSecret', () => {
  it('writes the secret into the body of the request', async () => {
    const parameters = new URLSearchParams()
    await clientSecret('s3cret/+&=').addTo(parameters, facts)
    expect(parameters.get('client_secret')).toBe('s3cret/+&=')
  })

  it.each([undefined, '', '  '])('refuses %j at start-up, naming the option', (value) => {
    expect(() => clientSecret(value)).toThrow(ConfigurationError)
    expect(() => clientSecret(value)).toThrow(/^clientCredential: /)
  })

  it('refuses a secret with the line break of a careless copy, without repeating it', () => {
    expect(() => clientSecret('s3cret\n')).toThrow(/^clientCredential: the client secret begins or ends/)
    expect(() => clientSecret('s3cret\n')).not.toThrow(/s3cret/)
  })

  it('shows the secret to nobody who prints the credential', () => {
    const credential = clientSecret('s3cret')
    expect(
      `${inspect(credential, { depth: 9, showHidden: true })}${JSON.stringify(credential)}`,
    ).not.toContain('s3cret')
  })
})
