// docs/clients.md says what the cells say. `npm run clients` writes it anew.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { clients } from './all/all.ts'
import { flowNames } from './flows.ts'
import { renderPage } from './page.ts'

const path = fileURLToPath(new URL('../../../../docs/clients.md', import.meta.url))

it('is the table of the cells', async () => {
  const config = await resolveConfig(path)
  await expect(await format(renderPage(clients), { ...config, filepath: path })).toMatchFileSnapshot(path)
})

it('has a row for every client, and a mark for every flow', async () => {
  const page = await readFile(path, 'utf8')
  const marks = [...page.matchAll(/^\|[^|\n]+\|((?: +(?:✓(?: \d+)?|–) +\|)+)$/gm)].map(
    ([, cells = '']) => cells.match(/✓|–/g)?.length,
  )
  expect(marks).toEqual(clients.map(() => flowNames.length))
  expect(clients.length).toBeGreaterThanOrEqual(12)
})
