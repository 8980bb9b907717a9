// Why a second step is asked for: the policies and the authentication contexts, by name.
import type { JSX } from 'hono/jsx/jsx-runtime'

/** Lists what demands the step. */
export function DemandedBy(props: {
  readonly policies: readonly string[]
  readonly authContexts: readonly string[]
}): JSX.Element {
  const contexts = props.authContexts.map((context) => `Authentication context ${context}`)
  const reasons = [...props.policies, ...contexts]
  if (reasons.length === 0) return <></>
  return (
    <div class="notice notice-advice">
      <div>
        <h2>Asked for by</h2>
        <ul>
          {reasons.map((reason) => (
            <li>{reason}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}
