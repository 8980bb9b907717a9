import { expect, test } from 'vitest'
import { BoundedMap } from '../../src/kernel/bounded-map.ts'

test('the value that was asked for longest ago gives way, and is told of', () => {
  const gone: number[] = []
  const map = new BoundedMap<number>({ maxEntries: 2, gaveWay: (value) => void gone.push(value) })
  map.set('first', 1)
  map.set('second', 2)
  map.get('first')
  map.set('third', 3)
  expect([map.get('first'), map.get('second'), map.get('third')]).toEqual([1, undefined, 3])
  expect(gone).toEqual([2])
})

test('nobody is told of a value that is deleted, or that another takes the place of', () => {
  const gone: number[] = []
  const map = new BoundedMap<number>({ maxEntries: 2, gaveWay: (value) => void gone.push(value) })
  map.set('first', 1)
  map.set('first', 2)
  map.delete('first')
  map.set('second', 3)
  map.clear()
  expect([map.size, gone]).toEqual([0, []])
})

test('sizes are counted by value and key', () => {
  const map = new BoundedMap<string>({
    maxEntries: 9,
    maxSize: 10,
    sizeOf: (value, key) => value.length + key.length,
  })
  map.set('a', '1234')
  map.set('b', '1234')
  map.set('c', '1234567890')
  expect([map.get('b'), map.get('a'), map.get('c')]).toEqual(['1234', '1234', undefined])
  map.set('d', '1')
  expect([map.get('a'), map.get('b'), map.get('d')]).toEqual(['1234', undefined, '1'])
})
