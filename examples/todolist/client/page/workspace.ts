// The signed-in page: runs one action after another, shows what each changed, and then how it travelled.
import type { PageConfiguration } from '../page-configuration.ts'
import { keepPending, type Action } from './action.ts'
import { find } from './element.ts'
import { describeFailure } from './failure.ts'
import { createMiddleTier, type BrowserCall, type Task } from './middle-tier.ts'
import { hideNotice, showNotice } from './notice.ts'
import { showProfile, showProfileMissing } from './profile.ts'
import { InteractionNeeded, type Session } from './session.ts'
import { createTaskList } from './task-list.ts'
import { createTracePanel } from './trace/panel.ts'

/** The signed-in page. */
export interface Workspace {
  /** Runs an action after those before it. `resumed`: it has already cost the person a sign-in, so it asks for no other by itself. */
  perform(action: Action, options?: { readonly resumed?: boolean }): Promise<void>
}

/** Binds the page to a session. */
export function createWorkspace(configuration: PageConfiguration, session: Session): Workspace {
  let tasks: readonly Task[] | undefined
  let calls: BrowserCall[] = []
  let queue = Promise.resolve()

  const api = createMiddleTier(configuration.middleTierUrl, session, (call) => calls.push(call))
  const panel = createTracePanel(configuration, { ...configuration.displayNames, ...nameOf(session) })
  const list = createTaskList({
    add: (title) => void perform({ kind: 'add', title }),
    complete: (id, completed) => void perform({ kind: 'complete', id, completed }),
    remove: (id) => void perform({ kind: 'delete', id }),
  })
  find('refresh', HTMLButtonElement).addEventListener('click', () => void perform({ kind: 'load' }))

  const show = (changed: readonly Task[]): void => {
    tasks = changed
    list.show(tasks)
  }

  const run = async (action: Action): Promise<string> => {
    switch (action.kind) {
      case 'load':
        await Promise.all([api.listTasks().then(show), api.getProfile().then(showProfile, profileFailed)])
        return 'List and profile loaded'
      case 'add': {
        const added = await api.addTask(action.title)
        show([...(tasks ?? []), added])
        list.clearInput()
        return `Added ${added.title}`
      }
      case 'complete': {
        const changed = await api.completeTask(action.id, action.completed)
        show((tasks ?? []).map((task) => (task.id === changed.id ? changed : task)))
        return `${changed.title} is ${changed.completed ? 'done' : 'open again'}`
      }
      case 'delete':
        await api.deleteTask(action.id)
        show((tasks ?? []).filter(({ id }) => id !== action.id))
        return 'Task deleted'
    }
  }

  const attempt = async (action: Action, resumed: boolean): Promise<string> => {
    try {
      return await run(action)
    } catch (error) {
      if (tasks === undefined) list.showMissing()
      else list.show(tasks)
      if (error instanceof InteractionNeeded && !resumed) {
        keepPending(action)
        await session.interact(error.claims)
      } else
        showNotice(describeFailure(error), {
          retry: () => void perform(action),
          signIn: () => {
            keepPending(action)
            void session.interact(error instanceof InteractionNeeded ? error.claims : undefined)
          },
        })
      return ''
    }
  }

  const perform: Workspace['perform'] = (action, { resumed = false } = {}) => {
    const work = async (): Promise<void> => {
      calls = []
      hideNotice()
      setBusy(true)
      const said = await attempt(action, resumed)
      const tokens = await panel.show(calls)
      announce([said, tokens].filter((text) => text !== '').join('. '))
      setBusy(false)
    }
    queue = queue.then(work)
    return queue
  }

  find('workspace', HTMLElement).hidden = false
  return { perform }
}

function profileFailed(error: unknown): never {
  showProfileMissing()
  throw error
}

/** What the person's object id stands for. */
function nameOf({ account }: Session): Readonly<Record<string, string>> {
  return account === undefined ? {} : { [account.localAccountId]: account.name ?? account.username }
}

function setBusy(busy: boolean): void {
  find('main', HTMLElement).setAttribute('aria-busy', String(busy))
}

/** Tells those who do not see the page change. */
function announce(text: string): void {
  find('announcement', HTMLElement).textContent = text
}
