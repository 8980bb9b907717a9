// PGlite on disk as the task store.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../todo-api/database.ts'
import { openTasks } from '../../todo-api/tasks.ts'
import { describeTaskStore } from '../task-store-contract.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'todolist-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const open = (name: string): Promise<Database> =>
  openDatabase({ databaseUrl: undefined, dataDirectory: join(directory, name) })

describe('PGlite', () => {
  describeTaskStore(() => open('contract'))

  it('still has the tasks after it was closed and opened again', async () => {
    const owner = { tenantId: 'contoso', objectId: 'alice' }
    const first = await open('again')
    const task = await (await openTasks(first)).add(owner, 'Survive')
    await first.close()
    const second = await open('again')
    expect(await (await openTasks(second)).list(owner)).toEqual([task])
    await second.close()
  })
})
