// Who acts for whom: the agent, an arrow, and the person, each with the claims that say so.
import { element } from '../element.ts'
import { drawIcon } from '../icon.ts'
import type { Claims } from '../token-claims.ts'
import { nameOf, type Acting } from './acting.ts'

/** Draws it. `names` says what people call ids. */
export function drawActing({ kind, claims }: Acting, names: Readonly<Record<string, string>>): HTMLElement {
  const agent = nameOf(claims, 'azp', names)
  const isItself = kind === 'byItself'
  return element(
    'p',
    { class: 'acting' },
    drawActor('agent', agent, 'an agent, the client', describe(claims, 'azp', 'xms_act_fct')),
    element('span', { class: 'acts-for' }, ' acts for '),
    isItself
      ? drawActor('agent', 'itself', 'the subject, too', describe(claims, 'oid', 'xms_sub_fct'))
      : drawActor(
          'person',
          nameOf(claims, 'oid', names),
          'a person, the subject',
          describe(claims, 'oid', 'xms_sub_fct'),
        ),
  )
}

function drawActor(
  kind: 'agent' | 'person',
  name: string,
  role: string,
  evidence: readonly string[],
): HTMLElement {
  return element(
    'span',
    { class: `actor actor-${kind}` },
    drawIcon(kind),
    element(
      'span',
      { class: 'actor-words' },
      element('strong', {}, name),
      element('span', { class: 'muted' }, role),
      ...evidence.map((claim) => element('code', {}, claim)),
    ),
  )
}

/** The last digits of an id are enough to find it again on the card of the token. */
function describe(claims: Claims, id: string, facets: string): readonly string[] {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '')
  return [`${id} …${text(id).slice(-4)}`, `${facets} ${text(facets)}`]
}
