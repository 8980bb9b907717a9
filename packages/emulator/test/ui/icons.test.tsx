// The line icons: each is a drawing of its own, which assistive technology skips.
import { expect, it } from 'vitest'
import { Icon } from '../../src/ui/icons.tsx'
import { elementsOf, render } from './markup.ts'

const names = ['alert', 'arrow', 'check', 'copy', 'plus', 'shield'] as const

it.each(names)('%s is drawn by a path, and decoration', async (name) => {
  const [drawing, path] = elementsOf(await render(<Icon name={name} />))
  expect(drawing).toMatchObject({ tag: 'svg', attributes: { class: 'icon', 'aria-hidden': 'true' } })
  expect(path?.tag).toBe('path')
  expect(path?.attributes['d']).toMatch(/^m/i)
})

it('are drawn differently', async () => {
  const drawings = await Promise.all(names.map((name) => render(<Icon name={name} />)))
  expect(new Set(drawings).size).toBe(names.length)
})
