// Plain Node, no compiler: the packages as `npm install` brings them, by `import`, by `require`, and by both at once.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { chainAnswers, source } from './sources.ts'

// Where Node must not load modules by `require`, what is left is the CommonJS build: the one that jest and older tools get.
const commonJsBuild = { NODE_OPTIONS: '--no-experimental-require-module' }

const project = consumer({
  dependencies: { '@opentelemetry/api': '1.9.1', express: '5.3.0' },
  files: {
    'chain.mjs': source('ask-chain', 'module'),
    'chain.cjs': source('ask-chain', 'commonjs'),
    'module.mjs': `import { askChain } from './chain.mjs'\nconsole.log(JSON.stringify(await askChain()))`,
    'commonjs.cjs': `require('./chain.cjs').askChain().then((answers) => console.log(JSON.stringify(answers)))`,
    'both.cjs': `
      // NestJS's decorators are values, so that its adapter needs the framework.
      const without = ['./package.json', './nest']
      const subpaths = Object.keys(require('midtier/package.json').exports).filter((path) => !without.includes(path))
      const names = [...subpaths.map((path) => path.replace('.', 'midtier')), '@midtier/emulator', '@midtier/emulator/testing']
      const isSame = async (name) => {
        const [required, imported] = [require(name), await import(name)]
        return Object.keys(imported).every((key) => key === 'default' || required[key] === imported[key])
      }
      const different = async () => {
        const all = await Promise.all(names.map(async (name) => [name, await isSame(name)]))
        return all.filter(([, same]) => !same).map(([name]) => name)
      }
      different().then((found) => console.log(JSON.stringify({ names, found })))
    `,
  },
})

describe('a project of plain Node', () => {
  test('imports midtier and the emulator', async () => {
    expect(JSON.parse(await project.run('node', ['module.mjs']))).toEqual(chainAnswers)
  })

  test('requires midtier and the emulator', async () => {
    expect(JSON.parse(await project.run('node', ['commonjs.cjs']))).toEqual(chainAnswers)
  })

  test('requires the CommonJS build where modules cannot be required', async () => {
    expect(JSON.parse(await project.run('node', ['commonjs.cjs'], commonJsBuild))).toEqual(chainAnswers)
  })

  test('has one instance of everything, required or imported', async () => {
    const { names, found } = JSON.parse(await project.run('node', ['both.cjs'])) as Record<string, string[]>
    expect(names).toContain('midtier/express')
    expect(found).toEqual([])
  })
})
