// vitest, which runs test files as modules and leaves what is installed to Node: a protected route of a user, tested against the emulator.
import { describe } from 'vitest'
import { consumer, test } from './consumer.ts'
import { testRunners as dependencies } from './dependencies.ts'
import { chainAnswers, source } from './sources.ts'

describe('vitest', () => {
  test('runs a protected route against the emulator, in a project of modules', async () => {
    const project = consumer({
      dependencies,
      files: {
        'package.json': '{ "private": true, "type": "module" }',
        'ask-chain.ts': source('ask-chain', 'typescript'),
        'chain.test.ts': `
          import { expect, test } from 'vitest'
          import { askChain } from './ask-chain'
          test('the chain answers', async () => expect(await askChain()).toEqual(${JSON.stringify(chainAnswers)}), 300_000)
        `,
      },
    })
    await project.run('vitest', ['run'])
  })
})
