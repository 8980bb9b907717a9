// `npm run trace`: drives the to-do example by a click, and keeps the picture of its trace for the documentation.
import { copyFileSync } from 'node:fs'
import { findServices } from './services.mjs'
import { root, run, setUp } from './set-up.mjs'

await setUp()
const { env } = await findServices()
const suite = 'examples/todolist/test/browser/trace.test.ts'
const { code } = await run(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--root', root, '--project', 'todolist', suite],
  { env: { ...process.env, ...env } },
)
if (code === 0)
  for (const look of ['light', 'dark']) {
    const picture = `trace-todolist-${look}.png`
    copyFileSync(
      new URL(`../artifacts/${picture}`, import.meta.url),
      new URL(`../docs/images/${picture}`, import.meta.url),
    )
  }
process.exitCode = code
