// Who runs on which core: the server that is measured has one to itself, and whatever asks it and answers it has the other.
import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

const canPin =
  availableParallelism() > 1 && spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
const [loadCore, serverCore] = ['0', '1']

/** What a report says of it. */
export const pinning = canPin
  ? `Each server is pinned to core ${serverCore}; the load, the authority and the downstream API share core ${loadCore}.`
  : 'Nothing is pinned: this machine has no `taskset`, or one core.'

/** This process, and those that it forks from now on. */
export function pinLoad() {
  if (canPin) spawnSync('taskset', ['-acp', loadCore, String(process.pid)], { stdio: 'ignore' })
}

/** A Node of its own on the other core, that can be sent messages. */
export function spawnPinned(file, args, { env = process.env, execArgv = [] } = {}) {
  const command = [process.execPath, ...execArgv, file, ...args]
  const [program, ...rest] = canPin ? ['taskset', '-c', serverCore, ...command] : command
  return spawn(program, rest, { env, stdio: ['ignore', 2, 'inherit', 'ipc'] })
}
