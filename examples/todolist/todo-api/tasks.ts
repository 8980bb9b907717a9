// The tasks of each person, found by tenant and object id: a statement without both does not exist here, but for one that counts.
import { randomUUID } from 'node:crypto'
import type { Database } from './database.ts'

/** Whose tasks: `tid` and `oid` of the validated token. */
export interface Owner {
  readonly tenantId: string
  readonly objectId: string
}

/** A task, as the API answers it. */
export interface Task {
  readonly id: string
  readonly title: string
  readonly completed: boolean
  /** ISO 8601. */
  readonly createdAt: string
}

/** What may change about a task; what is absent stays. */
export interface TaskChanges {
  readonly title?: string
  readonly completed?: boolean
}

/** How much there is to do in a tenant, without saying what or whose. */
export interface Summary {
  readonly tasks: number
  readonly completed: number
  readonly people: number
}

/** Reads and changes tasks of one owner at a time; absence is `undefined` or `false`. */
export interface Tasks {
  list(owner: Owner): Promise<readonly Task[]>
  /** `undefined` when the owner already has {@link tasksPerOwner}. */
  add(owner: Owner, title: string): Promise<Task | undefined>
  change(owner: Owner, id: string, changes: TaskChanges): Promise<Task | undefined>
  remove(owner: Owner, id: string): Promise<boolean>
  /** How many there were. */
  removeCompleted(owner: Owner): Promise<number>
  summarise(tenantId: string): Promise<Summary>
}

/** So that nobody can fill the disk. */
export const tasksPerOwner = 500

interface Row {
  readonly id: string
  readonly title: string
  readonly completed: boolean
  readonly created_at: Date
}

const createTable = `
  create table if not exists tasks (
    id uuid primary key,
    tenant_id text not null,
    object_id text not null,
    title text not null,
    completed boolean not null default false,
    created_at timestamptz not null default clock_timestamp()
  )`
/** The order of tasks: two may be added in one tick of the clock, or in a second that is set back. */
const addNumber = 'alter table tasks add column if not exists number bigint generated always as identity'
const createIndex = 'create index if not exists tasks_in_order on tasks (tenant_id, object_id, number)'

const select = `
  select id, title, completed, created_at from tasks
  where tenant_id = $1 and object_id = $2
  order by number`
const insert = `
  insert into tasks (tenant_id, object_id, id, title)
  select $1::text, $2::text, $3::uuid, $4::text
  where (select count(*) from tasks where tenant_id = $1::text and object_id = $2::text) < $5::integer
  returning id, title, completed, created_at`
const update = `
  update tasks set title = coalesce($4::text, title), completed = coalesce($5::boolean, completed)
  where tenant_id = $1 and object_id = $2 and id = $3::uuid
  returning id, title, completed, created_at`
const remove = 'delete from tasks where tenant_id = $1 and object_id = $2 and id = $3::uuid returning id'
const removeCompleted = 'delete from tasks where tenant_id = $1 and object_id = $2 and completed returning id'

const summarise = `
  select count(*)::integer as tasks, (count(*) filter (where completed))::integer as completed,
    count(distinct object_id)::integer as people
  from tasks where tenant_id = $1`

/** Opens the tasks in a database and makes their table if it is not there. */
export async function openTasks(database: Database): Promise<Tasks> {
  await database.query(createTable)
  await database.query(addNumber)
  await database.query(createIndex)
  const key = ({ tenantId, objectId }: Owner): readonly [string, string] => [tenantId, objectId]

  return {
    list: async (owner) => (await database.query<Row>(select, key(owner))).map(toTask),
    add: async (owner, title) => {
      const [row] = await database.query<Row>(insert, [...key(owner), randomUUID(), title, tasksPerOwner])
      return row && toTask(row)
    },
    change: async (owner, id, { title, completed }) => {
      const [row] = await database.query<Row>(update, [...key(owner), id, title ?? null, completed ?? null])
      return row && toTask(row)
    },
    remove: async (owner, id) => (await database.query(remove, [...key(owner), id])).length > 0,
    removeCompleted: async (owner) => (await database.query(removeCompleted, key(owner))).length,
    summarise: async (tenantId) => {
      const [summary] = await database.query<Summary>(summarise, [tenantId])
      return summary ?? { tasks: 0, completed: 0, people: 0 }
    },
  }
}

function toTask({ id, title, completed, created_at }: Row): Task {
  return { id, title, completed, createdAt: created_at.toISOString() }
}
