// The sign-in page: what it posts, whom it suggests, and where the focus opens.
import { describe, expect, it } from 'vitest'
import { SignInPage } from '../../src/ui/sign-in-page.tsx'
import type { SignInPageProps } from '../../src/ui/sign-in-page.tsx'
import { elementsNamed, elementsOf, formsOf, render } from './markup.ts'

const alice = { username: 'alice@contoso.com', displayName: 'Alice Adams' }
const bob = { username: 'bob@contoso.com', displayName: 'Bob Brown' }

function signInPage(props: Partial<SignInPageProps> = {}): Promise<string> {
  const page = {
    appName: 'To Do',
    action: '/sign-in',
    fields: { request: 'sealed' },
    suggestions: [alice, bob],
  }
  return render(<SignInPage {...page} {...props} />)
}

async function focusOf(props: Partial<SignInPageProps>): Promise<string | undefined> {
  const focused = elementsOf(await signInPage(props)).find(({ attributes }) => 'autofocus' in attributes)
  return focused?.attributes['id'] ?? focused?.attributes['value']
}

describe('the sign-in page', () => {
  it('posts user name, password and the carried fields', async () => {
    const { form, controls } = formsOf(await signInPage()).at(-1)!
    expect(form.attributes).toMatchObject({ method: 'post', action: '/sign-in' })
    expect(controls.map(({ attributes }) => attributes['name'])).toEqual(['request', 'username', 'password'])
    expect(controls[0]?.attributes).toMatchObject({ type: 'hidden', value: 'sealed' })
    expect(controls[2]?.attributes['type']).toBe('password')
  })

  it('posts a suggestion as user name with suggested=on and no password', async () => {
    const { form, controls } = formsOf(await signInPage())[0]!
    expect(form.attributes).toMatchObject({ method: 'post', action: '/sign-in' })
    expect(controls.map(({ attributes: { name, value, type } }) => [name, value, type])).toEqual([
      ['request', 'sealed', 'hidden'],
      ['suggested', 'on', 'hidden'],
      ['username', 'alice@contoso.com', 'submit'],
      ['username', 'bob@contoso.com', 'submit'],
    ])
  })

  it('lets no carried field speak for the user', async () => {
    const fields = { suggested: 'on', username: 'mallory', password: 'x', request: 'sealed' }
    const [suggestions, password] = formsOf(await signInPage({ fields }))
    expect(password?.controls.map(({ attributes }) => attributes['name'])).toEqual([
      'request',
      'username',
      'password',
    ])
    expect(suggestions?.controls.some(({ attributes }) => attributes['value'] === 'mallory')).toBe(false)
  })

  it('has one form only when nobody is suggested', async () => {
    expect(formsOf(await signInPage({ suggestions: [] }))).toHaveLength(1)
  })

  it('opens on the first suggestion, so that Enter signs in', async () => {
    expect(await focusOf({})).toBe('alice@contoso.com')
  })

  it('puts the hinted user first, whatever the case of the hint and the blanks around it', async () => {
    expect(await focusOf({ loginHint: ' bob@contoso.com ' })).toBe('bob@contoso.com')
    expect(await focusOf({ loginHint: 'BOB@contoso.com' })).toBe('bob@contoso.com')
  })

  it('opens on the password when the hinted user is not suggested', async () => {
    const props = { loginHint: 'carol@contoso.com' }
    expect(await focusOf(props)).toBe('password')
    const username = elementsNamed(await signInPage(props), 'input').find(
      ({ attributes }) => attributes['id'] === 'username',
    )
    expect(username?.attributes['value']).toBe('carol@contoso.com')
  })

  it('opens on the user name when there is nobody to suggest', async () => {
    expect(await focusOf({ suggestions: [] })).toBe('username')
  })

  it('announces an error, ties it to the fields and opens on the one to mend', async () => {
    const props = { error: 'Wrong password.', loginHint: 'alice@contoso.com' }
    const markup = await signInPage(props)
    expect(
      elementsOf(markup).find(({ attributes }) => attributes['role'] === 'alert')?.attributes['id'],
    ).toBe('sign-in-error')
    const described = elementsOf(markup).filter(
      ({ attributes }) => attributes['aria-describedby'] === 'sign-in-error',
    )
    expect(described.map(({ attributes }) => attributes['id'])).toEqual(['username', 'password'])
    expect(await focusOf(props)).toBe('password')
  })

  it('lists a bounded number of suggestions', async () => {
    const suggestions = Array.from({ length: 500 }, (_, index) => ({
      ...alice,
      username: `user${index}@contoso.com`,
    }))
    expect(elementsNamed(await signInPage({ suggestions }), 'li')).toHaveLength(50)
  })

  it('offers Cancel only when it leads somewhere that a browser merely navigates to', async () => {
    expect(await signInPage({ cancelUrl: 'https://app.example/' })).toContain('href="https://app.example/"')
    expect(await signInPage()).not.toContain('Cancel')
    expect(await signInPage({ cancelUrl: 'javascript:alert(1)' })).not.toContain('Cancel')
  })
})
