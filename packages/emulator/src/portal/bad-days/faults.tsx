// The faults as sentences: what each one did so far, what a new one would have hit, and the way to be rid of them.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Emulation } from '../../endpoints/emulation.ts'
import { sendPage } from '../../endpoints/page.tsx'
import { parseFault } from '../../faults/fault-schema.ts'
import type { Fault } from '../../faults/fault.ts'
import { describeFault } from '../../faults/fault-words.ts'
import type { ListedFault } from '../../faults/faults.ts'
import type { EmulatorContext } from '../../http/exchange.ts'
import { EmulatorOptionsError } from '../../kernel/errors.ts'
import { change } from '../change.ts'
import { Frame } from '../frame.tsx'
import { PostForm, PreviewedForm, RowButton } from '../parts/fields.tsx'
import { actionOf } from '../parts/form-values.ts'
import { withOwnForm, type Page } from '../portal-form.tsx'
import { FaultFields } from './fault-fields.tsx'
import { readFault } from './read-fault.ts'

const path = '/portal/faults'

/** GET /portal/faults */
export function showFaults(c: EmulatorContext, emulation: Emulation): Page {
  return sendPage(c, <FaultsPage emulation={emulation} form={new URLSearchParams()} />)
}

/** POST /portal/faults: `remove` with an id, `do=preview`, or the fields of a new one. */
export function changeFaults(c: EmulatorContext, emulation: Emulation): Page {
  return withOwnForm(c, emulation, async (form) => {
    const gone = form.get('remove')
    if (gone !== null) {
      await change(emulation, 'Removed a fault', () => void emulation.faults.remove(gone))
      return c.redirect(path, 303)
    }
    const fault = parseFault(readFault(form))
    if (typeof fault === 'string') throw new EmulatorOptionsError('fault', fault)
    if (actionOf(form, ['add', 'preview']) === 'preview')
      return sendPage(c, <FaultsPage emulation={emulation} form={form} preview={fault} />)
    await change(emulation, 'Added a fault', () => void emulation.faults.add(fault))
    return c.redirect(path, 303)
  })
}

function FaultsPage(props: {
  readonly emulation: Emulation
  readonly form: URLSearchParams
  readonly preview?: Fault
}): JSX.Element {
  const { emulation, form, preview } = props
  const faults = emulation.faults.list()
  const nameOf = (id: string): string => emulation.directory.findApplication(id)?.displayName ?? id
  return (
    <Frame title="Faults" section="faults">
      <div class="page-heading">
        <h1>Faults</h1>
        <p class="muted">Rules that make chosen requests fail, from the next request on.</p>
      </div>
      {faults.length === 0 && <p class="rows rows-empty muted">None: every request goes its usual way.</p>}
      <PostForm action={path} class="plain" label="Faults">
        <ul class={faults.length === 0 ? 'no-rows' : 'rows'}>
          {faults.slice(0, shown).map((fault) => (
            <FaultRow fault={fault} nameOf={nameOf} />
          ))}
        </ul>
      </PostForm>
      {faults.length > shown && <p class="muted">And {faults.length - shown} more.</p>}
      <section aria-labelledby="new-title">
        <h2 id="new-title">Add a fault</h2>
        {preview !== undefined && <Preview fault={preview} emulation={emulation} nameOf={nameOf} />}
        <PreviewedForm action={path} label="Add a fault">
          <FaultFields form={form} />
        </PreviewedForm>
      </section>
    </Frame>
  )
}

const shown = 50

function FaultRow(props: {
  readonly fault: ListedFault
  readonly nameOf: (id: string) => string
}): JSX.Element {
  const { fault, nameOf } = props
  const sentence = describeFault(fault, nameOf)
  const { times } = fault.when
  const left = times === undefined ? undefined : Math.max(0, times - fault.hits)
  return (
    <li class="row">
      <div class="row-main">
        <span class="row-title">{sentence}</span>
        <span class="muted">
          matched {fault.matched}, hit {fault.hits}
          {left !== undefined && (left === 0 ? ', used up' : `, ${String(left)} to come`)}
        </span>
      </div>
      <RowButton name="remove" value={fault.id} label="Remove" of={sentence} />
    </li>
  )
}

function Preview(props: {
  readonly fault: Fault
  readonly emulation: Emulation
  readonly nameOf: (id: string) => string
}): JSX.Element {
  const { fault, emulation, nameOf } = props
  const records = emulation.requests.list()
  const { endpoint, grantType, clientId, user, resource } = fault.when
  const matching = records.filter(
    (record) =>
      (endpoint === undefined || record.endpoint === endpoint) &&
      (grantType === undefined || record.grantType === grantType) &&
      (clientId === undefined || record.clientId === clientId) &&
      (user === undefined || record.user === user) &&
      (resource === undefined || [resource, nameOf(resource)].includes(record.resource ?? '')),
  )
  return (
    <p class="notice notice-advice" role="status">
      {describeFault(fault, nameOf)}. Of the last {records.length} requests it is about {matching.length}.
    </p>
  )
}
