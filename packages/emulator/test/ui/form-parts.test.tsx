// The parts that forms share: whom an avatar stands for, and how a user name is told.
import { describe, expect, it } from 'vitest'
import { AccountButton, Avatar, HiddenFields, Username } from '../../src/ui/form-parts.tsx'
import { elementsOf, render } from './markup.ts'

const textOf = (markup: string): string => markup.replaceAll(/<[^>]*>/g, '')

describe('an avatar', () => {
  it.each([
    ['Alice Adams', 'AA'],
    ['Dora', 'D'],
    ['ana maria de sá', 'AS'],
    ['  Bob   Brown ', 'BB'],
    ['😀 face', '😀F'],
    [' ', ''],
  ])('of %j has the initials %j', async (displayName, initials) => {
    const markup = await render(<Avatar displayName={displayName} />)
    expect(textOf(markup)).toBe(initials)
    expect(elementsOf(markup)[0]?.attributes['aria-hidden']).toBe('true')
  })

  it.each([
    ['Alice Adams', 5],
    ['Bob Brown', 4],
    ['Carol Chen', 0],
    ['Contoso Assistant', 0],
    ['Zoë', 1],
  ])('of %j has the tint that the name has on every page and in every version', async (displayName, tint) => {
    const [avatar] = elementsOf(await render(<Avatar displayName={displayName} />))
    expect(avatar?.attributes['class']).toBe(`avatar tint-${String(tint)}`)
  })

  it('has one of six tints, always the same for a name', async () => {
    const tintOf = async (displayName: string): Promise<string | undefined> =>
      elementsOf(await render(<Avatar displayName={displayName} />))[0]?.attributes['class']
    const names = Array.from({ length: 60 }, (_, index) => `Person ${String(index)}`)
    const tints = await Promise.all(names.map(tintOf))
    expect(await Promise.all(names.map(tintOf))).toEqual(tints)
    expect([...new Set(tints)].sort()).toEqual(
      [0, 1, 2, 3, 4, 5].map((tint) => `avatar tint-${String(tint)}`),
    )
  })
})

describe('a user name', () => {
  it('may break before its domain, and names the tenant when that tells more', async () => {
    const plain = await render(<Username username="a@b@contoso.com" />)
    expect(plain).toBe('a@b<wbr/>@contoso.com')
    expect(await render(<Username username="alice" />)).toBe('<wbr/>alice')
    const told = await render(<Username username="a@contoso.com" tenantName="Contoso" />)
    expect(told).toBe('a<wbr/>@contoso.com <span class="tenant">Contoso</span>')
  })
})

describe('an account on a button', () => {
  const account = { name: 'account', value: 'id', displayName: 'Alice Adams', detail: 'at Contoso' }

  it('posts its value, and tells who it is', async () => {
    const markup = await render(<AccountButton {...account} />)
    const { tag, attributes } = elementsOf(markup)[0]!
    expect(tag).toBe('button')
    expect(attributes).toMatchObject({ type: 'submit', name: 'account', value: 'id' })
    expect(attributes).not.toHaveProperty('autofocus')
    expect(textOf(markup)).toBe('AAAlice Adamsat Contoso')
  })

  it('may have the focus, and an icon in place of the initials', async () => {
    const markup = await render(<AccountButton {...account} icon="+" autofocus />)
    expect(elementsOf(markup)[0]?.attributes).toHaveProperty('autofocus')
    expect(textOf(markup)).toBe('+Alice Adamsat Contoso')
  })
})

describe('hidden fields', () => {
  it('carry everything but what the page posts itself', async () => {
    const fields = { request: 'sealed', username: 'mallory', other: '1' }
    const markup = await render(<HiddenFields fields={fields} except={['username']} />)
    expect(elementsOf(markup).map(({ attributes }) => attributes)).toEqual([
      { type: 'hidden', name: 'request', value: 'sealed' },
      { type: 'hidden', name: 'other', value: '1' },
    ])
  })
})
