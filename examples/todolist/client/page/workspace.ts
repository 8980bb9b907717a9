// The signed-in page: runs one action after another, shows what each changed, and then how it travelled.
import type { PageConfiguration } from '../page-configuration.ts'
import { nameAction, type Action } from './action.ts'
import { createAssistant } from './assistant.ts'
import { find } from './element.ts'
import { describeFailure, describeSignInFailure } from './failure.ts'
import { keepFlow, type KeptFlow } from './kept-flow.ts'
import { createMiddleTier, type BrowserCall, type Task } from './middle-tier.ts'
import { keyOf, type Need } from './need.ts'
import { hideNotice, showNotice } from './notice.ts'
import { showProfile, showProfileMissing } from './profile.ts'
import { InteractionNeeded, type CalledApi, type Session } from './session.ts'
import { createTaskList } from './task-list.ts'
import { createTraceId } from './trace-context.ts'
import { tellCalls, withFailure, type Chapter } from './trace/chapter.ts'
import { createTracePanel } from './trace/panel.ts'

/** The signed-in page; what is asked of it happens one after the other. */
export interface Workspace {
  perform(action: Action): Promise<void>
  /** Goes on with the action that a sign-in had interrupted. */
  resume(flow: KeptFlow): Promise<void>
  /** Shows what can be shown after a sign-in that failed, and offers another. */
  giveUp(failure: Error, flow: KeptFlow | undefined): Promise<void>
}

/** What one action may cost the person by itself. */
const mostSignIns = 3

