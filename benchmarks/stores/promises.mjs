// What the rows have to hold: counts, and ratios within a run, so that a busy machine tells the truth about them.
import { countOf } from './world.mjs'

export function promisesOf({ operations, herd, steady, weather, cluster, pools, eviction }, total) {
  const most = (rows, figure) => Math.max(...rows.map(figure))
  const sent = (kind) => {
    const { commands } = operations.find((row) => row.store === 'Redis' && row.kind.startsWith(kind))
    return Object.values(commands).reduce((so, count) => so + count, 0)
  }
  const [, short] = cluster
  const full = eviction.find(({ policy }) => policy === 'noeviction')
  return [
    promise(
      'exchanges a user, 200 requests of each at once, nobody has a token, on average',
      most(herd, ({ cold }) => cold.mean),
      1.2,
    ),
    promise(
      'the same when the tokens are due for renewal',
      most(herd, ({ ahead }) => ahead.mean),
      1,
    ),
    promise(
      'exchanges a user who comes again and again, over 4 to 16 processes',
      most(steady, ({ exchangesOfUser }) => exchangesOfUser),
      1.2,
    ),
    promise('operations of Redis where the process has the token', sent('this process'), 0),
    promise('operations of Redis where another process has it', sent('another process'), 1),
    promise('operations of Redis for an exchange', sent('an exchange'), 5),
    promise(
      'a request whose token the process has, in the worst weather of the store, as a multiple of fair weather, median',
      most([...weather, ...cluster], ({ warm }) => warm.p50),
      1.5,
    ),
    promise(
      'exchanges of a process, of each user whose token lay in Redis Cluster, with one of three nodes gone',
      short.exchangesOfShared,
      0.5,
    ),
    ...pools.map(({ max, exchangesOfUser }) =>
      promise(`exchanges a user over four processes, PostgreSQL by pools of ${max}`, exchangesOfUser, 1.2),
    ),
    promise(
      'exchanges a user at the second visit, Redis full under noeviction, which has room for half',
      full.visits[1].exchangesOfUser,
      0.65,
    ),
    promise(
      'requests refused, also with the store slow, silent, gone, short of a node, evicting or full',
      countOf(total.refused),
      0,
    ),
    promise('answers with the token of another user', total.mixUps, 0),
  ]
}

function promise(what, measured, most) {
  return { what, measured, most, kept: measured <= most }
}
