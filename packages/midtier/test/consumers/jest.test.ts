// jest, which resolves `require`, cannot load modules, and gives every test file globals of its own: what is thrown by Node itself is
// no `instanceof Error` there.
import { describe } from 'vitest'
import { consumer, test } from './consumer.ts'
import { patientJest, testRunners as dependencies } from './dependencies.ts'
import { chainAnswers, source } from './sources.ts'

const expected = JSON.stringify(chainAnswers)

describe('jest', () => {
  test('loads both packages with its defaults, in JavaScript', async () => {
    const project = consumer({
      dependencies,
      files: {
        'ask-chain.js': source('ask-chain', 'commonjs'),
        'chain.test.js': `
          const { askChain } = require('./ask-chain')
          test('the chain answers', async () => expect(await askChain()).toEqual(${expected}))
        `,
      },
    })
    await project.run('jest', patientJest)
  })

  // What Node throws or promises is of another realm than the test file: `instanceof Error` and `instanceof Promise` say no.
  test('knows the errors and promises of Node for what they are', async () => {
    const project = consumer({
      dependencies,
      files: {
        'realms.test.js': `
          const { mkdtemp, rm } = require('node:fs/promises')
          const { tmpdir } = require('node:os')
          const { join } = require('node:path')
          const { createEmulator } = require('@midtier/emulator')
          const { createWebApi, findClaimsChallenge, parseChallenges } = require('midtier')
          test('the emulator begins a state directory, and refuses what it did not seal', async () => {
            const stateDirectory = await mkdtemp(join(tmpdir(), 'midtier-state-'))
            const emulator = await createEmulator({ stateDirectory })
            const answer = await fetch(emulator.origin + '/contoso.com/oauth2/v2.0/token', {
              method: 'POST',
              body: new URLSearchParams({
                grant_type: 'refresh_token',
                client_id: 'a0000000-0000-4000-8000-000000000004',
                client_secret: 'daemon-secret-for-local-use-only',
                refresh_token: 'A'.repeat(200),
              }),
            })
            expect(answer.status).toBe(400)
            await emulator.stop()
            await rm(stateDirectory, { recursive: true })
          })
          test('the own check of an API may promise what Node promises', async () => {
            const emulator = await createEmulator()
            const api = createWebApi({
              tenantId: 'contoso.onmicrosoft.com',
              clientId: 'a0000000-0000-4000-8000-000000000002',
              instance: emulator.origin,
              requirements: { check: () => fetch(emulator.origin).then((answer) => answer.ok) },
            })
            const token = await emulator.mint({
              user: 'alice@contoso.onmicrosoft.com',
              client: 'a0000000-0000-4000-8000-000000000001',
              audience: 'a0000000-0000-4000-8000-000000000002',
              scopes: ['access_as_user'],
            })
            const { principal } = await api.authenticate({ header: (name) => (name === 'authorization' ? 'Bearer ' + token : undefined) })
            expect(principal.scopes).toEqual(['access_as_user'])
            await api.close()
            await emulator.stop()
          })
          test('claims that are no text are no claims', () => {
            const headers = new Headers({ 'www-authenticate': 'Bearer error="insufficient_claims", claims="//79"' })
            expect(findClaimsChallenge(parseChallenges(headers))).toBeUndefined()
          })
        `,
      },
    })
    await project.run('jest', patientJest)
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
          test('the chain answers', async () => expect(await askChain()).toEqual(${expected}))
        `,
      },
    })
    await project.run('jest', patientJest)
  })
})
