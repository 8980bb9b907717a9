// A bundle that comes to the package both ways, by `import` in one file and by `require` in another, holds it once.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'
import { express5 } from './dependencies.ts'

const project = consumer({
  dependencies: express5,
  files: {
    'index.mjs': `
      import { createWebApi, ConfigurationError } from 'midtier'
      import { protect } from 'midtier/express'
      import other from './other.cjs'
      try {
        createWebApi({ tenantId: 'contoso.com', clientId: 'nobody' })
      } catch (error) {
        console.log(error instanceof other.ConfigurationError, other.protect === protect, error.code)
      }
    `,
    'other.cjs': `
      module.exports = { ConfigurationError: require('midtier').ConfigurationError, protect: require('midtier/express').protect }
    `,
  },
})

describe('a bundle', () => {
  test.for([
    ['esbuild', ['--bundle', '--platform=node', '--format=esm', '--outfile=esbuild.mjs', 'index.mjs']],
    ['rolldown', ['--platform', 'node', '--format', 'esm', '--file', 'rolldown.mjs', 'index.mjs']],
  ] as const)('of %s holds midtier once', async ([bundler, args]) => {
    await project.run(bundler, args)
    expect(await project.run('node', [`${bundler}.mjs`])).toBe('true true configuration_invalid\n')
  })
})
