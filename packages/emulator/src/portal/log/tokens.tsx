// The tokens of a request: their claims with what they mean, and what became different from the token that was presented.
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { RequestRecord } from '../../kernel/request-log.ts'
import { meaningOf, showClaim } from './claim-meanings.ts'

type Claims = Readonly<Record<string, unknown>>

/** Every token that the request brought or that was issued: claims, never the token itself. */
export function tokensOf({
  presented,
  issued,
  idToken,
}: RequestRecord): readonly { readonly title: string; readonly claims: Claims; readonly before?: Claims }[] {
  return [
    ...(presented === undefined ? [] : [{ title: 'Presented', claims: presented }]),
    ...(issued === undefined
      ? []
      : [
          {
            title: 'Issued: access token',
            claims: issued,
            ...(presented !== undefined && { before: presented }),
          },
        ]),
    ...(idToken === undefined ? [] : [{ title: 'Issued: id_token', claims: idToken }]),
  ]
}

/** The tab of the tokens. */
export function Tokens({ record }: { readonly record: RequestRecord }): JSX.Element {
  const tokens = tokensOf(record)
  if (tokens.length === 0) return <p class="muted">No token was presented, and none was issued.</p>
  return (
    <>
      {tokens.map(({ title, claims, before }) => (
        <section class="token">
          <h2>{title}</h2>
          <ClaimTable title={title} claims={claims} before={before} />
        </section>
      ))}
      <p class="muted">The log keeps claims, never a token.</p>
    </>
  )
}

function ClaimTable({
  title,
  claims,
  before,
}: {
  readonly title: string
  readonly claims: Claims
  readonly before: Claims | undefined
}): JSX.Element {
  const gone = Object.keys(before ?? {}).filter((name) => !(name in claims))
  return (
    <div class="facts-region" role="region" aria-label={title} tabindex={0}>
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Claim</th>
            <th scope="col">Value</th>
            {before !== undefined && <th scope="col">Against the presented token</th>}
          </tr>
        </thead>
        <tbody>
          {Object.entries(claims).map(([name, value]) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
                <span class="meaning">{meaningOf(name)}</span>
              </th>
              <td>
                <code>{showClaim(name, value)}</code>
              </td>
              {before !== undefined && <td>{difference(before, name, value)}</td>}
            </tr>
          ))}
          {gone.map((name) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
                <span class="meaning">{meaningOf(name)}</span>
              </th>
              <td>not in this token</td>
              <td>
                was <code>{showClaim(name, before?.[name])}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function difference(before: Claims, name: string, value: unknown): JSX.Element {
  if (!(name in before)) return <>new</>
  if (JSON.stringify(before[name]) === JSON.stringify(value)) return <span class="muted">the same</span>
  return (
    <>
      was <code>{showClaim(name, before[name])}</code>
    </>
  )
}
