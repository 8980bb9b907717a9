// Plain Node, no compiler: the package as `npm install` brings it.
import { describe, expect } from 'vitest'
import { consumer, test } from './consumer.ts'

describe('a project of plain Node', () => {
  test('imports midtier and the emulator as modules', async () => {
    const project = consumer({
      files: {
        'index.mjs': `
          import { createWebApi } from 'midtier'
          import { createEmulator } from '@midtier/emulator'
          console.log(typeof createWebApi, typeof createEmulator)
        `,
      },
    })
    expect(await project.run('node', ['index.mjs'])).toBe('function function\n')
  })
})
