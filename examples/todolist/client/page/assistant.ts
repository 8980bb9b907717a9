// The agent that a person may ask: it reads the person's list, or counts everybody's tasks by itself.
import type { PageConfiguration } from '../page-configuration.ts'
import type { Action } from './action.ts'
import { find } from './element.ts'
import type { Summary, Task } from './middle-tier.ts'
import type { Session } from './session.ts'
import { formatCount } from './trace/format.ts'

/** Says what the agent has found; each answers the same in words. */
export interface Assistant {
  showTasks(tasks: readonly Task[]): string
  showSummary(summary: Summary): string
}

type How = Extract<Action, { readonly kind: 'ask-agent' }>['how']

/** Binds it to its place, which stays hidden from people of other tenants than the agent's: it cannot act for them. */
export function createAssistant(
  { assistant }: PageConfiguration,
  { account }: Session,
  ask: (how: How) => void,
): Assistant {
  const said = find('agent-said', HTMLElement)
  const say = (text: string): string => {
    said.textContent = `${text}.`
    return text
  }
  find('ask-for-me', HTMLButtonElement).addEventListener('click', () => ask('onBehalfOf'))
  find('ask-by-itself', HTMLButtonElement).addEventListener('click', () => ask('byItself'))
  find('agent', HTMLElement).hidden = assistant === undefined || account?.tenantId !== assistant.tenantId

  return {
    showTasks: (tasks) => {
      const open = tasks.filter(({ completed }) => !completed)
      const [next] = open
      return say(
        next === undefined
          ? 'For you: nothing is left to do'
          : `For you: ${open.length} to do, “${next.title}” first`,
      )
    },
    showSummary: ({ tasks, completed, people }) =>
      say(
        `By itself: ${formatCount(tasks, 'task', 'tasks')} of ${formatCount(people, 'person', 'people')}, ${completed} done`,
      ),
  }
}
