// A warm tool call of an MCP server: behind protectMcp, and behind the SDK's own gate with a verifier that answers at once. From the request
// to the last byte of the answer, without a socket, so that nothing but the server is measured; processor time.
import { createWebApi } from 'midtier'
import { callerOf, protectMcp, renderErrors } from 'midtier/mcp'
import { median, ratio, shuffle } from './rounds.mjs'
import { clientId, createTokens, fetchDocument, tenantId } from './tokens.mjs'

const url = 'https://mcp.contoso.com/mcp'
const most = 1.15
/** Enough for several collections of garbage, which a shorter turn leaves to whoever comes next. */
const callsInTurn = 2_000

export async function measure({ rounds }) {
  // Loaded here: the other measurements do not need it.
  const sdk = await import('@modelcontextprotocol/server')
  const tokens = createTokens(64)
  const contenders = [
    behindSdk(sdk, tokens, true),
    behindSdk(sdk, tokens, false),
    behindMidtier(sdk, tokens),
    behindMidtierStepped(sdk, tokens),
  ]
  const measured = contenders.map((contender) => ({ ...contender, times: [] }))
  for (const { call } of measured) await spent(call)
  for (let round = 0; round < rounds; round += 1)
    for (const { call, times } of shuffle(measured)) times.push(await spent(call))
  const [own] = measured
  const rows = measured.map((each) => ({
    name: each.name,
    us: median(each.times),
    ratio: ratio(each, own),
  }))
  const promises = rows.slice(2).map(({ name, ratio: measured }) => {
    return { what: `${name}, of the SDK's own gate`, most, measured, kept: measured <= most }
  })
  return { rows, promises, tokenLength: tokens.length, peers: ['@modelcontextprotocol/server'] }
}

async function spent(call) {
  const start = process.cpuUsage()
  for (let index = 0; index < callsInTurn; index += 1) await call(index)
  const { user, system } = process.cpuUsage(start)
  return (user + system) / callsInTurn
}

export function render({ command, date, node, machine, tokenLength, versions }, { rows, promises }) {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const cells = rows.map((row) => `| ${row.name} | ${row.us.toFixed(1)} | ${row.ratio.toFixed(2)} |`)
  const aims = promises.map(
    ({ what, measured, kept }) =>
      `- ${kept ? 'kept' : 'MISSED'}: ${what}: ${measured.toFixed(2)} (aim: at most ${most})`,
  )
  return `# \`${command}\`

${date}, Node ${node}, ${machine}. ${named.join(', ')}. Tokens of ${tokenLength} characters, 64 users in turn.
Turns of ${callsInTurn} tool calls, from the request to the last byte of the answer, without a socket; microseconds of processor time a call with
all collections, medians, and medians of the ratios to the first within a round. The verifier of the SDK's own gate looks the token up in a map: it checks nothing.

| a warm tool call behind | µs | ratio |
| --- | ---: | ---: |
${cells.join('\n')}

## Aims

${aims.join('\n')}
`
}

const body = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'greet', arguments: {} },
})

/** Requests of users in turn, each a new one as a server makes them. */
function asking(tokens, serve) {
  return async (index) => {
    const headers = {
      authorization: tokens.header(index),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'content-length': String(body.length),
      'mcp-protocol-version': '2025-11-25',
    }
    const answer = await serve(new Request(url, { method: 'POST', headers, body }))
    const text = await answer.text()
    if (!text.includes('Hello')) throw new Error(`${answer.status} ${text}`)
  }
}

function createHandler({ createMcpHandler, McpServer }, greet) {
  return createMcpHandler(() => {
    const server = new McpServer({ name: 'bench', version: '1.0.0' })
    server.registerTool('greet', {}, greet)
    return server
  })
}

const said = (who) => ({ content: [{ type: 'text', text: `Hello ${who}` }] })

/** @param parsed Whether the body is parsed once, in front: the quicker way, which the SDK's own fetch handlers do not go by themselves. */
function behindSdk(sdk, tokens, parsed) {
  const expiresAt = Math.floor(Date.now() / 1000) + 3_600
  const known = new Map(
    Array.from({ length: tokens.count }, (_, index) => {
      const token = tokens.token(index)
      return [token, { token, clientId, scopes: ['access_as_user'], expiresAt }]
    }),
  )
  const verifier = { verifyAccessToken: (token) => Promise.resolve(known.get(token)) }
  const gate = sdk.requireBearerAuth({ verifier, requiredScopes: ['access_as_user'] })
  const handler = createHandler(sdk, (ctx) => said(ctx.http.authInfo.clientId))
  const serve = async (request) => {
    const authInfo = await gate(request)
    if (authInfo instanceof Response) return authInfo
    return handler.fetch(request, parsed ? { authInfo, parsedBody: await request.json() } : { authInfo })
  }
  const name = parsed
    ? 'requireBearerAuth of the SDK, the body parsed in front'
    : 'requireBearerAuth of the SDK'
  return { name, call: asking(tokens, serve) }
}

const behindMidtier = (sdk, tokens) => ours('protectMcp', sdk, tokens, {})
const behindMidtierStepped = (sdk, tokens) =>
  ours('protectMcp, scopes of the tool', sdk, tokens, { tools: { greet: { scopes: ['Todo.Read'] } } })

function ours(name, sdk, tokens, more) {
  const scopes = ['access_as_user', 'Todo.Read'].map((scope) => `${url}/${scope}`)
  const api = createWebApi({
    tenantId,
    clientId,
    fetch: fetchDocument,
    resource: { identifier: url, scopes },
  })
  const greet = renderErrors((ctx) => said(callerOf(ctx).principal.clientId))
  const handler = createHandler(sdk, greet)
  const serve = protectMcp(api, { scopes: ['access_as_user'], ...more }).fetch(handler.fetch)
  return { name, call: asking(tokens, serve) }
}
