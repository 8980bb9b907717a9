// The token preview as a page: a question by address, the steps, and the claims.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Application } from '../../directory/model.ts'
import { TextField } from '../parts/fields.tsx'
import { TabPage, tabPath } from './tabs.tsx'
import type { PreviewStep, TokenPreview } from './token-preview.ts'

const marks: Readonly<Record<PreviewStep['outcome'], string>> = {
  passed: '✓',
  failed: '✗',
  'not reached': '·',
}

/** Who asks, for what, and what comes of it. */
export function PreviewTab(props: {
  readonly application: Application
  readonly user: string
  readonly scope: string
  readonly preview?: TokenPreview | undefined
}): JSX.Element {
  const { application, user, scope, preview } = props
  return (
    <TabPage application={application} tab="preview">
      <form class="edit" method="get" action={tabPath(application, 'preview')} aria-label="Token preview">
        <div class="fields">
          <TextField
            name="user"
            label="For the user"
            hint="User principal name; empty: for the application itself."
            value={user}
          />
          <TextField
            name="scope"
            label="With the scope"
            hint="Such as User.Read, api://…/access_as_user, or …/.default"
            value={scope}
            required
          />
        </div>
        <button class="primary small" type="submit">
          What would it get?
        </button>
      </form>
      {preview !== undefined && <Answer preview={preview} />}
    </TabPage>
  )
}

function Answer({ preview }: { readonly preview: TokenPreview }): JSX.Element {
  const { steps, claims } = preview
  const failed = steps.find(({ outcome }) => outcome === 'failed')
  return (
    <section aria-labelledby="answer-title">
      <h2 id="answer-title">
        {failed === undefined ? 'A token with these claims' : `No token: ${failed.name}`}
      </h2>
      <table class="steps">
        <caption class="visually-hidden">What was looked at, in order</caption>
        <tbody>
          {steps.map(({ name, outcome, detail }) => (
            <tr class={`step-${outcome.replace(' ', '-')}`}>
              <td>
                <span aria-hidden="true">{marks[outcome]}</span>
                <span class="visually-hidden">{outcome}</span>
              </td>
              <th scope="row">{name}</th>
              <td>{outcome === 'not reached' ? 'not reached' : detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {claims !== undefined && (
        <pre class="json" tabindex={0} aria-label="Claims">
          <code>{JSON.stringify(claims, undefined, 2)}</code>
        </pre>
      )}
    </section>
  )
}
