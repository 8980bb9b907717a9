// The diagrams of docs/images are what `npm run diagrams` draws, and every page that shows one says in words what it shows.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface Diagram {
  readonly name: string
}

interface Drawings {
  readonly diagrams: readonly Diagram[]
  readonly picturesOf: (diagram: Diagram) => readonly { readonly name: string; readonly svg: string }[]
  readonly markupOf: (diagram: Diagram, folder: string) => string
}

const { diagrams, picturesOf, markupOf } = (await import(
  new URL('../diagrams/diagrams.mjs', import.meta.url).href
)) as Drawings
const docs = fileURLToPath(new URL('../../docs', import.meta.url))
const pictures = diagrams.flatMap(picturesOf)
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'))

describe.each(diagrams.map((diagram) => [diagram.name, diagram] as const))(
  'the diagram %s',
  (name, diagram) => {
    it.each(picturesOf(diagram).map((each) => [each.name, each.svg] as const))(
      'is drawn as it is described, in a few kilobytes: %s; `npm run diagrams` renews it',
      (file, svg) => {
        expect(readFileSync(`${docs}/images/${file}`, 'utf8')).toBe(svg)
        expect(svg.length).toBeLessThan(15_000)
      },
    )

    it('stands on a page, for wide and narrow screens, light and dark, with its own words beside it', () => {
      const shown = pages.filter((path) =>
        readFileSync(`${docs}/${path}`, 'utf8').includes(`${name}-light.svg`),
      )
      expect(shown.length).toBeGreaterThan(0)
      for (const path of shown) {
        const folder = relative(dirname(`${docs}/${path}`), `${docs}/images`)
        expect(readFileSync(`${docs}/${path}`, 'utf8')).toContain(markupOf(diagram, folder))
      }
    })
  },
)

it('no other drawing lies beside them', () => {
  const there = readdirSync(`${docs}/images`).filter((name) => name.endsWith('.svg'))
  expect(there.sort()).toEqual(pictures.map(({ name }) => name).sort())
})
