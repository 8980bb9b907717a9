// What makes a suite red on somebody else's machine: fixed ports, chance without a seed, and limits that a busy machine reaches.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = [
  'packages/midtier/test',
  'packages/emulator/test',
  'packages/sidecar/test',
  'examples/todolist/test',
]

const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.includes('node_modules'))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
)

/** Lines that match, by file and number. */
function linesWith(pattern: RegExp): readonly string[] {
  return sources.flatMap(({ name, text }) =>
    text
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1} ${line.trim()}`] : [])),
  )
}

describe('no test', () => {
  it('listens on a fixed port', () => {
    expect(linesWith(/^[^'"`]*\.listen\(\s*(\{\s*port:\s*)?[1-9]/)).toEqual([])
    expect(linesWith(/\bconst \w*port = [1-9]/i)).toEqual([])
  })

  it('takes numbers from chance without a seed', () => {
    expect(linesWith(/Math\.random\(/)).toEqual([])
  })

  it('has a time limit of its own below a minute: the one of all tests only ends what hangs', () => {
    expect(linesWith(/^\s*\}, (\d{4,5}|\d{1,2}_\d{3})\)$/)).toEqual([])
    expect(linesWith(/(describe|it)\(.*\{ timeout: \d/)).toEqual([])
  })
})
