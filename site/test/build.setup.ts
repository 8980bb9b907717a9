// Once per run: the site, built as `npm run docs:build` builds it.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))

export default async function setUp(): Promise<void> {
  const run = promisify(execFile)
  for (const args of [
    ['site/write-api-pages.mjs'],
    ['node_modules/vitepress/bin/vitepress.js', 'build', 'site'],
  ])
    await run(process.execPath, args, { cwd: root, maxBuffer: 10_000_000 })
}