/** Binds the page to a session. */
export function createWorkspace(configuration: PageConfiguration, session: Session): Workspace {
  let tasks: readonly Task[] | undefined
  let calls: BrowserCall[] = []
  /** Everything that one click leads to is one trace. */
  let traceId = createTraceId()
  let queue = Promise.resolve()

  const api = createMiddleTier(configuration.middleTierUrl, session, {
    traceId: () => traceId,
    record: (call) => calls.push(call),
  })
  const panel = createTracePanel(configuration, {
    id: session.account?.homeAccountId ?? '',
    names: { ...configuration.displayNames, ...nameOf(session) },
  })
  const list = createTaskList({
    add: (title) => void perform({ kind: 'add', title }),
    complete: (id, completed) => void perform({ kind: 'complete', id, completed }),
    remove: (id) => void perform({ kind: 'delete', id }),
    clear: () => void perform({ kind: 'clear' }),
  })
  const assistant = createAssistant(configuration, session, (how) => void perform({ kind: 'ask-agent', how }))
  find('refresh', HTMLButtonElement).addEventListener('click', () => void perform({ kind: 'load' }))

  const show = (changed: readonly Task[]): void => {
    tasks = changed
    list.show(tasks)
  }
  /** Of a list that has not been loaded yet, a part would look like all of it. */
  const change = (to: (tasks: readonly Task[]) => readonly Task[]): void => {
    if (tasks !== undefined) show(to(tasks))
  }
  const showAsItWas = (): void => {
    if (tasks === undefined) list.showMissing()
    else list.show(tasks)
  }

  const run = async (action: Action): Promise<string> => {
    switch (action.kind) {
      case 'load':
        await both(api.listTasks().then(show), api.getProfile().then(showProfile, profileFailed))
        return 'List and profile loaded'
      case 'add': {
        const added = await api.addTask(action.title)
        change((before) => [...before, added])
        list.clearInput()
        return `Added ${added.title}`
      }
      case 'complete': {
        const changed = await api.completeTask(action.id, action.completed)
        change((before) => before.map((task) => (task.id === changed.id ? changed : task)))
        return `${changed.title} is ${changed.completed ? 'done' : 'open again'}`
      }
      case 'delete':
        await api.deleteTask(action.id)
        change((before) => before.filter(({ id }) => id !== action.id))
        return 'Task deleted'
      case 'clear':
        await api.clearCompleted()
        change((before) => before.filter(({ completed }) => !completed))
        return 'Completed tasks deleted'
      case 'ask-agent':
        return action.how === 'onBehalfOf'
          ? assistant.showTasks(await api.listTasksByAgent())
          : assistant.showSummary(await api.summariseByAgent())
    }
  }

  /** Leaves the page for the authority; what was asked for goes on when the person comes back. */
  const leave = async (action: Action, need: Need, before?: KeptFlow): Promise<void> => {
    const api = apiOf(action)
    const correlationId = crypto.randomUUID()
    const happened = [...(before?.chapters ?? []), ...tellCalls(calls)]
    const chapters = [...happened, { kind: 'sign-in', need, api, correlationId } as const]
    keepFlow({ action, need, chapters, asked: [...(before?.asked ?? []), keyOf(need)] })
    await session.interact(need, correlationId, api).catch((error: unknown) => explain(error, action))
  }

  const explain = (error: unknown, action: Action): void =>
    showNotice(describeFailure(error), {
      retry: () => void perform(action),
      signIn: () => void leave(action, error instanceof InteractionNeeded ? error.need : { kind: 'consent' }),
    })

  const attempt = async (action: Action, flow: KeptFlow | undefined): Promise<string> => {
    try {
      return await run(action)
    } catch (error) {
      showAsItWas()
      const asked = flow?.asked ?? []
      if (
        error instanceof InteractionNeeded &&
        !asked.includes(keyOf(error.need)) &&
        asked.length < mostSignIns
      )
        await leave(action, error.need, flow)
      else explain(error, action)
      return ''
    }
  }

  /** After a sign-in the page is a new one: what it shows has to be fetched, but is not what the person asked for. */
  const fillIn = async (after?: CalledApi): Promise<void> => {
    traceId = createTraceId()
    const load = async (): Promise<unknown> => {
      // What the sign-in was for has a new token; the list's own would still tell of the weaker session.
      if (after === 'assistant') await session.acquireToken('middleTier', { forceRefresh: true })
      return run({ kind: 'load' })
    }
    await load().catch((error: unknown) => {
      showAsItWas()
      explain(error, { kind: 'load' })
    })
    calls = []
  }

  const inTurn = (
    what: string,
    work: () => Promise<readonly [said: string, chapters: readonly Chapter[]]>,
  ): Promise<void> => {
    queue = queue.then(async () => {
      calls = []
      traceId = createTraceId()
      hideNotice()
      setBusy(true)
      const [said, chapters] = await work()
      const tokens = await panel.show(what, chapters)
      announce([said, tokens].filter((text) => text !== '').join('. '))
      setBusy(false)
    })
    return queue
  }

  const perform = (action: Action): Promise<void> =>
    inTurn(nameAction(action), async () => [await attempt(action, undefined), tellCalls(calls)])

  find('workspace', HTMLElement).hidden = false
  return {
    perform,
    resume: (flow) =>
      inTurn(nameAction(flow.action), async () => {
        const said = await attempt(flow.action, flow)
        const chapters = [...flow.chapters, ...tellCalls(calls)]
        if (flow.action.kind !== 'load') await fillIn(apiOf(flow.action))
        return [said, chapters]
      }),
    giveUp: (failure, flow) =>
      inTurn(flow === undefined ? 'Sign in' : nameAction(flow.action), async () => {
        await fillIn()
        const again = (): void => void (flow === undefined ? session.signIn() : leave(flow.action, flow.need))
        showNotice(describeSignInFailure(failure, flow?.need), { retry: again, signIn: again })
        return ['', withFailure(flow?.chapters ?? [], failure)]
      }),
  }
}

/** Waits for both, so that nothing is left under way; what the person can do something about counts first. */
async function both(...work: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work)
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  if (failures.length > 0)
    throw failures.find((failure) => failure instanceof InteractionNeeded) ?? failures[0]
}

/** Whose token an action takes. */
function apiOf({ kind }: Action): CalledApi {
  return kind === 'ask-agent' ? 'assistant' : 'middleTier'
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
