// What several files of this suite install, said once: projects with the same dependencies share one install.
import { midtierTarball } from './consumer.ts'
import type { Dependencies } from './install.ts'

const around = {
  '@types/node': '20.19.43',
  'node-mocks-http': '1.18.1',
  'serverless-http': '4.0.0',
  typescript: '5.9.3',
}

const express4: Dependencies = { ...around, '@types/express': '4.17.25', express: '4.22.3' }

/** With bundlers, and a second copy as a workspace or another dependency brings it. */
export const express5: Dependencies = {
  ...around,
  '@types/express': '5.0.6',
  esbuild: '0.28.2',
  express: '5.3.0',
  rolldown: '1.2.19',
  'second-midtier': midtierTarball(),
  webpack: '5.113.0',
}

/** For cases that hold for both. */
export const expressVersions = [
  { name: 'Express 4', dependencies: express4 },
  { name: 'Express 5', dependencies: express5 },
] as const

/** How jest runs a consumer's tests: its five seconds for a test would measure how busy the machine is. */
export const patientJest: readonly string[] = ['--ci', '--testTimeout=600000']

/** What users test with. */
export const testRunners: Dependencies = {
  '@playwright/test': '1.64.1',
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  express: '5.3.0',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  typescript: '5.9.3',
  vitest: '4.1.12',
}

/** The frameworks that have a page each in docs/frameworks. */
export const frameworks: Dependencies = {
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
