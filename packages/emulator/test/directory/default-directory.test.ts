// The ready-made directory, member by member: people write its names and ids into their own tests, so none changes by accident.
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { defaultDirectory } from '../../src/index.ts'

it('is what people know by heart', async () => {
  const known = await readFile(new URL('default-directory.json', import.meta.url), 'utf8')
  expect(defaultDirectory).toEqual(JSON.parse(known))
})
