// What a request may say about a task: checked member by member, refused with a sentence that says how to do better.
import { Problem } from '../web-server/problem.ts'
import type { TaskChanges } from './tasks.ts'

const longestTitle = 500
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The title of a new task. @throws Problem (400) */
export function parseNewTask(body: unknown): string {
  const { title } = parseChanges(body)
  if (title === undefined) throw refuse('A task needs a "title".')
  return title
}

/** Changes to a task. @throws Problem (400) */
export function parseChanges(body: unknown): TaskChanges {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse('Send a JSON object.')
  const members = new Map<string, unknown>(Object.entries(body))
  const changes = {
    ...(members.has('title') && { title: parseTitle(members.get('title')) }),
    ...(members.has('completed') && { completed: parseCompleted(members.get('completed')) }),
  }
  if (Object.keys(changes).length === 0) throw refuse('Send a "title", or whether the task is "completed".')
  return changes
}

/** An id in a path; whatever is no UUID cannot be a task. @throws Problem (404) */
export function parseTaskId(id: string): string {
  if (uuid.test(id)) return id
  throw taskNotFound()
}

/** Also for a task of somebody else: whether it exists is not told. */
export function taskNotFound(): Problem {
  return new Problem(404, 'Task not found', 'There is no such task on your list; it may have been deleted.')
}

function parseTitle(value: unknown): string {
  const title = typeof value === 'string' ? value.trim() : ''
  // PostgreSQL cannot store U+0000 in text.
  if (title.length === 0 || title.length > longestTitle || title.includes('\u0000'))
    throw refuse(`"title" must be a text of 1 to ${longestTitle} characters.`)
  return title
}

function parseCompleted(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw refuse('"completed" must be true or false.')
}

function refuse(detail: string): Problem {
  return new Problem(400, 'Task not accepted', detail)
}
