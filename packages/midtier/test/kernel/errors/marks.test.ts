// What copies of the package know each other's things by: another name, and an error of one version is a stranger's to the other.
import { expect, it } from 'vitest'
import * as marks from '../../../src/kernel/errors/marks.ts'

it('goes by these names, in every version', () => {
  const named = Object.entries(marks).flatMap(([name, mark]) =>
    typeof mark === 'symbol' ? [[name, Symbol.keyFor(mark)]] : [],
  )
  expect(Object.fromEntries(named)).toEqual({
    errorMark: 'midtier.error',
    callerMark: 'midtier.caller',
    enterContextMark: 'midtier.enter-context',
    answererMark: 'midtier.answerer',
    relayedMark: 'midtier.relayed',
    lazyMark: 'midtier.lazy',
    webApiMark: 'midtier.web-api',
  })
})
