// What a custom `fetch`, a store or an SDK puts into its errors is theirs; what a log prints of ours must not hold a credential.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AcquisitionError,
  AuthorityUnavailableError,
  BearerError,
  ConfigurationError,
  DownstreamError,
  InteractionRequiredError,
  type MidtierError,
  TokenRequestError,
  TokenStoreError,
} from '../../../src/index.ts'
import { scrub, summarizeCause } from '../../../src/kernel/errors/safe-cause.ts'
import { printed } from '../printed.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJhbGljZSJ9.c2lnbmF0dXJl'
const secret = 'Xy~8Q~aVeryLongClientSecretOfEntra.1234567'

/** As wrapped clients throw: request, headers and body on the error, a text of them in its message and stack, and again in its causes. */
function hostileError(depth = 3): Error {
  const request = {
    headers: { authorization: `Bearer ${jwt}` },
    body: `client_secret=${secret}&assertion=${jwt}`,
  }
  const error = new TypeError(`POST failed: ${JSON.stringify(request)}`)
  const own = {
    code: 'ECONNRESET',
    errno: -104,
    syscall: 'read',
    config: request,
    request: { deep: { deeper: request } },
  }
  return Object.assign(error, own, depth === 0 ? {} : { cause: hostileError(depth - 1) })
}

const facts = { error: 'x', errorNumbers: [], status: 400, scopes: [] }
const classes: Readonly<Record<string, (options: ErrorOptions) => MidtierError>> = {
  ConfigurationError: (options) => new ConfigurationError('option', 'x', options),
  BearerError: (options) => new BearerError({ status: 401, reason: 'x', description: 'x' }, options),
  TokenRequestError: (options) => new TokenRequestError('x', facts, options),
  InteractionRequiredError: (options) => new InteractionRequiredError('x', 'blocked', facts, options),
  AcquisitionError: (options) => new AcquisitionError('x', 'x', options),
  AuthorityUnavailableError: (options) => new AuthorityUnavailableError('x', 1, options),
  TokenStoreError: (options) => new TokenStoreError('x', options),
  DownstreamError: (options) => new DownstreamError('api', 'x', 502, 'a body', options),
}

