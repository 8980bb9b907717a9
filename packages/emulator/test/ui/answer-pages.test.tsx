// The pages that carry an answer: which names they post, and to where.
import { describe, expect, it } from 'vitest'
import { AccountPickerPage } from '../../src/ui/account-picker-page.tsx'
import { ConsentPage } from '../../src/ui/consent-page.tsx'
import type { ConsentPageProps } from '../../src/ui/consent-page.tsx'
import { ErrorPage } from '../../src/ui/error-page.tsx'
import { FormPostPage } from '../../src/ui/form-post-page.tsx'
import { SignedOutPage } from '../../src/ui/signed-out-page.tsx'
import { elementsNamed, elementsOf, formsOf, render } from './markup.ts'

const carried = { request: 'sealed' }

describe('the account picker', () => {
  const account = {
    id: 'oid.tid',
    username: 'alice@contoso.com',
    displayName: 'Alice',
    tenantName: 'Contoso',
  }

  it('posts the id of the account, or other', async () => {
    const page = (
      <AccountPickerPage
        appName="To Do"
        accounts={[account]}
        action="/pick"
        fields={{ ...carried, account: 'x' }}
      />
    )
    const [{ form, controls }] = formsOf(await render(page)) as [ReturnType<typeof formsOf>[number]]
    expect(form.attributes).toMatchObject({ method: 'post', action: '/pick' })
    expect(controls.map(({ attributes: { name, value } }) => [name, value])).toEqual([
      ['request', 'sealed'],
      ['account', 'oid.tid'],
      ['account', 'other'],
    ])
  })

  it('opens on the first account, or on the other one when there is none', async () => {
    const focusOf = async (accounts: readonly (typeof account)[]): Promise<string | undefined> => {
      const markup = await render(
        <AccountPickerPage appName="To Do" accounts={accounts} action="/pick" fields={{}} />,
      )
      return elementsOf(markup).find(({ attributes }) => 'autofocus' in attributes)?.attributes['value']
    }
    expect(await focusOf([account])).toBe('oid.tid')
    expect(await focusOf([])).toBe('other')
  })
})

describe('the consent page', () => {
  const permissions = [
    { name: 'User.Read', resource: 'Microsoft Graph', description: 'Read your profile' },
    { name: 'Tasks.ReadWrite', resource: 'To Do API', description: 'Change your tasks' },
    { name: 'Mail.Read', resource: 'Microsoft Graph', description: 'Read your mail' },
  ]
  const props: ConsentPageProps = {
    appName: 'To Do',
    username: 'alice@contoso.com',
    permissions,
    action: '/consent',
    fields: { ...carried, consent: 'accept', organization: 'on' },
    canConsentForOrganization: true,
  }

  it('posts consent=accept or decline and, when ticked, organization=on', async () => {
    const [{ form, controls }] = formsOf(await render(<ConsentPage {...props} />)) as [
      ReturnType<typeof formsOf>[number],
    ]
    expect(form.attributes).toMatchObject({ method: 'post', action: '/consent' })
    expect(controls.map(({ tag, attributes: { name, value } }) => [tag, name, value])).toEqual([
      ['input', 'request', 'sealed'],
      ['input', 'organization', 'on'],
      ['button', 'consent', 'accept'],
      ['button', 'consent', 'decline'],
    ])
  })

  it('leaves the organization unticked', async () => {
    const checkbox = elementsNamed(await render(<ConsentPage {...props} />), 'input').at(-1)
    expect(checkbox?.attributes['type']).toBe('checkbox')
    expect(checkbox?.attributes).not.toHaveProperty('checked')
  })

  it('does not offer the organization to somebody who cannot answer for it', async () => {
    expect(await render(<ConsentPage {...props} canConsentForOrganization={false} />)).not.toContain(
      'organization',
    )
  })

  it('does not open on Accept, where a stray Enter would grant the permissions', async () => {
    const markup = await render(<ConsentPage {...props} />)
    expect(elementsOf(markup).find(({ attributes }) => 'autofocus' in attributes)?.tag).toBe('h1')
  })

  it('shows every permission under its resource', async () => {
    const markup = await render(<ConsentPage {...props} />)
    for (const { name, description } of permissions)
      expect(markup).toMatch(new RegExp(`${name}.*${description}`))
    expect(markup.match(/<h2>[^<]*/g)).toEqual(['<h2>Microsoft Graph', '<h2>To Do API'])
  })

  it('says for whom it asks: the user, or everyone in a tenant with the user to answer', async () => {
    const own = await render(<ConsentPage {...props} />)
    expect(own).toContain('asks for these permissions as <strong>alice@contoso.com</strong>')
    const all = await render(<ConsentPage {...props} organizationName="Contoso" />)
    expect(all).toContain('for everyone, answered by <strong>alice@contoso.com</strong>')
    expect(all).toContain('<strong>Contoso</strong>')
    expect(own).not.toContain('Contoso</strong>')
  })

  it('says when the publisher is not known', async () => {
    expect(await render(<ConsentPage {...props} />)).toContain('Publisher not stated')
  })
})

describe('the form-post page', () => {
  it('posts every field to the redirect URI, with a button for those without script', async () => {
    const markup = await render(
      <FormPostPage action="https://app.example/cb" fields={{ code: 'c', state: 's' }} />,
    )
    const [{ form, controls }] = formsOf(markup) as [ReturnType<typeof formsOf>[number]]
    expect(form.attributes).toMatchObject({
      method: 'post',
      action: 'https://app.example/cb',
      id: 'form-post',
    })
    expect(controls.map(({ attributes: { name, value } }) => [name, value])).toEqual([
      ['code', 'c'],
      ['state', 's'],
    ])
    expect(elementsNamed(markup, 'button').map(({ attributes }) => attributes['type'])).toEqual(['submit'])
    expect(elementsNamed(markup, 'script')).toHaveLength(1)
  })

  it('refuses a redirect URI that would run as script', () => {
    expect(() => FormPostPage({ action: 'javascript:alert(1)', fields: { code: 'c' } })).toThrow(TypeError)
  })
})

describe('the signed-out page', () => {
  it('links back to the application', async () => {
    const page = <SignedOutPage username="alice@contoso.com" continueUrl="http://localhost:3000/" />
    expect(await render(page)).toContain('href="http://localhost:3000/"')
  })

  it('says that the window can be closed when there is no safe way back', async () => {
    const markup = await render(<SignedOutPage continueUrl="data:text/html,x" />)
    expect(markup).not.toContain('data:text')
    expect(markup).toContain('You can close this window.')
  })
})

describe('the error page', () => {
  it('shows code, message, advice and the identifiers', async () => {
    const props = { title: 'No', code: 'AADSTS50011', message: 'Wrong address.', advice: 'Register it.' }
    const markup = await render(
      <ErrorPage {...props} correlationId="c-1" traceId="t-1" timestamp="2026-01-01 00:00:00Z" />,
    )
    for (const text of [...Object.values(props), 'c-1', 't-1', '2026-01-01 00:00:00Z'])
      expect(markup).toContain(text)
  })

  it('leaves out what it was not told', async () => {
    const markup = await render(<ErrorPage title="No" message="Wrong address." />)
    expect(markup).not.toContain('What to do')
    expect(markup).not.toContain('<dl')
    expect(markup).not.toContain('undefined')
  })
})
