// The quick start of every framework's page, as it stands there: at most twenty lines for it, compiled, and run against the emulator.
import { readdirSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { test } from './consumer.ts'
import { answersOf, expectedAnswers } from './quick-start.ts'
import { documented } from './sources.ts'

const dependencies = {
  '@hono/node-server': '2.1.8',
  '@koa/router': '15.7.0',
  '@nestjs/common': '11.2.8',
  '@nestjs/core': '11.2.8',
  '@nestjs/platform-express': '11.2.8',
  '@types/express': '5.0.6',
  '@types/koa': '3.0.3',
  '@types/node': '20.19.43',
  express: '5.3.0',
  fastify: '5.12.8',
  hono: '4.13.19',
  koa: '3.3.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  typescript: '5.9.3',
}

const pages = readdirSync(new URL('../../../../docs/frameworks/', import.meta.url))
describe.each(pages)('docs/frameworks/%s', (page) => {
  const quickStart = documented(`docs/frameworks/${page}`, 'Quick start')

  test('is two imports and at most twenty lines beside the API itself', () => {
    const [api = ''] = /^const api = [\s\S]*?^\}\)\n/m.exec(quickStart) ?? []
    const lines = quickStart
      .replace(api, '')
      .split('\n')
      .filter((line) => line !== '')
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(quickStart.match(/from 'midtier/g)).toHaveLength(2)
  })

  test('answers Alice, and refuses who brings no token', async () => {
    expect(await answersOf(quickStart, { dependencies })).toBe(expectedAnswers)
  })
})
