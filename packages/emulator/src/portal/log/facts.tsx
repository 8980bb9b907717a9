// The tabs that are tables: the checks, parameters and members, the policies, and the record as it is.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { RequestCheck } from '../../kernel/request-check.ts'
import type { PolicyResult } from '../../kernel/policy-result.ts'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { HiddenFields } from '../../ui/form-parts.tsx'
import { entryAddress } from './address.ts'
import { checkTitle } from './words.ts'

const marks: Readonly<Record<RequestCheck['verdict'], readonly [sign: string, words: string]>> = {
  passed: ['✓', 'passed'],
  failed: ['✗', 'failed'],
  asked: ['?', 'asked'],
  not_reached: ['·', 'not reached'],
}

/** Every check in its order, and below the one of the policies each policy that applied. */
export function Decision({ record }: { readonly record: RequestRecord }): JSX.Element {
  const { checks = [], policyResults = [] } = record
  if (checks.length === 0) return <p class="muted">Nothing is decided about requests of this kind.</p>
  return (
    <Table label="Checks" columns={['', 'Check', 'What it saw']}>
      {checks.map((check) => (
        <>
          <CheckRow title={checkTitle(check.name)} verdict={check.verdict}>
            <Saw check={check} />
          </CheckRow>
          {check.name === 'policies' && check.verdict !== 'not_reached' && (
            <PolicyRows results={policyResults} />
          )}
        </>
      ))}
    </Table>
  )
}

function CheckRow({
  title,
  verdict,
  children,
}: {
  readonly title: string
  readonly verdict: RequestCheck['verdict']
  readonly children?: unknown
}): JSX.Element {
  const [sign, words] = marks[verdict]
  return (
    <tr class={`checked checked-${verdict}`}>
      <td>
        <span aria-hidden="true">{sign}</span>
        <span class="visually-hidden">{words}</span>
      </td>
      <th scope="row">{title}</th>
      <td>{children}</td>
    </tr>
  )
}

function Saw({ check: { verdict, expected, actual } }: { readonly check: RequestCheck }): JSX.Element {
  if (verdict === 'not_reached') return <>not reached</>
  if (expected === undefined) return <>{actual ?? ''}</>
  if (actual === undefined) return <>{expected}</>
  return (
    <>
      expected <b>{expected}</b>, is <b>{actual}</b>
    </>
  )
}

function PolicyRows({ results }: { readonly results: readonly PolicyResult[] }): JSX.Element {
  const idle = (['not_applied', 'off'] as const).flatMap((verdict) => {
    const count = results.filter((result) => result.verdict === verdict).length
    return count === 0 ? [] : [`${String(count)} ${outcomes[verdict]}`]
  })
  return (
    <>
      {results.map(({ name, verdict, because }) =>
        verdict === 'met' || verdict === 'unmet' ? (
          <CheckRow title={`Policy: ${name}`} verdict={verdict === 'met' ? 'passed' : 'failed'}>
            {because}
          </CheckRow>
        ) : (
          <></>
        ),
      )}
      {idle.length > 0 && (
        <CheckRow title="Other policies" verdict="not_reached">
          {idle.join(', ')}
        </CheckRow>
      )}
    </>
  )
}

/** Names and values. */
export function Facts({
  caption,
  facts,
}: {
  readonly caption: string
  readonly facts: Readonly<Record<string, string>>
}): JSX.Element {
  const entries = Object.entries(facts)
  if (entries.length === 0) return <p class="muted">{`${caption}: none.`}</p>
  return (
    <Table label={caption} columns={[caption, 'Value']}>
      {entries.map(([name, value]) => (
        <tr>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td class={value.startsWith('•••') ? 'is-masked' : undefined}>
            <code>{value}</code>
          </td>
        </tr>
      ))}
    </Table>
  )
}

const outcomes: Readonly<Record<PolicyResult['verdict'], string>> = {
  met: 'met',
  unmet: 'not met',
  not_applied: 'did not apply',
  off: 'off',
}

/** Every policy with what became of it, and a switch for each that is there still. */
export function Policies({
  record: { id: recordId, policyResults },
  fields,
  enabled,
}: {
  readonly record: RequestRecord
  readonly fields: Readonly<Record<string, string>>
  readonly enabled: ReadonlySet<string>
}): JSX.Element {
  if (policyResults === undefined)
    return <p class="muted">The request was decided before any policy was asked.</p>
  if (policyResults.length === 0) return <p class="muted">There were no policies.</p>
  return (
    <form method="post" action={entryAddress(recordId, {})}>
      <HiddenFields fields={fields} except={['action', 'back']} />
      <Table label="Policies" columns={['Policy', 'Then', 'Why', 'Now']}>
        {policyResults.map(({ id, name, verdict, because }) => (
          <tr class={`policy-result policy-${verdict}`}>
            <th scope="row">{name}</th>
            <td>{outcomes[verdict]}</td>
            <td>{because ?? ''}</td>
            <td>
              <button
                class="secondary small"
                type="submit"
                name="action"
                value={`${enabled.has(id) ? 'policy-off' : 'policy-on'} ${id}`}
                aria-label={`${enabled.has(id) ? 'Turn off' : 'Turn on'} ${name}`}
              >
                {enabled.has(id) ? 'Turn off' : 'Turn on'}
              </button>
            </td>
          </tr>
        ))}
      </Table>
    </form>
  )
}

/** The record. */
export function Raw({ record }: { readonly record: RequestRecord }): JSX.Element {
  return (
    <pre class="raw" role="region" aria-label="The record as JSON" tabindex={0}>
      {JSON.stringify(record, null, 2)}
    </pre>
  )
}

function Table({
  label,
  columns,
  children,
}: {
  readonly label: string
  readonly columns: readonly string[]
  readonly children?: unknown
}): JSX.Element {
  return (
    <div class="facts-region" role="region" aria-label={label} tabindex={0}>
      <table class="facts">
        <thead>
          <tr>
            {columns.map((column) =>
              column === '' ? (
                <th scope="col">
                  <span class="visually-hidden">Verdict</span>
                </th>
              ) : (
                <th scope="col">{column}</th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
