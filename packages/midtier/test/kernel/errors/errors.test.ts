import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as errors from '../../../src/kernel/errors/errors.ts'

const classes = Object.keys(errors)
const source = (name: string): string =>
  readFileSync(new URL(`../../../src/kernel/errors/${name}.ts`, import.meta.url), 'utf8')

/** As a bundler writes it: compiled, in one file, and every class under a short name. */
async function minified(): Promise<Record<string, new (...parts: unknown[]) => Error>> {
  const text = ['marks', 'safe-cause', 'errors']
    .map(source)
    .join('\n')
    .replace(/^import .*$/gm, '')
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } })
  const short = classes.reduce(
    (code, name, index) => code.replace(new RegExp(`(?<!['\\w])${name}(?!['\\w])`, 'g'), `c${index}`),
    outputText,
  )
  return (await import(`data:text/javascript,${encodeURIComponent(short)}`)) as Awaited<
    ReturnType<typeof minified>
  >
}

describe('the errors', () => {
  it('keep their names when a bundler shortens those of classes', async () => {
    const short = await minified()
    const names = Object.entries(short)
      .filter(([name]) => /^c\d+$/.test(name) && name !== `c${classes.indexOf('MidtierError')}`)
      .map(([, Short]) => [Short.name, new Short('message', 'message', {}).name])
    expect(names.length).toBe(classes.length - 1)
    const expected = classes.filter((name) => name !== 'MidtierError').map((name) => [name, name])
    expect(names.sort()).toEqual(expected.sort())
  })
  it('are about an outage that nobody was told of, where nothing else is said', () => {
    expect(new errors.AuthorityUnavailableError('no answer', 5)).toMatchObject({
      retryAfterSeconds: 5,
      retryAfterTold: false,
      throttled: false,
      reason: 'unavailable',
      remedy: undefined,
    })
  })

  it('are about a mistake of the owner, where nobody says whose turn it is', () => {
    const facts = { error: 'invalid_grant', errorNumbers: [], status: 400, scopes: [] }
    expect(new errors.TokenRequestError('refused', facts).reason).toBe('misconfigured')
    expect(new errors.TokenRequestError('refused', facts, { reason: 'sign_in_required' }).reason).toBe(
      'sign_in_required',
    )
  })
})
