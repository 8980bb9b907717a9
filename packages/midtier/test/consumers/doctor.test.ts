// `midtier doctor` with a module that does more than it should: the command says so, and ends with the exit code that is documented.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'

const options =
  "export default { tenantId: 'contoso.onmicrosoft.com', clientId: 'a0000000-0000-4000-8000-000000000002', instance: 'http://127.0.0.1:1' }"

const files = {
  'package.json': '{ "private": true, "type": "module" }',
  // Half a minute in an instant.
  'hasty.js':
    'const { setTimeout: wait } = globalThis; globalThis.setTimeout = (work, ms, ...more) => wait(work, ms / 1000, ...more)',
  'sound.js': options,
  'endless.js': `await new Promise(() => undefined)\n${options}`,
  'busy-and-endless.js': `setInterval(() => undefined, 1000)\nawait new Promise(() => undefined)\n${options}`,
  'thenable.js': `export function then() {}\n${options}`,
  'exits.js': `process.exit(0)\n${options}`,
  'exits-later.js': `setImmediate(() => process.exit(0))\n${options}`,
  'throws-later.js': `setImmediate(() => { throw new TypeError('password=Hunter2') })\n${options}`,
  'rejects-later.js': `void Promise.reject(Object.assign(new Error('redis://:Hunter2@cache'), { code: 'ECONNREFUSED' }))\n${options}`,
  'throws-a-text.js': `throw 'Hunter2'\n${options}`,
  'silent-credential.js': options.replace(
    'instance',
    "clientCredential: { kind: 'own', addTo() {}, describe: () => new Promise(() => undefined) }, instance",
  ),
}

const made = consumer({ files })

describe('midtier doctor', () => {
  test.each([
    ['sound.js', 1, 'authority'],
    ['silent-credential.js', 1, 'credential is silent for 180 seconds'],
    ['endless.js', 2, 'is still loading after 30 seconds'],
    ['busy-and-endless.js', 2, 'is still loading after 30 seconds'],
    ['thenable.js', 2, 'is still loading after 30 seconds'],
    ['exits.js', 2, 'what was loaded ended the process, before the command was done'],
    ['exits-later.js', 2, 'what was loaded ended the process, before the command was done'],
    ['throws-later.js', 4, 'what was loaded fails beside the command (TypeError)'],
    ['rejects-later.js', 4, 'what was loaded fails beside the command (Error (ECONNREFUSED))'],
    ['throws-a-text.js', 2, 'what it throws is no Error (string)'],
  ])('given %s ends with %i', async (module, code, says) => {
    const told = await made.attempt('node', [
      ...['--import', './hasty.js', '../node_modules/midtier/dist/esm/midtier.js'],
      ...['doctor', `./${module}`],
    ])
    const text = (told.stdout + told.stderr).replace(/\s+/g, ' ')
    expect([told.code, text]).toEqual([code, expect.stringContaining(says)])
    expect(text).not.toContain('Hunter2')
  })
})
