// What every database has to do for the tasks: one suite, run for PGlite and for a PostgreSQL server.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../todo-api/database.ts'
import { openTasks, tasksPerOwner, type Owner, type Task, type Tasks } from '../todo-api/tasks.ts'

const alice: Owner = { tenantId: 'contoso', objectId: 'alice' }
const sameIdElsewhere: Owner = { tenantId: 'fabrikam', objectId: 'alice' }
const bob: Owner = { tenantId: 'contoso', objectId: 'bob' }

/** Defines the tests; `reopen` opens the same database again, as after a restart. */
export function describeTaskStore(open: () => Promise<Database>): void {
  let database: Database
  let tasks: Tasks

  beforeAll(async () => {
    database = await open()
    tasks = await openTasks(database)
  })
  afterAll(() => database.close())

  const add = async (owner: Owner, title: string): Promise<Task> => {
    const task = await tasks.add(owner, title)
    if (task === undefined) throw new Error('the list is full')
    return task
  }

  it('lists tasks in the order in which they were added', async () => {
    const owner = { tenantId: 'contoso', objectId: 'orderly' }
    const titles = ['first', 'second', 'third', 'fourth', 'fifth']
    for (const title of titles) await add(owner, title)
    expect((await tasks.list(owner)).map(({ title }) => title)).toEqual(titles)
    await database.query("update tasks set created_at = 'epoch' where object_id = 'orderly'")
    expect((await tasks.list(owner)).map(({ title }) => title)).toEqual(titles)
  })

  it('answers a new task as it will be listed', async () => {
    const task = await add(alice, 'Ünïcode, "quotes"; drop table tasks --')
    expect(task).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      title: 'Ünïcode, "quotes"; drop table tasks --',
      completed: false,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    })
    expect(await tasks.list(alice)).toEqual([task])
  })

  it('counts what there is in one tenant, and nothing of another', async () => {
    const tenantId = 'counted'
    for (const objectId of ['one', 'other', 'other']) await add({ tenantId, objectId }, 'to do')
    await add({ tenantId: 'not counted', objectId: 'one' }, 'to do')
    const [first] = await tasks.list({ tenantId, objectId: 'one' })
    await tasks.change({ tenantId, objectId: 'one' }, first?.id ?? '', { completed: true })
    expect(await tasks.summarise(tenantId)).toEqual({ tasks: 3, completed: 1, people: 2 })
    expect(await tasks.summarise('empty')).toEqual({ tasks: 0, completed: 0, people: 0 })
  })

  it('changes only what is given', async () => {
    const task = await add(alice, 'Change me')
    expect(await tasks.change(alice, task.id, { completed: true })).toEqual({ ...task, completed: true })
    expect(await tasks.change(alice, task.id, { title: 'Changed' })).toEqual({
      ...task,
      title: 'Changed',
      completed: true,
    })
  })

  it('shows, changes and removes nothing of another person, nor of the same object id in another tenant', async () => {
    const task = await add(alice, 'Mine')
    for (const stranger of [bob, sameIdElsewhere]) {
      expect(await tasks.list(stranger)).toEqual([])
      expect(await tasks.change(stranger, task.id, { completed: true })).toBeUndefined()
      expect(await tasks.remove(stranger, task.id)).toBe(false)
    }
    expect(await tasks.list(alice)).toContainEqual(task)
  })

  it('removes a task once', async () => {
    const task = await add(alice, 'Remove me')
    expect(await tasks.remove(alice, task.id)).toBe(true)
    expect(await tasks.remove(alice, task.id)).toBe(false)
    expect(await tasks.list(alice)).not.toContainEqual(task)
  })

  it('removes the completed tasks of one person, and tells how many there were', async () => {
    const owner = { tenantId: 'contoso', objectId: 'tidy' }
    const elsewhere = { tenantId: 'fabrikam', objectId: 'tidy' }
    const open = await add(owner, 'Still to do')
    for (const person of [owner, elsewhere])
      await tasks.change(person, (await add(person, 'Done')).id, { completed: true })
    expect(await tasks.removeCompleted(owner)).toBe(1)
    expect(await tasks.list(owner)).toEqual([open])
    expect(await tasks.list(elsewhere)).toHaveLength(1)
    expect(await tasks.removeCompleted(owner)).toBe(0)
  })

  it('takes no more tasks than a list may hold', async () => {
    const owner = { tenantId: 'contoso', objectId: 'hoarder' }
    await Promise.all(Array.from({ length: tasksPerOwner }, (_, index) => add(owner, `task ${index}`)))
    expect(await tasks.add(owner, 'one too many')).toBeUndefined()
  })

  it('makes its table without harm when it is there already', async () => {
    const again = await openTasks(database)
    expect(await again.list(alice)).not.toEqual([])
  })
}
