// The policies as sentences: switched on and off, how often the log has each, and a new one with a preview.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { policyKinds, type Policy, type PolicyDefinition } from '../../directory/policy.ts'
import { parsePolicy } from '../../directory/policy-schema.ts'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { describePolicy, policyCodes, PolicySwitch } from '../../ui/policy-list.tsx'
import { listPolicy } from './list-policy.ts'
import { change } from '../change.ts'
import { Frame } from '../frame.tsx'
import { ChoiceField, LinesField, PostForm, PreviewedForm, RowButton, TextField } from '../parts/fields.tsx'
import { actionOf, defined, linesOf, numberOf, textOf } from '../parts/form-values.ts'
import { Finder, pageOf, type PageOf } from '../parts/paging.tsx'
import { withOwnForm, type Page } from '../portal-form.tsx'

const path = '/portal/policies'

const kindLabels = {
  require_mfa: 'a second step',
  require_registration: 'a second step that is registered first',
  block: 'that nobody gets in',
  sign_in_frequency: 'a fresh sign-in',
  require_auth_context: 'a session stepped up to a context',
} as const

/** GET /portal/policies */
export function showPolicies(c: EmulatorContext, emulation: Emulation): Page {
  return sendPage(
    c,
    <PoliciesPage emulation={emulation} form={new URLSearchParams()} page={pageOfPolicies(c, emulation)} />,
  )
}

/** POST /portal/policies: `enable`, `disable` or `remove` with an id, `do=preview`, or the fields of a new one. */
export function changePolicies(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const { policies } = emulation
    for (const [verb, act] of Object.entries(verbs)) {
      const policy = policies.find(form.get(verb) ?? '')
      if (policy === undefined) continue
      await change(emulation, `${act.label} the policy ${policy.name}`, () => act.work(emulation, policy.id))
      return c.redirect(path, 303)
    }
    if (['enable', 'disable', 'remove'].some((verb) => form.has(verb))) return c.redirect(path, 303)
    const definition = readPolicy(form)
    const policy = parsePolicy(definition, emulation.directory, 'policy')
    if (actionOf(form, ['add', 'preview']) === 'preview')
      return sendPage(
        c,
        <PoliciesPage
          emulation={emulation}
          form={form}
          page={pageOfPolicies(c, emulation)}
          preview={policy}
        />,
      )
    await change(emulation, `Added the policy ${policy.name}`, () => void policies.add(definition))
    return c.redirect(path, 303)
  })
}

const verbs: Readonly<
  Record<string, { readonly label: string; readonly work: (emulation: Emulation, id: string) => void }>
> = {
  enable: { label: 'Switched on', work: ({ policies }, id) => void policies.enable(id) },
  disable: { label: 'Switched off', work: ({ policies }, id) => void policies.disable(id) },
  remove: { label: 'Removed', work: ({ policies }, id) => void policies.remove(id) },
}

// What it may not have is named where all policies are checked.
function readPolicy(form: URLSearchParams): PolicyDefinition {
  const agents = linesOf(form, 'agents')
  return defined({
    name: textOf(form, 'name'),
    kind: (form.get('kind') ?? 'require_mfa') as PolicyDefinition['kind'],
    resource: textOf(form, 'resource'),
    users: linesOf(form, 'users'),
    agents: agents?.length === 1 && agents[0] === 'all' ? ('all' as const) : agents,
    tenant: textOf(form, 'tenant'),
    authContext: textOf(form, 'authContext'),
    maxAgeSeconds: numberOf(form, 'maxAgeSeconds'),
  })
}

function pageOfPolicies(c: EmulatorContext, { policies, directory }: Emulation): PageOf<Policy> {
  return pageOf(
    c,
    policies.list(),
    (policy) => `${policy.name} ${describePolicy(listPolicy(policy, directory))}`,
  )
}

function PoliciesPage(props: {
  readonly emulation: Emulation
  readonly form: URLSearchParams
  readonly page: PageOf<Policy>
  readonly preview?: Policy
}): JSX.Element {
  const { emulation, form, page, preview } = props
  const policies = page.items
  return (
    <Frame title="Policies" section="policies">
      <div class="page-heading">
        <h1>Policies</h1>
        <p class="muted">Conditional Access, for every request from now on.</p>
      </div>
      <Finder page={page} path={path} what="policies" />
      {policies.length === 0 && <p class="rows rows-empty muted">None.</p>}
      <PostForm action={path} class="plain" label="Policies">
        <ul class={policies.length === 0 ? 'no-rows' : 'rows'}>
          {policies.map((policy, index) => (
            <PolicyRow policy={policy} index={index} emulation={emulation} />
          ))}
        </ul>
      </PostForm>
      <section aria-labelledby="new-title">
        <h2 id="new-title">Add a policy</h2>
        {preview !== undefined && (
          <p class="notice notice-advice" role="status">
            {describePolicy(listPolicy(preview, emulation.directory))}. {policyCodes[preview.kind]} without
            it.
          </p>
        )}
        <PreviewedForm action={path} label="Add a policy">
          <PolicyFields form={form} />
        </PreviewedForm>
      </section>
    </Frame>
  )
}

function PolicyRow(props: {
  readonly policy: Policy
  readonly index: number
  readonly emulation: Emulation
}): JSX.Element {
  const { policy, index, emulation } = props
  const { id, name, kind, enabled } = policy
  const row = `policy-${String(index)}`
  const matched = emulation.requests.list().filter(({ policies = [] }) => policies.includes(name)).length
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title" id={`${row}-name`}>
          {name}
        </span>
        <span class="muted" id={`${row}-detail`}>
          {describePolicy(listPolicy(policy, emulation.directory))}{' '}
          <span class="code">{policyCodes[kind]}</span> · stood in the way of {matched}{' '}
          {matched === 1 ? 'request' : 'requests'} of the log
        </span>
      </div>
      <span class="row-controls">
        <RowButton name="remove" value={id} label="Remove" of={name} />
        <PolicySwitch id={id} enabled={enabled} row={row} />
      </span>
    </li>
  )
}

function PolicyFields({ form }: { readonly form: URLSearchParams }): JSX.Element {
  const value = (name: string): string => form.get(name) ?? ''
  return (
    <div class="fields fields-dense">
      <ChoiceField
        name="kind"
        label="Demand"
        choices={policyKinds.map((kind) => ({ value: kind, label: kindLabels[kind] }))}
        value={form.get('kind') ?? 'require_mfa'}
      />
      <TextField
        name="resource"
        label="For the API"
        hint="Name, id or URI; empty: all."
        value={value('resource')}
      />
      <LinesField
        name="users"
        label="Of the users"
        hint="One a line; empty: everyone."
        rows={2}
        value={value('users')}
      />
      <LinesField
        name="agents"
        label="Through the agents"
        hint="One a line, or all; empty: whoever acts."
        rows={2}
        value={value('agents')}
      />
      <TextField
        name="tenant"
        label="In the tenant"
        hint="Id or domain; empty: every one."
        value={value('tenant')}
      />
      <TextField
        name="authContext"
        label="Authentication context"
        hint="c1 to c99"
        value={value('authContext')}
      />
      <TextField name="maxAgeSeconds" label="Sign-in no older than seconds" value={value('maxAgeSeconds')} />
      <TextField name="name" label="Name" hint="Empty: made from the rest." value={value('name')} />
    </div>
  )
}
