// docs/quick-start.md as it is printed: what it installs, its one file, and what that prints.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { printedPage } from './printed-page.ts'

const block = printedPage('docs/quick-start.md')
const dependencies = { express: '5.3.0' }

describe('docs/quick-start.md', () => {
  test('installs what the file imports, and nothing else', () => {
    const [, names = ''] = /^npm install (.*)$/m.exec(block('sh', 'mkdir')) ?? []
    expect(names.split(' ')).toEqual(['midtier', '@midtier/emulator', ...Object.keys(dependencies)])
  })

  test('prints what the page shows', async () => {
    const files = { 'quick-start.mjs': block('js', '// quick-start\\.mjs\\n') }
    const [command = '', ...args] = block('sh', 'node').trim().split(' ')
    expect(await consumer({ dependencies, files }).run(command, args)).toBe(block('text'))
  })
})
