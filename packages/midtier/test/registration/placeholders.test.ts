// Marks in a text stand for expressions of the language that is written; no text of the file is taken for one.
import { expect, it } from 'vitest'
import { Placeholders } from '../../src/registration/write/placeholders.ts'
import { ids } from '../behaviour/scenario.ts'

const create = (displayName: string): Placeholders =>
  new Placeholders({ tenantId: ids.contoso, applications: { api: { displayName } } })
const render = (placeholders: Placeholders, text: string): string =>
  placeholders.render(
    text,
    (part) => `[${part}]`,
    (expression) => `<${expression}>`,
  )

it('is the expression where a text is nothing else', () => {
  const placeholders = create('API')
  const [one, two] = [placeholders.for('one'), placeholders.for('two')]
  expect(placeholders.for('one')).toBe(one)
  expect([one, two].map((text) => placeholders.whole(text))).toEqual(['one', 'two'])
  for (const text of ['', 'one', `${one}.`, `api://${one}`, one + two])
    expect(placeholders.whole(text), text).toBeUndefined()
})

it('is rendered in its place', () => {
  const placeholders = create('API')
  const [one, two] = [placeholders.for('one'), placeholders.for('two')]
  expect(render(placeholders, `api://${one}/${two}>`)).toBe('[api://]<one>[/]<two>[>]')
  expect(render(placeholders, 'none')).toBe('[none]')
})

it('is none that the file holds already', () => {
  const first = create('API').for('one')
  const second = create(`It says ${first}`)
  expect(second.for('one')).not.toBe(first)
  expect(render(second, `${first} ${second.for('one')}`)).toBe(`[${first} ]<one>[]`)
})
