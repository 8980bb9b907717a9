// A module of the user that ends the process, or throws beside the command, is told of; nothing is once the command is over.
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { endProcess, watchOver, type WatchedProcess } from '../../src/bin/beside.ts'

class Watched extends EventEmitter implements WatchedProcess {
  exitCode?: number
  said = ''
  readonly stderr = { write: (text: string): void => void (this.said += text) }
  exit(code: number): void {
    this.exitCode = code
    this.emit('exit', code)
  }
}

it.each([
  [0, 'ended the process'],
  [13, 'awaits something that never comes'],
])('an end with code %i is wrong usage', (code, says) => {
  const watched = new Watched()
  watchOver(watched)
  watched.exit(code)
  expect([watched.exitCode, watched.said]).toEqual([
    2,
    `midtier: what was loaded ${says}, before the command was done: take that out of the module\n`,
  ])
})

it.each([
  [new TypeError('password=Hunter2'), 'TypeError'],
  [Object.assign(new Error('Hunter2'), { code: 'ECONNREFUSED' }), 'Error (ECONNREFUSED)'],
  ['Hunter2', 'string'],
])('an error that nobody catches is a failure, told by its name', (error, name) => {
  const watched = new Watched()
  watchOver(watched)
  watched.emit('uncaughtException', error)
  expect([watched.exitCode, watched.said]).toEqual([
    4,
    `midtier: what was loaded fails beside the command (${name}): handle that in the module\n`,
  ])
})

it('looks no further when the command is over', () => {
  const watched = new Watched()
  watchOver(watched)()
  watched.exit(1)
  expect([watched.exitCode, watched.said, watched.eventNames()]).toEqual([1, '', []])
})

it('ends with the exit code of the command, whatever the module does at the end', () => {
  const watched = new Watched()
  const codes: unknown[] = []
  watched.exit = () => {
    codes.push(watched.exitCode)
    // Node.js tells of the end once, and ends at the second call.
    if (codes.length === 1) throw new Error('not ready yet')
  }
  watched.exitCode = 2
  expect(() => {
    endProcess(watched)
  }).toThrow('not ready yet') // of a process that has not ended
  expect(codes).toEqual([2, 2])
})
