// A PostgreSQL server as the task store: the same suite as for PGlite, and an outage.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseUnavailable, openDatabase } from '../../todo-api/database.ts'
import { openTasks } from '../../todo-api/tasks.ts'
import { describeTaskStore } from '../task-store-contract.ts'
import { startCluster, type Cluster } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.stop())

describe('a PostgreSQL server', () => {
  describeTaskStore(() => openDatabase({ databaseUrl: cluster.url, dataDirectory: '' }))

  it('may go away and come back: meanwhile calls fail as an outage, afterwards everything is there', async () => {
    const owner = { tenantId: 'contoso', objectId: 'patient' }
    const database = await openDatabase({ databaseUrl: cluster.url, dataDirectory: '' })
    const tasks = await openTasks(database)
    const task = await tasks.add(owner, 'Wait for the server')
    await cluster.halt()
    await expect(tasks.list(owner)).rejects.toBeInstanceOf(DatabaseUnavailable)
    await cluster.start()
    expect(await tasks.list(owner)).toEqual([task])
    await database.close()
  })

  it('tells a mistake in a statement from an outage', async () => {
    const database = await openDatabase({ databaseUrl: cluster.url, dataDirectory: '' })
    await expect(database.query('select nonsense')).rejects.not.toBeInstanceOf(DatabaseUnavailable)
    await database.close()
  })
})
