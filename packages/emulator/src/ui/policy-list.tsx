// The policies on the home page: what each one demands, and the switch that turns it on for the next request.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { PolicyKind } from '../directory/policy.ts'
import { HiddenFields } from './form-parts.tsx'

/** A policy as the home page lists it. */
export interface ListedPolicy {
  readonly id: string
  readonly name: string
  readonly kind: PolicyKind
  readonly enabled: boolean
  /** Display name of the API, or `All APIs`. */
  readonly resourceName: string
  /** User principal names; absent: everyone. */
  readonly users?: readonly string[] | undefined
  /** Names of the agents that it is about, or `all`; default: whoever acts. */
  readonly agents?: 'all' | readonly string[] | undefined
  readonly authContext?: string | undefined
  readonly maxAgeSeconds?: number | undefined
}

/** Where the forms of the home page post, and what they carry along. */
export interface HomeForm {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
}

/** The code that each kind answers with. */
export const policyCodes: Readonly<Record<PolicyKind, string>> = {
  require_mfa: 'AADSTS50076',
  require_registration: 'AADSTS50079',
  block: 'AADSTS53003',
  sign_in_frequency: 'AADSTS70043',
  require_auth_context: 'AADSTS50076',
}

/** Posts `enable` or `disable` with the policy's id. The asset `policies.js` does the same without leaving the page. */
export function PolicyList(props: {
  readonly policies: readonly ListedPolicy[]
  readonly form: HomeForm
}): JSX.Element {
  const { policies, form } = props
  return (
    <section id="policies" aria-labelledby="policies-title">
      <div class="section-heading">
        <h2 id="policies-title">Policies</h2>
        <p class="muted">Conditional Access, for every request from now on.</p>
      </div>
      {policies.length === 0 ? (
        <p class="rows rows-empty muted">
          The directory has no policies. Programs add them: <code>POST /_emulator/policies</code>
        </p>
      ) : (
        <form method="post" action={form.action}>
          <HiddenFields fields={form.fields} except={['enable', 'disable', 'revoke']} />
          <ul class="rows">
            {policies.map((policy, index) => (
              <PolicyRow policy={policy} index={index} />
            ))}
          </ul>
        </form>
      )}
    </section>
  )
}

function PolicyRow(props: { readonly policy: ListedPolicy; readonly index: number }): JSX.Element {
  const { policy, index } = props
  const { id, name, kind, enabled } = policy
  const row = `policy-${String(index)}`
  return (
    <li class="row" id={row}>
      <div class="row-main">
        <span class="row-title" id={`${row}-name`}>
          {name}
        </span>
        <span class="muted" id={`${row}-detail`}>
          {describePolicy(policy)} <span class="code">{policyCodes[kind]}</span>
        </span>
      </div>
      <PolicySwitch id={id} enabled={enabled} row={row} />
    </li>
  )
}

/** Switches a policy on or off; its name and its sentence are `{row}-name` and `{row}-detail`. */
export function PolicySwitch(props: {
  readonly id: string
  readonly enabled: boolean
  readonly row: string
}): JSX.Element {
  const { id, enabled, row } = props
  return (
    <button
      class="switch"
      type="submit"
      role="switch"
      name={enabled ? 'disable' : 'enable'}
      value={id}
      aria-checked={enabled ? 'true' : 'false'}
      aria-labelledby={`${row}-name`}
      aria-describedby={`${row}-detail`}
    ></button>
  )
}

/** The sentence of a policy: whom, for what, and what is demanded. */
export function describePolicy({ users, agents, resourceName, ...policy }: ListedPolicy): string {
  const whom = users === undefined ? 'Everyone' : users.join(', ')
  const actors = agents === undefined ? '' : ` through ${agents === 'all' ? 'agents' : agents.join(', ')}`
  return `${whom}${actors}, ${resourceName}: ${demandOf(policy)}`
}

function demandOf({
  kind,
  authContext,
  maxAgeSeconds,
}: Omit<ListedPolicy, 'users' | 'agents' | 'resourceName'>): string {
  const when = authContext === undefined ? '' : ` when ${authContext} is asked for`
  switch (kind) {
    case 'require_mfa':
      return `a second step${when}`
    case 'require_registration':
      return `a second step that is registered first${when}`
    case 'block':
      return `no way in${when}`
    case 'sign_in_frequency':
      return `a sign-in within ${duration(maxAgeSeconds ?? 0)}${when}`
    case 'require_auth_context':
      return `a session stepped up to ${authContext ?? 'a context'}`
  }
}

const units = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const

// In the largest unit that divides it: an hour, 90 minutes, 61 seconds.
function duration(seconds: number): string {
  const [size, unit] = units.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'second']
  const count = seconds / size
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`
}
