// What a warm token as an agent costs, by how many agents act for how many users: on behalf of a user, by itself, and through its user
// account; beside the same caller's own token in the same run.
import { createMidtier, midtierApp, midtierUser, requestOf } from './acquire-contenders.mjs'
import { createUsers } from './acquire-tokens.mjs'
import { takeTurns } from './acquire-turns.mjs'
import { listAims } from './report.mjs'
import { median, ratio } from './rounds.mjs'

/** Agents × users whose tokens are cached. */
const shapes = [
  { agents: 1, users: 1 },
  { agents: 10, users: 10 },
  { agents: 100, users: 100 },
  { agents: 10_000, users: 1 },
  { agents: 1, users: 10_000 },
]
/** Pairs that take turns, spread over the cache. */
const pairsInTurn = 64

const whats = {
  caller: 'the caller’s own token',
  onBehalfOf: 'an agent for that caller',
  anew: 'the same, agent.onBehalfOf(caller) included',
  itself: 'the agent by itself',
  account: 'the agent through its user account',
}

export async function measure({ rounds, quick, progress = (text) => process.stderr.write(`${text}\n`) }) {
  const users = createUsers()
  const contenders = []
  for (const shape of quick ? shapes.slice(0, 3) : shapes) {
    progress(`filling caches: ${nameOf(shape)}`)
    contenders.push(...(await contendersOf(users, shape)))
  }
  const onRound = (round) => round % 10 === 0 && progress(`round ${round + 1} of ${rounds}`)
  const results = await takeTurns(contenders, { rounds, onRound })
  const find = (what, shape) => results.find(({ name }) => name === `${what} ${nameOf(shape)}`)
  const rows = (quick ? shapes.slice(0, 3) : shapes).map((shape) => ({
    shape: nameOf(shape),
    figures: Object.keys(whats).map((what) => ({
      what,
      microseconds: median(find(what, shape).times),
      toOne: ratio(find(what, shape), find(what, shapes[0])),
      toCaller: ratio(find(what, shape), find('caller', shape)),
    })),
  }))
  return { peers: [], tokenLength: users.length, rows, promises: promisesOf(rows) }
}

const nameOf = ({ agents, users }) => `${agents.toLocaleString('en')} × ${users.toLocaleString('en')}`

function promisesOf(rows) {
  const worst = (what, figure) =>
    Math.max(...rows.map(({ figures }) => figures.find((each) => each.what === what)[figure]))
  return ['onBehalfOf', 'anew', 'itself', 'account'].flatMap((what) => [
    promise(`${whats[what]}, µs at any number of agents × users`, worst(what, 'microseconds'), 1),
    promise(`${whats[what]}, as a multiple of one agent and one user`, worst(what, 'toOne'), 2),
  ])
}

function promise(what, measured, most) {
  return { what, measured, most, kept: measured <= most }
}

/** Every pair's token is exchanged once; 64 of them take turns. */
async function contendersOf(users, shape) {
  const api = createMidtier(users.jwks)
  const agents = Array.from({ length: shape.agents }, (_, index) => api.agent(guid('a9e00000', index)))
  const accounts = agents.map((agent, index) => agent.asUser({ objectId: guid('ac000000', index) }))
  const callers = []
  for (let user = 0; user < shape.users; user++) {
    const caller = await api.authenticate(requestOf(users.assertion(user)))
    await caller.acquireToken(midtierUser)
    callers.push(caller)
    for (const agent of agents) await agent.onBehalfOf(caller).acquireToken(midtierUser)
  }
  for (const agent of agents) await agent.acquireToken(midtierApp)
  for (const account of accounts) await account.acquireToken(midtierUser)

  const count = shape.agents * shape.users
  const pairs = Array.from(
    { length: Math.min(pairsInTurn, count) },
    (_, turn, every = count / Math.min(pairsInTurn, count)) => {
      const pair = Math.floor(turn * every)
      const [agent, caller] = [agents[pair % shape.agents], callers[Math.floor(pair / shape.agents)]]
      return { agent, caller, account: accounts[pair % shape.agents], acting: agent.onBehalfOf(caller) }
    },
  )
  const of = (index) => pairs[index % pairs.length]
  const calls = {
    caller: (index) => of(index).caller.acquireToken(midtierUser),
    onBehalfOf: (index) => of(index).acting.acquireToken(midtierUser),
    anew(index) {
      const { agent, caller } = of(index)
      return agent.onBehalfOf(caller).acquireToken(midtierUser)
    },
    itself: (index) => of(index).agent.acquireToken(midtierApp),
    account: (index) => of(index).account.acquireToken(midtierUser),
  }
  return Object.keys(whats).map((what) => ({ name: `${what} ${nameOf(shape)}`, call: calls[what] }))
}

function guid(start, index) {
  return `${start}-0000-4000-8000-${String(index).padStart(12, '0')}`
}

export function render(facts, { rows, tokenLength, promises }) {
  return [
    `# \`${facts.command}\``,
    '',
    `${facts.date}, Node ${facts.node}, ${facts.machine}. Callers' tokens of ${tokenLength} characters, verified before. Every agent has a token for`,
    `every user; ${pairsInTurn} of the pairs take turns, spread over all. Contenders take turns within a round, in an order that changes; microseconds are`,
    'processor time a call, median over rounds, with the ratio to the caller’s own token in the same round.',
    '',
    `| agents × users | ${Object.values(whats).join(' | ')} |`,
    `| ---: |${' ---: |'.repeat(Object.keys(whats).length)}`,
    ...rows.map(
      ({ shape, figures }) =>
        `| ${shape} | ${figures.map(({ microseconds, toCaller }) => `${microseconds.toFixed(2)} (${toCaller.toFixed(2)}×)`).join(' | ')} |`,
    ),
    '',
    '## Aims',
    '',
    ...listAims(promises),
    '',
  ].join('\n')
}
