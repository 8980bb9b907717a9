// What holds for every page: nothing handed in becomes markup, nothing is inline, and everything has a name.
import { describe, expect, it } from 'vitest'
import { assetsPath, readAsset } from '../../src/ui/assets.ts'
import { attack, pagesUnderAttack } from './all-pages.tsx'
import { elementsNamed, elementsOf, render } from './markup.ts'

describe.each(pagesUnderAttack)('the %s page', (_name, page) => {
  it('never turns a property into markup', async () => {
    const markup = await render(page())
    expect(markup).not.toContain('<script>')
    expect(markup).not.toContain('<img')
    expect(markup).not.toContain(attack)
    expect(markup).toContain('&lt;script&gt;')
  })

  it('holds no inline style, script or handler, so that the policy lets all of it through', async () => {
    const markup = await render(page())
    expect(markup).not.toMatch(/<style/)
    expect(markup).not.toMatch(/<script(?![^>]* src=")[^>]*>/)
    expect(markup).not.toMatch(/<script[^>]*>[^<]/)
    const attributes = elementsOf(markup).flatMap((element) => Object.keys(element.attributes))
    expect(attributes.filter((name) => name === 'style' || name.startsWith('on'))).toEqual([])
  })

  it('loads assets of its own origin only, and each of them exists', async () => {
    const loaded = elementsOf(await render(page())).flatMap(({ tag, attributes }) =>
      tag === 'script' ? [attributes['src']] : tag === 'link' ? [attributes['href']] : [],
    )
    expect(loaded).toContain(`${assetsPath}style.css`)
    for (const url of loaded) {
      expect(url?.startsWith(assetsPath)).toBe(true)
      expect(readAsset(url?.slice(assetsPath.length) ?? '')).toBeDefined()
    }
  })

  it('is one narrow column, but for the home page and the portal, and has the mark of the emulator', async () => {
    const elements = elementsOf(await render(page()))
    const [body] = elements.filter(({ tag }) => tag === 'body')
    const isPortal = _name === 'home' || _name.startsWith('sign-in log')
    expect(body?.attributes['class']).toBe(isPortal ? 'portal' : 'card')
    expect(elements.filter(({ attributes }) => attributes['class'] === 'tier tier-middle')).toHaveLength(1)
    const icons = elements.filter(({ attributes }) => attributes['class'] === 'icon')
    expect(elements.filter(({ tag }) => tag === 'path')).toHaveLength(icons.length)
  })

  it('says in words that it is a local emulator and not Entra ID', async () => {
    const markup = await render(page())
    expect(markup).toContain('Local emulator')
    expect(markup).toContain('not Microsoft Entra ID')
  })

  it('is a titled document with one heading, one main landmark and a way past the masthead', async () => {
    const markup = await render(page())
    expect(markup.startsWith('<!doctype html><html lang="en">')).toBe(true)
    expect(markup).toMatch(/<title>.+ · midtier emulator<\/title>/)
    expect(elementsNamed(markup, 'h1')).toHaveLength(1)
    expect(elementsNamed(markup, 'main')).toHaveLength(1)
    expect(elementsNamed(markup, 'a')[0]?.attributes['href']).toBe('#main')
  })

  it('labels every input that can be seen', async () => {
    const markup = await render(page())
    const labelled = elementsNamed(markup, 'label').map(({ attributes }) => attributes['for'])
    const visible = elementsNamed(markup, 'input').filter(({ attributes }) => attributes['type'] !== 'hidden')
    for (const { attributes } of visible) expect(labelled).toContain(attributes['id'])
  })

  it('gives no id twice, and names only ids that exist', async () => {
    const elements = elementsOf(await render(page()))
    const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const named = elements.flatMap(({ attributes }) => [
      ...(attributes['aria-labelledby'] ?? '').split(' '),
      ...(attributes['aria-describedby'] ?? '').split(' '),
      ...(attributes['for'] ?? '').split(' '),
    ])
    expect(ids).toEqual(expect.arrayContaining(named.filter((id) => id !== '')))
  })

  it('opens with the focus in one place at most', async () => {
    const focused = elementsOf(await render(page())).filter(({ attributes }) => 'autofocus' in attributes)
    expect(focused.length).toBeLessThanOrEqual(1)
  })
})
