// The portal of the emulator and the page of the to-do example draw with the same module. The example holds a copy of it, so that it
// can be read and taken along as a whole; what is changed in one place is changed in both.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

it.each([
  ['packages/emulator/src/ui/drawing/sequence.ts', 'examples/todolist/client/page/drawing/sequence.ts'],
  ['packages/emulator/assets/drawing.css', 'examples/todolist/client/static/drawing.css'],
])('%s is the same as %s', (one, other) => {
  expect(read(other)).toBe(read(one))
})