describe('a cause that is not ours', () => {
  it.each(Object.keys(classes))('leaves no credential in a %s', (name) => {
    const text = printed(classes[name]!({ cause: hostileError() }))
    expect(text).not.toContain(jwt)
    expect(text).not.toContain(secret)
    expect(text).not.toMatch(/eyJ|8Q~/)
  })

  it('keeps what tells the fault: name, code, errno, syscall and place, and those of its causes', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:443'), {
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: '127.0.0.1',
      port: 443,
    })
    const { cause } = new DownstreamError('api', 'x', undefined, '', {
      cause: new TypeError('fetch failed', { cause: refused }),
    })
    expect(cause).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
    expect((cause as Error).cause).toMatchObject({
      name: 'Error',
      message: 'connect ECONNREFUSED 127.0.0.1:443',
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: '127.0.0.1',
      port: 443,
    })
    expect((cause as Error).stack).toContain('safe-cause.test.ts')
  })

  it('keeps where it happened, and has no cause where it had none', () => {
    const failure = new Error('x')
    failure.stack =
      'Error: x\n    at send (file:///api/send.js:1:2)\nnot a place\n    at next (file:///api/next.js:3:4)'
    const summary = summarizeCause(failure)!
    expect(summary.stack).toBe(
      'Error: x\n    at send (file:///api/send.js:1:2)\n    at next (file:///api/next.js:3:4)',
    )
    expect('cause' in summary).toBe(false)
    expect('cause' in summarizeCause(new Error('x', { cause: null }))!).toBe(false)
  })

  it('keeps the codes of several at once', () => {
    const refused = (code: string): Error => Object.assign(new Error('x'), { code })
    const cause = summarizeCause(new AggregateError([refused('ECONNREFUSED'), refused('EHOSTUNREACH')]))
    expect(cause).toMatchObject({ errors: [{ code: 'ECONNREFUSED' }, { code: 'EHOSTUNREACH' }] })
  })

  it('takes out a secret that is known, whatever it looks like', () => {
    const cause = summarizeCause(new Error('sent hunter2 and hunter2-more'), ['hunter2', 'hunter2-more'])
    expect(cause?.message).toBe('sent [redacted] and [redacted]')
    expect(cause?.stack).not.toContain('hunter2')
  })

  it.each([
    [`sent Bearer ${jwt}.`, 'sent Bearer [redacted]'],
    [`access_token=${jwt}&x=1`, 'access_token=[redacted]&x=1'],
    [`{"access_token":"${jwt}"}`, '{"access_token":"[redacted]"}'],
    [`sent ${jwt} (${jwt})`, 'sent [redacted] ([redacted])'],
    ['https://alice:hunter2@store.example/x', 'https://[redacted]@store.example/x'],
  ])('takes out a token once: %s', (text, told) => {
    expect(scrub(text)).toBe(told)
  })

  it.each([
    [['abc', 'abcdef', 'abcd']],
    [['abcdef', 'abcd', 'abc']],
    [['abcd', 'abc', 'abcdef']],
    [['', 'abcd', 'abcdef', 'abc']],
  ])('takes out whole secrets that begin alike: %j', (secrets) => {
    expect(scrub('sent abcdef, abcd and abc', secrets)).toBe('sent [redacted], [redacted] and [redacted]')
  })

  it('keeps 500 characters of a message, and 20 places of a stack', () => {
    expect(scrub('x'.repeat(500))).toBe('x'.repeat(500))
    expect(scrub('x'.repeat(501))).toBe('x'.repeat(500))
    expect(scrub(`Bearer ${'x'.repeat(900)}${'y '.repeat(200)}`)).toBe(`Bearer [redacted]${' y'.repeat(46)}`)
    const failure = new Error('x')
    failure.stack = `Error: x\n${'    at f (file:///f.js:1:2)\n'.repeat(21)}`
    expect(summarizeCause(failure)?.stack?.split('\n')).toHaveLength(21)
  })

  it('keeps four causes of causes, and four of several at once', () => {
    const chain = Array.from({ length: 7 }).reduce<Error>(
      (cause) => new Error('x', { cause }),
      new Error('the first'),
    )
    const depths: unknown[] = []
    for (let each: unknown = summarizeCause(chain); each !== undefined; each = (each as Error).cause)
      depths.push((each as Error).message)
    expect(depths).toEqual(['x', 'x', 'x', 'x', 'x'])
    const many = summarizeCause(new AggregateError(Array.from({ length: 6 }, () => new Error('one'))))
    expect((many as AggregateError).errors).toHaveLength(4)
    expect(many).toBeInstanceOf(AggregateError)
    expect(summarizeCause(new Error('x'))).not.toBeInstanceOf(AggregateError)
  })

  it('is summarized once, and a member of its own can be written', () => {
    const summary = summarizeCause(new TypeError('x'))!
    expect(summarizeCause(summary)).toBe(summary)
    expect(Object.keys(summary)).toEqual([])
    for (const name of ['name', 'stack'])
      expect(Object.getOwnPropertyDescriptor(summary, name)).toMatchObject({
        configurable: true,
        writable: true,
      })
  })

  it.each([
    [new TypeError('x'), 'TypeError'],
    [Object.assign(new Error('x'), { name: 'A.$_1' }), 'A.$_1'],
    [Object.assign(new Error('x'), { name: 'N'.repeat(64) }), 'N'.repeat(64)],
    [Object.assign(new Error('x'), { name: 'N'.repeat(65) }), 'Error'],
    [Object.assign(new Error('x'), { name: 'two words' }), 'Error'],
    [Object.assign(new Error('x'), { name: 7 }), 'Error'],
    [{}, 'Error'],
    ['text', 'string'],
    [7, 'number'],
  ])('has a name that is one: %o is %s', (thrown, name) => {
    expect(summarizeCause(thrown)?.name).toBe(name)
  })

  it('tells facts alone that look like facts', () => {
    const told = (members: object): object =>
      Object.fromEntries(Object.entries(summarizeCause(Object.assign(new Error('x'), members))!))
    const all = {
      code: 'E_X.1-a',
      errno: 'EX',
      syscall: 'connect',
      address: '[::1]:443',
      hostname: 'a.example',
      port: 443,
    }
    expect(told({ ...all, path: '/home', headers: {} })).toEqual(all)
    expect(told({ code: 7, errno: -111 })).toEqual({ code: 7, errno: -111 })
    for (const value of ['two words', '', 'x'.repeat(256), jwt, {}, true])
      for (const name of Object.keys(all)) expect(told({ [name]: value })).toEqual({})
    for (const name of ['syscall', 'address', 'hostname']) expect(told({ [name]: 7 })).toEqual({})
    for (const name of ['code', 'errno', 'syscall']) {
      expect(told({ [name]: 'x'.repeat(64) })).toEqual({ [name]: 'x'.repeat(64) })
      expect(told({ [name]: 'x'.repeat(65) })).toEqual({})
    }
    expect(told({ address: 'x'.repeat(255) })).toEqual({ address: 'x'.repeat(255) })
    expect(told({ port: '443' })).toEqual({})
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'no error at all'],
    ['a number', 7],
    ['a symbol', Symbol('x')],
    ['an object', { authorization: `Bearer ${jwt}` }],
    ['a function', () => jwt],
    [
      'members that throw',
      new Proxy(new Error('x'), {
        get: () => {
          throw new Error(jwt)
        },
      }),
    ],
    ['a cause of itself', circular()],
  ])('may be %s', (_, thrown) => {
    const error = new DownstreamError('api', 'x', undefined, '', { cause: thrown })
    expect(printed(error)).not.toContain('eyJ')
    expect(error.cause === undefined).toBe(thrown === undefined)
  })

  it('is left as it is when it is an error of this library', () => {
    const cause = new AcquisitionError('x', 'y')
    expect(new DownstreamError('api', 'x', undefined, '', { cause }).cause).toBe(cause)
  })

  it('never lets a known secret through, wherever it stands', () => {
    const text = fc.string({ maxLength: 80 })
    fc.assert(
      fc.property(text, fc.string({ minLength: 8, maxLength: 60 }), text, (before, known, after) => {
        fc.pre(!'[redacted]'.includes(known))
        expect(scrub(before + known + after, [known])).not.toContain(known)
      }),
      { seed: 1 },
    )
  })

  it.each([
    'getaddrinfo ENOTFOUND contoso-todolist-prod-westeurope-01.azurewebsites.net',
    'connect ETIMEDOUT 2603:1020:201:10::10f:443',
    'The application a0000000-0000-4000-8000-000000000002 was not found',
    'unable to get local issuer certificate',
    'clientCredential: the client secret is missing: is the variable that holds it set?',
    'clientCredential: IDENTITY_HEADER is missing: does this application have a managed identity?',
    'send an access token: an ID token cannot be exchanged',
  ])('keeps a message that holds none: %s', (message) => {
    expect(scrub(message)).toBe(message)
  })

  it.each([
    `{ clientCredential: 'hunter2' }`,
    'clientCredential: "hunter2"',
    '{"clientCredential":"hunter2"}',
    'clientCredential=hunter2',
    'clientCredential: hunter2',
    'my_credential: hunter2',
    'the secret: hunter2',
  ])('keeps nothing that is named as a secret: %s', (message) => {
    expect(scrub(message)).not.toContain('hunter2')
  })
})

function circular(): Error {
  const error = new Error('x')
  error.cause = error
  return error
}
