// What the To Do API accepts about a task.
import { describe, expect, it } from 'vitest'
import { parseChanges, parseNewTask, parseTaskId } from '../../todo-api/task-input.ts'
import { Problem } from '../../web-server/problem.ts'

function refusalOf(parse: () => unknown): Problem {
  try {
    parse()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('a new task', () => {
  it('has a title without the blanks around it', () => {
    expect(parseNewTask({ title: '  Water the plants ' })).toBe('Water the plants')
    expect(parseNewTask({ title: 'x'.repeat(500) })).toHaveLength(500)
  })

  it.each([
    undefined,
    null,
    [],
    'text',
    7,
    {},
    { title: '' },
    { title: ' ' },
    { title: 7 },
    { title: 'x'.repeat(501) },
    { title: 'a\u0000b' },
  ])('is refused with 400 and a sentence when the body is %j', (body) => {
    const { status, message } = refusalOf(() => parseNewTask(body))
    expect(status).toBe(400)
    expect(message).toMatch(/\.$/)
  })
})

describe('changes', () => {
  it('may name the title, the completion, or both', () => {
    expect(parseChanges({ completed: true })).toEqual({ completed: true })
    expect(parseChanges({ title: 'New', completed: false, other: 1 })).toEqual({
      title: 'New',
      completed: false,
    })
  })

  it.each([{ completed: 'yes' }, { completed: null }, { other: 1 }])(
    'are refused when they are %j',
    (body) => {
      expect(refusalOf(() => parseChanges(body)).status).toBe(400)
    },
  )
})

describe('an id that is no UUID', () => {
  it('is a task that does not exist', () => {
    expect(refusalOf(() => parseTaskId("1' or '1'='1")).status).toBe(404)
  })
})
