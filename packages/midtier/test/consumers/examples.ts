// Small examples, each copied out of the repository into one fresh project: `npm start` prints what its page shows, and ends by itself.
import { describe, expect } from 'vitest'
import { listSmallExamples, printedBy } from '../../../../scripts/test/small-examples.ts'
import { consumer, test } from './consumer.ts'
import type { Environment } from './process.ts'

/** What an example needs beside packages, by the package that talks to it: those have suites of their own, which a machine without it skips. */
const services = { ioredis: 'redis', pg: 'postgres' } as const

const packed = new Set(['midtier', '@midtier/emulator'])
const all = listSmallExamples().map((example) => ({ ...example, service: serviceOf(example.dependencies) }))
const dependencies = Object.fromEntries(
  all.flatMap((example) => Object.entries(example.dependencies).filter(([name]) => !packed.has(name))),
)

type Service = (typeof services)[keyof typeof services]

/** Runs the examples that need this service, or none. @param env The variables that say where it is, once tests run. */
export function runExamples(service?: Service, env: () => Environment = () => ({})): void {
  const examples = all.filter((example) => example.service === service)
  describe('an example that was copied out', () => {
    test.for(examples.map((example) => [example.name, example] as const))(
      'prints what its page shows: %s',
      async ([, example]) => {
        const project = consumer({ dependencies, files: example.files })
        const { code, stdout, stderr } = await project.attempt('npm', ['start', '--silent'], env())
        expect(stdout, stderr).toBe(printedBy(example))
        expect(code, stderr).toBe(0)
      },
    )
  })
}

function serviceOf(names: Readonly<Record<string, string>>): Service | undefined {
  return Object.entries(services).find(([name]) => name in names)?.[1]
}
