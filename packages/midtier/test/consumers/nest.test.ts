// The quick start for Nest with Nest 12, which is published as modules: on Express and on Fastify, as modules and by require.
import { describe, expect } from 'vitest'
import { test } from './consumer.ts'
import { answersOf, expectedAnswers } from './quick-start.ts'
import { documented } from './sources.ts'

const dependencies = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  '@types/node': '20.19.43',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  typescript: '5.9.3',
}

const onExpress = documented('docs/frameworks/nest.md', 'Quick start')
const onFastify = `import { FastifyAdapter } from '@nestjs/platform-fastify'\n${onExpress.replace(
  'create(AppModule)',
  'create(AppModule, new FastifyAdapter())',
)}`
const asCommonJs = onFastify.replace(
  /^const app = [\s\S]*$/m,
  (start) => `void (async () => {\n${start}})()\n`,
)

describe('Nest 12', () => {
  test('runs the quick start', async () => {
    expect(await answersOf(onExpress, { dependencies })).toBe(expectedAnswers)
  })

  test('runs it on Fastify, as CommonJS, with the types of parameters written by the compiler', async () => {
    const compilerOptions = { emitDecoratorMetadata: true }
    expect(await answersOf(asCommonJs, { dependencies, compilerOptions, type: 'commonjs' })).toBe(
      expectedAnswers,
    )
  })
})
