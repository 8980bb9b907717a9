// The optional claims that a registration asks for: as an API in its access tokens, as a client in its ID tokens.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Application, OptionalClaim } from '../../directory/model.ts'
import { optionalClaimNames } from '../../tokens/optional-claims.ts'
import { LinesField, PostForm } from '../parts/fields.tsx'
import { TabPage, tabPath } from './tabs.tsx'

/** A field for each kind of token. */
export function ClaimsTab({ application }: { readonly application: Application }): JSX.Element {
  const { accessToken = [], idToken = [] } = application.optionalClaims ?? {}
  return (
    <TabPage application={application} tab="claims">
      <PostForm of={application} action={tabPath(application, 'claims')} label="Optional claims">
        <div class="fields">
          <LinesField
            name="accessToken"
            label="In access tokens for it"
            hint="One a line; additional properties follow after a space."
            value={accessToken.map(lineOf).join('\n')}
            rows={5}
          />
          <LinesField
            name="idToken"
            label="In its ID tokens"
            hint="One a line; additional properties follow after a space."
            value={idToken.map(lineOf).join('\n')}
            rows={5}
          />
        </div>
        <p class="muted">There are {optionalClaimNames.join(', ')}.</p>
        <button class="primary small" type="submit">
          Save
        </button>
      </PostForm>
    </TabPage>
  )
}

function lineOf(claim: OptionalClaim): string {
  return typeof claim === 'string' ? claim : [claim.name, ...(claim.additionalProperties ?? [])].join(' ')
}
