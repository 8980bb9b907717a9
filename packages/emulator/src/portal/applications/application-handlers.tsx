// The addresses of the tabs of an app registration.
import type { Directory } from '../../directory/directory.ts'
import type { Application } from '../../directory/model.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { change } from '../change.ts'
import { editDirectory } from '../parts/edit-directory.ts'
import { checkTenant } from '../parts/mentioned.ts'
import { actionOf, textOf } from '../parts/form-values.ts'
import { checkSeen } from '../parts/seen.ts'
import { goBack, sendMissing, withOwnForm, type Page } from '../portal-form.tsx'
import { find, recordRoutes, replaceIn } from '../records/record-handlers.tsx'
import { ApiTab } from './api-tab.tsx'
import { applicationKind } from './application-kind.ts'
import { ClaimsTab } from './claims-tab.tsx'
import { PermissionsTab } from './permissions-tab.tsx'
import { PreviewTab } from './preview-tab.tsx'
import {
  changeApi,
  changeAuthentication,
  changeClaims,
  changePermissions,
  changeSecrets,
  type TabChange,
} from './tab-actions.ts'
import { AuthenticationTab, SecretsTab } from './tab-pages.tsx'
import { tabPath, Tabs, type Tab } from './tabs.tsx'
import { previewToken } from './token-preview.ts'

type Handler = (c: EmulatorContext, emulation: Emulation) => Page
type Show = (c: EmulatorContext, application: Application, emulation: Emulation) => Page
type Change = (application: Application, form: URLSearchParams, directory: Directory) => TabChange

const one = `${applicationKind.path}/:id`

/** The list, the overview and the tabs. */
export const applicationRoutes: readonly (readonly [methods: string, path: string, handler: Handler])[] = [
  ...recordRoutes(applicationKind, { above: (application) => <Tabs application={application} tab="" /> }),
  [
    'GET',
    `${one}/authentication`,
    show((c, application) => sendPage(c, <AuthenticationTab application={application} />)),
  ],
  ['POST', `${one}/authentication`, save('authentication', changeAuthentication)],
  [
    'GET',
    `${one}/secrets`,
    show((c, application) => sendPage(c, <SecretsTab application={application} isRevealed={false} />)),
  ],
  ['POST', `${one}/secrets`, saveSecrets],
  [
    'GET',
    `${one}/api`,
    show((c, application, { directory }) =>
      sendPage(c, <ApiTab application={application} directory={directory} />),
    ),
  ],
  ['GET', `${one}/claims`, show((c, application) => sendPage(c, <ClaimsTab application={application} />))],
  ['POST', `${one}/claims`, save('claims', changeClaims)],
  ['POST', `${one}/api`, save('api', changeApi)],
  [
    'GET',
    `${one}/permissions`,
    show((c, application, { directory }) =>
      sendPage(c, <PermissionsTab application={application} directory={directory} />),
    ),
  ],
  ['POST', `${one}/permissions`, savePermissions],
  ['GET', `${one}/preview`, show(showPreview)],
]

function show(page: Show): Handler {
  return (c, emulation) => {
    const application = find(c, emulation, applicationKind)
    return application === undefined ? sendMissing(c, 'applications') : page(c, application, emulation)
  }
}

function save(tab: Tab, changed: Change): Handler {
  return (c, emulation) =>
    withOwnForm(c, emulation, async (form) => {
      const application = find(c, emulation, applicationKind)
      if (application === undefined) return sendMissing(c, 'applications')
      checkSeen(form, application)
      await apply(emulation, changed(application, form, emulation.directory))
      return goBack(c, form, tabPath(application, tab))
    })
}

async function apply(emulation: Emulation, { label, application }: TabChange): Promise<void> {
  await editDirectory(emulation, `${label} ${application.displayName}`, (data) =>
    replaceIn(applicationKind, data, application),
  )
}

// Secrets are shown in the answer to a form alone, and a new one once, as it is added.
function saveSecrets(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const application = find(c, emulation, applicationKind)
    if (application === undefined) return sendMissing(c, 'applications')
    const action = actionOf(form, ['reveal', 'add-secret', 'add-certificate'])
    if (action !== 'reveal') checkSeen(form, application)
    if (action !== 'reveal') await apply(emulation, changeSecrets(application, form))
    const isRevealed = action === 'reveal' || action === 'add-secret'
    if (!isRevealed) return c.redirect(tabPath(application, 'secrets'), 303)
    const now = find(c, emulation, applicationKind) ?? application
    return sendPage(c, <SecretsTab application={now} isRevealed />)
  })
}

function savePermissions(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const application = find(c, emulation, applicationKind)
    if (application === undefined) return sendMissing(c, 'applications')
    if (actionOf(form, ['add', 'consent']) === 'consent')
      await consentForAll(emulation, application, textOf(form, 'tenantId') ?? '')
    else {
      checkSeen(form, application)
      await apply(emulation, changePermissions(application, form))
    }
    return c.redirect(tabPath(application, 'permissions'), 303)
  })
}

function consentForAll(emulation: Emulation, application: Application, tenantId: string): Promise<void> {
  const { directory } = emulation
  checkTenant(directory, tenantId, 'consent.tenantId')
  return change(emulation, `Granted everything that ${application.displayName} lists`, async () => {
    for (const { resourceId, scopes = [], roles = [] } of application.requiredResourceAccess ?? []) {
      if (scopes.length > 0)
        await directory.consents.grant({ tenantId, clientId: application.id, resourceId, scopes })
      for (const role of roles)
        directory.assignRole({ tenantId, principalId: application.id, resourceId, role })
    }
  })
}

async function showPreview(
  c: EmulatorContext,
  application: Application,
  emulation: Emulation,
): Promise<Response> {
  const user = (c.req.query('user') ?? '').trim().slice(0, 300)
  const scope = (c.req.query('scope') ?? '').trim().slice(0, 2000)
  const question = { application, user: user === '' ? undefined : user, scope }
  const preview = scope === '' ? undefined : await previewToken(emulation, question)
  return sendPage(c, <PreviewTab application={application} user={user} scope={scope} preview={preview} />)
}
