// `npm start` of this example, as its README shows it.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const home = new URL('../', import.meta.url)

it('prints what the README shows: whom the API saw, and the refusal of an agent that is disabled', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['start.mjs'], {
    cwd: fileURLToPath(home),
    timeout: 240_000,
  })
  const shown = /^```\n(alice .*?)^```$/ms.exec(readFileSync(new URL('README.md', home), 'utf8'))?.[1]
  expect(stdout).toBe(shown)
  expect(stderr).toBe('')
})
