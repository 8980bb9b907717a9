// `npm start` of this example, as its README shows it.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const home = new URL('../', import.meta.url)
const transcript = (text: string): string[] =>
  [...text.matchAll(/^(?:server|alice|client|clock) .*$/gm)].map(([line]) =>
    line.replaceAll(/:\d+\//g, ':0/'),
  )

it('prints what the README shows: the sign-in, the step-up and the sign-in when the token is over', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['start.mjs'], {
    cwd: fileURLToPath(home),
    timeout: 240_000,
  })
  const shown = transcript(readFileSync(new URL('README.md', home), 'utf8'))
  expect(shown).toHaveLength(8)
  expect(transcript(stdout)).toEqual(shown)
})
