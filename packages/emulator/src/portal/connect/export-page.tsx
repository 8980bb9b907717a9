// The export: a press saves the directory of now as a file, secrets and passwords included.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import type { EmulatorContext } from '../../http/exchange.ts'
import { Frame } from '../frame.tsx'
import { PostForm, RowButton } from '../parts/fields.tsx'
import { withOwnForm, type Page } from '../portal-form.tsx'
import { asJson, asTypeScript, exportDirectory } from './export-directory.ts'

const path = '/portal/export'

/** GET /portal/export */
export function showExport(c: EmulatorContext): Page {
  return sendPage(c, <ExportPage />)
}

/** POST /portal/export: the file; `as` is `json` or `typescript`. */
export function sendExport(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, (form) => {
    const data = exportDirectory(emulation)
    const isTypeScript = form.get('as') === 'typescript'
    return c.body(isTypeScript ? asTypeScript(data) : asJson(data), 200, {
      'content-type': isTypeScript ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="directory.${isTypeScript ? 'ts' : 'json'}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
  })
}

function ExportPage(): JSX.Element {
  return (
    <Frame title="Export" section="export">
      <div class="page-heading">
        <h1>Export</h1>
        <p class="muted">The directory as it is now, consents and policies included.</p>
      </div>
      <p>
        Tenants, users with their passwords, registrations with their secrets, agents, consents, assigned
        roles and policies. Faults and the clock are not part of a directory.
      </p>
      <PostForm action={path} class="row-actions" label="Export">
        <RowButton name="as" value="json" label="Save as JSON" />
        <RowButton name="as" value="typescript" label="Save as TypeScript" />
      </PostForm>
      <pre class="json" tabindex={0} aria-label="How to start from it">
        <code>npx @midtier/emulator --directory directory.json</code>
      </pre>
    </Frame>
  )
}
