// The fields of a new fault, in the order of its sentence.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ChoiceField, TextField } from '../parts/fields.tsx'
import { effects } from './read-fault.ts'

const endpoints = [
  { value: '', label: 'All requests' },
  { value: 'token', label: 'Token requests' },
  { value: 'authorize', label: 'Authorization requests' },
  { value: 'interaction', label: 'Forms of the sign-in pages' },
  { value: 'discovery', label: 'Discovery' },
  { value: 'keys', label: 'Signing keys' },
  { value: 'instance', label: 'Instance discovery' },
  { value: 'userinfo', label: 'Userinfo' },
  { value: 'logout', label: 'Sign-out' },
  { value: 'graph', label: 'Graph' },
]

const grants = [
  { value: '', label: 'any grant' },
  { value: 'authorization_code', label: 'authorization_code' },
  { value: 'client_credentials', label: 'client_credentials' },
  { value: 'refresh_token', label: 'refresh_token' },
  { value: 'urn:ietf:params:oauth:grant-type:jwt-bearer', label: 'on-behalf-of' },
]

/** Filled with what was posted, after a preview. */
export function FaultFields({ form }: { readonly form: URLSearchParams }): JSX.Element {
  const value = (name: string): string => form.get(name) ?? ''
  return (
    <div class="fields fields-dense">
      <ChoiceField
        name="endpoint"
        label="Requests"
        choices={endpoints}
        value={form.get('endpoint') ?? 'token'}
      />
      <ChoiceField name="grantType" label="Of the grant" choices={grants} value={value('grantType')} />
      <TextField
        name="clientId"
        label="By the client"
        hint="Application id; empty: any."
        value={value('clientId')}
      />
      <TextField
        name="user"
        label="Of the user"
        hint="User principal name; empty: anybody."
        value={value('user')}
      />
      <TextField
        name="resource"
        label="For the API"
        hint="Id, application ID URI or name."
        value={value('resource')}
      />
      <ChoiceField name="effect" label="They" choices={effects} value={form.get('effect') ?? 'status'} />
      <TextField
        name="value"
        label="Status, code or milliseconds"
        hint="Default of a status: 503."
        value={value('value')}
      />
      <TextField
        name="retryAfter"
        label="Retry-After"
        hint="Seconds; empty: no such header."
        value={value('retryAfter')}
      />
      <TextField
        name="times"
        label="Only the next"
        hint="So many requests; empty: until it is removed."
        value={value('times')}
      />
      <TextField name="nth" label="Only the request number" hint="Counted from 1." value={value('nth')} />
    </div>
  )
}
