// Every page is what was written down, element by element: a change of one is seen in its file.
// `npx vitest run --project emulator packages/emulator/test/ui/written -u` writes them anew.
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { expectWritten } from '../../written.ts'
import { render } from '../markup.ts'
import { writtenPages } from './pages.tsx'

it.each(Object.entries(writtenPages))('%s', async (name, cases) => {
  const parts = await Promise.all(
    Object.entries(cases).map(async ([title, page]) => `<!-- ${title} -->\n${await render(page())}`),
  )
  expect(parts).not.toEqual([])
  await expectWritten(parts.join('\n'), fileURLToPath(new URL(`${name}.html`, import.meta.url)))
})
