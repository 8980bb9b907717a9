// The consents: who granted what to whom, taken back and given by a press.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Directory } from '../directory/directory.ts'
import type { Consent } from '../directory/model.ts'
import { parseConsent } from '../directory/schema.ts'
import type { Emulation } from '../endpoints/emulation.ts'
import { sendPage } from '../endpoints/page.tsx'
import type { EmulatorContext } from '../http/exchange.ts'
import { EmulatorOptionsError } from '../kernel/errors.ts'
import { apiChoices } from './applications/permissions-tab.tsx'
import { change } from './change.ts'
import { Frame } from './frame.tsx'
import { ChoiceField, LinesField, PostForm, RowButton, TextField } from './parts/fields.tsx'
import { checkTenant, findClient } from './parts/mentioned.ts'
import { defined, linesOf, textOf } from './parts/form-values.ts'
import { Finder, pageOf, type PageOf } from './parts/paging.tsx'
import { withOwnForm, type Page } from './portal-form.tsx'
import { tenantChoices } from './records/kinds.ts'

const path = '/portal/consents'

/** GET /portal/consents */
export function showConsents(c: EmulatorContext, { directory }: Emulation): Page {
  const page = pageOf(c, directory.consents.list(), (consent) => sentence(consent, directory))
  return sendPage(c, <ConsentsPage page={page} directory={directory} />)
}

/** POST /portal/consents: `revoke`, the consent as JSON, or the fields of a new one. */
export function changeConsents(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const { directory } = emulation
    const revoked = form.get('revoke')
    if (revoked === null) {
      const consent = readConsent(form, directory)
      await change(emulation, `Consented: ${sentence(consent, directory)}`, () =>
        directory.consents.grant(consent),
      )
    } else {
      const gone = directory.consents.list().find((consent) => keyOf(consent) === revoked)
      if (gone !== undefined)
        await change(emulation, `Took back: ${sentence(gone, directory)}`, async () => {
          const { seeded, given, revoked: earlier } = directory.consents.snapshot()
          const isKept = (consent: Consent): boolean => keyOf(consent) !== revoked
          await directory.consents.restore({
            seeded: seeded.filter(isKept),
            given: given.filter(isKept),
            revoked: earlier,
          })
        })
    }
    return c.redirect(path, 303)
  })
}

function readConsent(form: URLSearchParams, directory: Directory): Consent {
  const name = textOf(form, 'user')
  const user = name === undefined ? undefined : directory.findUser(name)
  if (name !== undefined && user === undefined)
    throw new EmulatorOptionsError('consent.user', `the directory has no user ${name}`)
  const client = textOf(form, 'client') ?? ''
  const clientId = findClient(directory, client, 'consent.client')
  const [tenantId, resourceId] = [textOf(form, 'tenantId'), textOf(form, 'resourceId')]
  const scopes = linesOf(form, 'scopes')
  if (scopes === undefined) throw new EmulatorOptionsError('consent.scopes', 'name the scopes')
  const consent = parseConsent(defined({ tenantId, clientId, resourceId, scopes, userId: user?.id }))
  if (typeof consent === 'string') throw new EmulatorOptionsError('consent', consent)
  checkTenant(directory, consent.tenantId, 'consent.tenantId')
  if (directory.findApplication(consent.resourceId) === undefined)
    throw new EmulatorOptionsError('consent.resourceId', `${consent.resourceId} is not in the directory`)
  return consent
}

function keyOf({ tenantId, clientId, resourceId, userId = '' }: Consent): string {
  return [tenantId, clientId, resourceId, userId].join(' ')
}

function sentence({ tenantId, clientId, resourceId, userId, scopes }: Consent, directory: Directory): string {
  const nameOf = (id: string): string => directory.findApplication(id)?.displayName ?? id
  const who = userId === undefined ? 'everyone' : (directory.findUser(userId)?.displayName ?? userId)
  const tenant = directory.findTenant(tenantId)?.displayName ?? tenantId
  return `${nameOf(clientId)} may use ${scopes.join(', ')} of ${nameOf(resourceId)} for ${who} in ${tenant}`
}

function ConsentsPage(props: { readonly page: PageOf<Consent>; readonly directory: Directory }): JSX.Element {
  const { page, directory } = props
  return (
    <Frame title="Consents" section="consents">
      <div class="page-heading">
        <h1>Consents</h1>
        <p class="muted">Delegated permissions that hold, by people and by administrators.</p>
      </div>
      <Finder page={page} path={path} what="consents" />
      <PostForm action={path} class="plain" label="Consents">
        <ul class={page.items.length === 0 ? 'no-rows' : 'rows'}>
          {page.items.map((consent) => (
            <li class="row">
              <div class="row-main">{sentence(consent, directory)}</div>
              <RowButton
                name="revoke"
                value={keyOf(consent)}
                label="Take back"
                of={sentence(consent, directory)}
              />
            </li>
          ))}
        </ul>
      </PostForm>
      <details class="add">
        <summary>Add a consent</summary>
        <PostForm action={path} label="Add a consent">
          <div class="fields">
            <ChoiceField name="tenantId" label="In the tenant" choices={tenantChoices(directory)} />
            <TextField name="client" label="The client" hint="Its name or id." required />
            <ChoiceField name="resourceId" label="May use this API" choices={apiChoices(directory)} />
            <LinesField name="scopes" label="With these scopes" hint="One a line." rows={2} />
            <TextField
              name="user"
              label="For the user"
              hint="Empty: an administrator consents for everyone."
            />
          </div>
          <button class="primary small" type="submit">
            Add
          </button>
        </PostForm>
      </details>
    </Frame>
  )
}
