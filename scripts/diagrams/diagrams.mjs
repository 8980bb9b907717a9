// The diagrams of the documentation: what each shows, and the words that say the same to who does not see it.
import { drawCaches } from './caches.mjs'
import { drawPath } from './path.mjs'
import { drawSequence } from './sequence.mjs'
import { looks } from './svg.mjs'
import { scalingCharts } from './scaling.mjs'
import { challenge, longRunning, mcp, onBehalfOf, sidecar } from './sequences.mjs'

const path = {
  name: 'request-path',
  title: 'The path of a request',
  alt: 'The path of a request, step by step, with the answers with which it may end at each. One: the header; no token is 401 with a bare challenge, a malformed one 400 or 401. Two: the token, by key, signature, issuer, tenant, audience and times; else 401 invalid_token, or 503 when there is no key and the authority is down. Three: what the route requires; else 403 insufficient_scope, or 401 insufficient_claims for a step-up. Then your handler asks for an API. Four: the cache of this caller, in this process and then in the shared store; a hit goes straight to the call. Five: on a miss one exchange on behalf of the caller; MFA wanted is 401 insufficient_claims, consent missing 403 insufficient_scope, authority down 503, a wrong registration 500. Six: the call; a claims challenge is answered once, and the same again is 401 insufficient_claims, any other failure that is not passed on 502. Seven: the answer, in which there is no token.',
  draw: drawPath,
  shortcut: { from: 4, to: 6, text: 'hit' },
  steps: [
    { name: 'Header', text: 'one bearer token, in compact form', exits: ['401 without a code: no token', '400 or 401: malformed'] },
    { name: 'Token', text: 'key, signature, issuer, tenant, audience, times', exits: ['401 invalid_token', '503: no key, and the authority is down'] },
    { name: 'Route', text: 'scopes, roles, authentication context', exits: ['403 insufficient_scope', '401 insufficient_claims: step-up'] },
    { name: 'Your handler', text: 'asks for a downstream API as the caller', handler: true },
    { name: 'Cache of this caller', text: 'in this process, then in the shared store; a store that is down is a miss' },
    { name: 'Exchange on behalf of', text: 'one, however many requests wait for it', exits: ['401 insufficient_claims: MFA', '403 insufficient_scope: consent', '503 + Retry-After: authority down', '500: wrong registration'] },
    { name: 'Call', text: 'with the token for that API; a claims challenge is answered once', exits: ['401 insufficient_claims: challenged again', '502: the API failed'] },
    { name: 'Answer', text: 'of your handler; no token is in it' },
  ],
} // prettier-ignore

const caches = {
  name: 'caches',
  title: 'The caches, and how somebody is forgotten',
  alt: 'Two processes of one API, and the store that they share. In each process every account has a partition of its own, named oid.tid: Alice of Contoso, Bob of Contoso, and the application by itself. What is missing in the process is looked for in the shared store, where everything is sealed and slots are named by an HMAC; what is missing there is one exchange with Entra ID. Forgetting Alice: one, process A drops her partition at once; two, it tells the others through the store and deletes her entries there; three, process B hears the message and drops her partition too. Bob, and the application, keep their tokens.',
  draw: drawCaches,
  processes: ['Process A', 'Process B'].map((name) => ({
    name,
    partitions: [
      { name: 'Alice', text: 'oid.tid', forgotten: true },
      { name: 'Bob', text: 'oid.tid' },
      { name: 'The application', text: 'app tokens' },
    ],
  })),
  store: { name: 'Shared store: Redis, PostgreSQL', text: 'sealed with AES-256-GCM, slots named by an HMAC: neither a token nor a person can be read there' },
  authority: 'Entra ID',
  steps: [
    { text: 'api.forget(alice), in process A:' },
    { number: '1', text: 'A drops her partition at once' },
    { number: '2', text: 'tells the others, through the store, and deletes her entries there' },
    { number: '3', text: 'B hears it, and drops her partition too' },
  ],
} // prettier-ignore

const sequences = [onBehalfOf, challenge, longRunning, mcp, sidecar].map((each) => ({
  ...each,
  draw: drawSequence,
}))

export const diagrams = [path, caches, ...sequences, ...scalingCharts]

const widths = { '': 680, '-narrow': 340 }

/** The pictures of a diagram, each with the name of its file. */
export function picturesOf(diagram) {
  return Object.entries(widths).flatMap(([kind, width]) =>
    looks.map((look) => ({
      name: `${diagram.name}${kind}-${look}.svg`,
      svg: diagram.draw(diagram, width, look),
    })),
  )
}

/** How a page shows it; `folder` leads from the page to the pictures. */
export function markupOf({ name, alt }, folder = 'images') {
  const source = (media, kind, look) =>
    `  <source media="${media}" srcset="${folder}/${name}${kind}-${look}.svg" />`
  return [
    '<picture>',
    source('(max-width: 640px) and (prefers-color-scheme: dark)', '-narrow', 'dark'),
    source('(max-width: 640px)', '-narrow', 'light'),
    source('(prefers-color-scheme: dark)', '', 'dark'),
    `  <img alt="${alt}" src="${folder}/${name}-light.svg" />`,
    '</picture>',
  ].join('\n')
}
