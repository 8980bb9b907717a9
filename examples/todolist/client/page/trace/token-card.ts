// A token's decoded claims as a card: whom it is for, who holds it, on whose behalf, and until when.
import { colourOf } from '../drawing/sequence.ts'
import { element, spoken } from '../element.ts'
import type { Claims } from '../token-claims.ts'
import { nameFacets } from './acting.ts'
import { formatRemaining } from './format.ts'
import type { Audience } from './hop.ts'
import { drawTicket, tickets } from './ticket.ts'
import type { TravelledToken } from './travelled-tokens.ts'

const originTexts: Readonly<Record<TravelledToken['origin'], string>> = {
  exchange: 'exchanged just now',
  memory: 'from memory',
  store: 'from the shared store',
  browser_cache: "from MSAL's cache",
  refresh: 'refreshed just now',
}

/** The API that a token is for, or what it is for otherwise. */
const titles: Readonly<Record<Audience, string>> = {
  middleTier: 'Middle tier',
  assistant: 'Assistant',
  agentProof: 'Agent’s proof',
  todoApi: 'To Do API',
  agentTodoApi: 'To Do API',
  graph: 'Graph',
}

/** Version 1 tokens say `appid` where version 2 tokens say `azp`. */
const shownClaims = [
  ...['aud', 'azp', 'appid', 'xms_act_fct', 'xms_par_app_azp'],
  ...['scp', 'roles', 'acrs', 'oid', 'xms_sub_fct', 'tid', 'exp'],
] as const
/** What lets an agent act names it as its subject. */
const shownOfProof = ['aud', 'azp', 'sub', 'tid', 'exp'] as const

const meanings: Readonly<Record<string, string>> = {
  aud: 'audience: the API it is for',
  azp: 'authorized party: who holds it',
  appid: 'application: who holds it',
  sub: 'subject: whom it lets act',
  xms_act_fct: 'facets of the actor: who acts',
  xms_par_app_azp: 'parent application: the blueprint that the agent was made from',
  roles: 'roles: what it permits without a person',
  xms_sub_fct: 'facets of the subject: for whom it acts',
  scp: 'scopes: what it permits',
  acrs: 'authentication contexts: what the sign-in was stepped up to',
  oid: 'object id: on whose behalf',
  tid: 'tenant id: whose directory',
  exp: 'expiry, seconds since 1970',
}

/** Draws the card. `names` says what people call ids. */
export function drawTokenCard(token: TravelledToken, names: Readonly<Record<string, string>>): HTMLElement {
  const { audience, origin, claims, raw } = token
  const fresh = origin === 'exchange' || origin === 'refresh'
  return element(
    'article',
    {
      class: 'token-card',
      'data-audience': audience,
      'data-token': colourOf(tickets[audience].number),
      'data-origin': origin,
    },
    element(
      'header',
      { class: 'token-head' },
      drawTicket(audience),
      element('h3', {}, spoken('Token for '), titles[audience]),
      element('span', { class: fresh ? 'origin origin-new' : 'origin origin-cached' }, originTexts[origin]),
    ),
    claims === undefined
      ? element('p', { class: 'muted' }, 'Its claims could not be learnt.')
      : element(
          'dl',
          { class: 'claims' },
          ...(audience === 'agentProof' ? shownOfProof : shownClaims).flatMap((name) =>
            drawClaim(name, claims, names),
          ),
        ),
    raw === undefined ? undefined : drawReveal(raw),
  )
}

function drawClaim(
  name: string,
  claims: Claims,
  names: Readonly<Record<string, string>>,
): readonly HTMLElement[] {
  const value = claims[name]
  if (value === undefined) return []
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const gloss = glossOf(name, value, names)
  return [
    element('dt', { title: meanings[name], class: name.startsWith('xms_') ? 'long' : undefined }, name),
    element(
      'dd',
      { class: `claim-${name}` },
      gloss === undefined ? undefined : element('span', { class: 'gloss' }, gloss),
      element('code', {}, text),
    ),
  ]
}

function glossOf(name: string, value: unknown, names: Readonly<Record<string, string>>): string | undefined {
  if (name === 'exp') return typeof value === 'number' ? formatRemaining(value, Date.now()) : undefined
  if (name === 'scp' && value === '/') return 'none'
  if (name === 'sub' && typeof value === 'string') return names[value.slice(value.lastIndexOf('/') + 1)]
  return name.endsWith('_fct') ? nameFacets(value) : names[String(value)]
}

/** The page's own token, which the person may look at on purpose; it is gone again with the next call. */
function drawReveal(raw: string): HTMLElement {
  const text = element('code', { class: 'raw-token', hidden: '' })
  const toggle = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-expanded': 'false' },
    'Reveal the raw token',
  )
  const warning = element(
    'p',
    { class: 'muted', hidden: '' },
    'Whoever has this text can call the middle tier as you until it expires. Share it with nobody.',
  )
  toggle.addEventListener('click', () => {
    const show = text.hidden
    text.textContent = show ? raw : ''
    text.hidden = warning.hidden = !show
    toggle.setAttribute('aria-expanded', String(show))
    toggle.textContent = show ? 'Hide the raw token' : 'Reveal the raw token'
  })
  return element('div', { class: 'reveal' }, toggle, warning, text)
}
