// docs/first-call.md as it is printed: what it installs, its one file, what that prints; and what the page says of three mistakes.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { printedPage } from './printed-page.ts'

const block = printedPage('docs/first-call.md')
const program = block('js', '// first-call\\.mjs\\n')
const dependencies = { express: '5.3.0' }

describe('docs/first-call.md', () => {
  const project = consumer({ dependencies, files: { 'first-call.mjs': program } })

  test('installs what the file imports, and nothing else', () => {
    const [, names = ''] = /^npm install (.*)$/m.exec(block('sh', 'mkdir')) ?? []
    expect(names.split(' ')).toEqual(['midtier', '@midtier/emulator', ...Object.keys(dependencies)])
  })

  test('prints what the page shows', async () => {
    const [command = '', ...args] = block('sh', 'node').trim().split(' ')
    expect(await project.run(command, args)).toBe(block('text'))
  })

  test('leaves the emulator, the downstream API and a token to an API of another process', async () => {
    const [before = ''] = program.split('// 3. ')
    const functions = program.slice(program.indexOf('function mint('))
    const rest = `process.exit()\n${functions}`
    const files = { 'emulator.mjs': [before, block('js', '// 3\\. '), rest].join('\n') }
    const said = await consumer({ dependencies, files }).run('node', ['emulator.mjs'])
    expect(said).toMatch(/instance: 'http:\/\/localhost:\d+'/)
    expect(said).toMatch(/baseUrl: 'http:\/\/127\.0\.0\.1:\d+\/'/)
    expect(said).toMatch(/^curl -i -H 'authorization: Bearer \w+\.\w+\.[\w-]+' http/m)
  })

  const mistakes = [
    {
      what: 'consent not given',
      is: `{ tenantId, clientId: orders.clientId, resourceId: stock.clientId, scopes: ['Stock.Read'] },`,
      becomes: '',
      answer: /^Alice: 403 consent_required/,
      log: /^midtier: a consent link was given out without a page to return to.*consentRedirectUri/,
    },
    {
      what: 'the secret is wrong',
      is: 'clientSecret(orders.secret)',
      becomes: `clientSecret('another one')`,
      answer: /^Alice: 500 /,
      log: /AADSTS7000215.*Remedy: create a new client secret/,
    },
    {
      what: 'an API that asks Entra',
      is: '...authority,\n  clientId: orders.clientId',
      becomes: 'tenantId,\n  clientId: orders.clientId',
      answer: /^Alice: 401 issuer/,
      log: /a token was refused \(issuer\).*Remedy, if your own clients are refused: compare tenantId and instance/,
    },
  ]

  test.for(mistakes)('answers as the page says: $what', async ({ is, becomes, answer, log }) => {
    expect(program).toContain(is)
    // The mistake shows at the first call: the others are not made.
    const files = {
      'first-call.mjs': program.replace(is, becomes).replace('\n// 5. ', '\nprocess.exit()\n// '),
    }
    const { stdout, stderr } = await consumer({ dependencies, files }).attempt('node', ['first-call.mjs'])
    expect(stdout).toMatch(answer)
    expect(stderr).toMatch(log)
  })
})
