// jest, which resolves `require`, cannot load modules, and gives every test file globals of its own: what is thrown by Node itself is
// no `instanceof Error` there.
import { describe } from 'vitest'
import { consumer, test } from './consumer.ts'
import { chainAnswers, source } from './sources.ts'

const expected = JSON.stringify(chainAnswers)
const dependencies = {
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  express: '5.3.0',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
}

describe('jest', () => {
  test('loads both packages with its defaults, in JavaScript', async () => {
    const project = consumer({
      dependencies,
      files: {
        'ask-chain.js': source('ask-chain', 'commonjs'),
        'chain.test.js': `
          const { askChain } = require('./ask-chain')
          test('the chain answers', async () => expect(await askChain()).toEqual(${expected}), 60_000)
        `,
      },
    })
    await project.run('jest', ['--ci'])
  })

  test('loads both packages through the preset of ts-jest', async () => {
    const project = consumer({
      dependencies,
      files: {
        'jest.config.js': `module.exports = { preset: 'ts-jest' }`,
        'tsconfig.json': JSON.stringify({
          compilerOptions: { module: 'commonjs', target: 'es2022', strict: true, esModuleInterop: true },
        }),
        'ask-chain.ts': source('ask-chain', 'typescript'),
        'chain.test.ts': `
          import { askChain } from './ask-chain'
          test('the chain answers', async () => expect(await askChain()).toEqual(${expected}), 60_000)
        `,
      },
    })
    await project.run('jest', ['--ci'])
  })
})
