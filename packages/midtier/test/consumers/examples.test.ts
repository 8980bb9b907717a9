// Every small example, copied out of the repository into one fresh project: `npm start` prints what its page shows, and ends by itself.
import { describe, expect } from 'vitest'
import { listSmallExamples, printedBy } from '../../../../scripts/test/small-examples.ts'
import { consumer, test } from './consumer.ts'

const examples = listSmallExamples()
const packed = new Set(['midtier', '@midtier/emulator'])
const dependencies = Object.fromEntries(
  examples.flatMap((example) => Object.entries(example.dependencies).filter(([name]) => !packed.has(name))),
)

describe('an example that was copied out', () => {
  test.for(examples.map((example) => [example.name, example] as const))(
    'prints what its page shows: %s',
    async ([, example]) => {
      const { code, stdout, stderr } = await consumer({ dependencies, files: example.files }).attempt('npm', [
        'start',
        '--silent',
      ])
      expect(stdout, stderr).toBe(printedBy(example))
      expect(code, stderr).toBe(0)
    },
  )
})
