// What is told as a sequence: who sends what to whom, and which token goes with it. `{1}` is the mark of token 1.

const hop = (from, to, text) => ({ from, to, text })
const answer = (from, to, text) => ({ from, to, text, answer: true })
const refusal = (from, to, text) => ({ from, to, text, answer: true, refused: true })
const inside = (at, text) => ({ at, text })
const person = (at, text) => ({ at, text, person: true })

export const onBehalfOf = {
  name: 'on-behalf-of',
  title: 'On behalf of the caller',
  alt: 'Four parties: the browser, your API, Entra ID, and the To Do API. The browser signs the person in at Entra ID and gets token 1, which is for your API. It calls your API with token 1, and your API validates it. Your API sends token 1 and its own credential to Entra ID, and gets token 2, which is for the To Do API and still about the same person. With token 2 it calls the To Do API, and answers the browser with the to-dos. Token 1 never goes to the To Do API, and token 2 never goes to the browser.',
  parties: ['Browser', 'Your API', 'Entra ID', 'To Do API'],
  main: 1,
  rows: [
    hop(0, 2, 'the person signs in'),
    answer(2, 0, '{1} for your API'),
    hop(0, 1, 'request with {1}'),
    inside(1, 'validates {1}'),
    hop(1, 2, '{1} and its own credential'),
    answer(2, 1, '{2} for the same person'),
    hop(1, 3, 'call with {2}'),
    answer(3, 1, 'the to-dos'),
    answer(1, 0, 'the to-dos, and no token'),
  ],
  notes: [
    { token: 1, text: 'is for your API. It goes to your API, and from there to Entra ID alone: never to the To Do API.' },
    { token: 2, text: 'is for the To Do API. It stays in the cache of this caller: never in the browser, never with another caller.' },
  ],
} // prettier-ignore

export const challenge = {
  name: 'challenge',
  title: 'The round trip of a challenge',
  alt: 'Four parties: the client, your API, Entra ID, and Microsoft Graph. The client calls your API with token 1. Your API wants to exchange it, and Entra ID refuses: MFA is required, and it says which claims. Your API answers 401 insufficient_claims with those claims. The client signs in at Entra ID with the claims, the person confirms, and the client gets token 2. It sends the same request with token 2; now your API gets token 3 for Graph, calls Graph, and answers 200. If the new sign-in meets the same demand again, the answer is 403 challenge_loop, and nobody goes round in circles.',
  parties: ['Client', 'Your API', 'Entra ID', 'Graph'],
  main: 1,
  rows: [
    hop(0, 1, 'request with {1}'),
    hop(1, 2, 'exchange {1}'),
    refusal(2, 1, 'refused: MFA, with claims'),
    refusal(1, 0, '401 insufficient_claims, with claims'),
    hop(0, 2, 'signs in with the claims'),
    person(2, 'the person confirms'),
    answer(2, 0, '{2} for your API'),
    hop(0, 1, 'same request with {2}'),
    hop(1, 2, 'exchange {2}'),
    answer(2, 1, '{3} for Graph'),
    hop(1, 3, 'call with {3}'),
    answer(3, 1, 'answer'),
    answer(1, 0, '200'),
  ],
  notes: [
    { text: 'The same demand again, after the new sign-in: 403 challenge_loop, and no circle.' },
  ],
} // prettier-ignore

export const longRunning = {
  name: 'long-running',
  title: 'Work that outlasts the request',
  alt: 'Five parties: the client, your API, the shared store, a worker, and Entra ID. The client starts a job with token 1. Your API exchanges token 1 at Entra ID, and gets a refresh token, which it seals and puts into the shared store under a session key. The session key alone goes with the job to the worker, and your API answers 202. Hours later the person has left and token 1 has expired. The worker takes what lies under the session key out of the store, asks Entra ID with the refresh token, gets token 2, and calls Graph as the person. When the person was revoked, Entra ID refuses, and the person has to come again.',
  parties: ['Client', 'Your API', 'Store', 'Worker', 'Entra ID'],
  main: 1,
  rows: [
    hop(0, 1, 'starts a job, with {1}'),
    hop(1, 4, 'exchange {1}'),
    answer(4, 1, 'refresh token'),
    hop(1, 2, 'sealed, under a session key'),
    hop(1, 3, 'job and session key: no token'),
    answer(1, 0, '202'),
    { pause: 'hours later: the person has left, {1} has expired' },
    hop(3, 2, 'session key'),
    answer(2, 3, 'what lies there, sealed'),
    hop(3, 4, 'refresh token'),
    answer(4, 3, '{2} for Graph'),
    inside(3, 'calls Graph with {2}'),
    { pause: 'or the person was revoked meanwhile' },
    refusal(4, 3, 'refused: the person has to come again'),
  ],
  notes: [
    { token: 1, text: 'ends with the request: it is never in the queue.' },
    { text: 'The refresh token is in the sealed store alone. Who has the session key acts as the person: it is a secret.' },
  ],
} // prettier-ignore

export const mcp = {
  name: 'mcp',
  title: 'An MCP server between its client and APIs',
  alt: 'Four parties: the MCP client, your MCP server, Entra ID, and Microsoft Graph. The client calls a tool without a token. The server answers 401 and says where its metadata are; the client reads there who the server is, which authority it trusts and which scopes there are. The person signs in at Entra ID for that server, and the client gets token 1. It calls the tool with token 1; the gate validates it, and the server exchanges it at Entra ID for token 2, which is for Graph. It asks Graph with token 2, and answers with the result of the tool. Token 1 never goes to Graph, and token 2 never goes to the client or its model.',
  parties: ['MCP client', 'MCP server', 'Entra ID', 'Graph'],
  main: 1,
  rows: [
    hop(0, 1, 'tools/call, no token'),
    refusal(1, 0, '401, resource_metadata'),
    hop(0, 1, 'oauth-protected-resource?'),
    answer(1, 0, 'resource, authority, scopes'),
    hop(0, 2, 'the person signs in'),
    answer(2, 0, '{1} for this server'),
    hop(0, 1, 'tools/call with {1}'),
    inside(1, 'the gate validates {1}'),
    hop(1, 2, 'exchange {1}'),
    answer(2, 1, '{2} for Graph'),
    hop(1, 3, 'call with {2}'),
    answer(3, 1, 'answer'),
    answer(1, 0, 'result of the tool'),
  ],
  notes: [
    { token: 1, text: 'is for this server: it is not passed through to Graph.' },
    { token: 2, text: 'is for Graph: neither the client nor its model ever has it.' },
  ],
} // prettier-ignore

export const sidecar = {
  name: 'sidecar',
  title: 'The sidecar beside your API',
  alt: 'Five parties: the client, your API, which may be in any language, the sidecar on the same host, Entra ID, and Microsoft Graph. The client calls your API with token 1. Your API hands the Authorization header on to the sidecar as it came, and names the API that it wants. The sidecar validates token 1, exchanges it at Entra ID with the credential that it alone has, gets token 2, and calls Graph with it. The answer goes back through the sidecar and your API to the client. With Proxy and DownstreamApi your API sees neither token 2 nor the credential; AuthorizationHeader gives it token 2 to call by itself.',
  parties: ['Client', 'Your API', 'Sidecar', 'Entra ID', 'Graph'],
  main: 2,
  together: { from: 1, to: 2, text: 'one host' },
  rows: [
    hop(0, 1, 'request with {1}'),
    hop(1, 2, '/Proxy/graph/me, with {1}'),
    inside(2, 'validates {1}'),
    hop(2, 3, '{1} and the credential'),
    answer(3, 2, '{2} for Graph'),
    hop(2, 4, 'call with {2}'),
    answer(4, 2, 'answer'),
    answer(2, 1, 'answer'),
    answer(1, 0, 'answer'),
  ],
  notes: [
    { token: 1, text: 'is handed on in its header, as it came: your API needs to understand nothing of it.' },
    { token: 2, text: 'and the credential stay in the sidecar; only /AuthorizationHeader gives your API the token.' },
  ],
} // prettier-ignore
