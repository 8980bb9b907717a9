// The to-do list on the page: shows tasks and tells what the person wants done with them.
import { element, find } from './element.ts'
import { drawIcon } from './icon.ts'
import type { Task } from './middle-tier.ts'

/** What the person can want. */
export interface TaskListHandlers {
  readonly add: (title: string) => void
  readonly complete: (id: string, completed: boolean) => void
  readonly remove: (id: string) => void
  /** Away with everything that is done. */
  readonly clear: () => void
}

/** The list in its place in the page. */
export interface TaskList {
  show(tasks: readonly Task[]): void
  /** Says that the list could not be had. */
  showMissing(): void
  /** Empties the field, once what was typed is safe. */
  clearInput(): void
}

/** Binds the list to its place. */
export function createTaskList(handlers: TaskListHandlers): TaskList {
  const list = find('tasks', HTMLUListElement)
  const input = find('new-title', HTMLInputElement)
  const empty = find('no-tasks', HTMLElement)
  const count = find('list-count', HTMLElement)
  const foot = find('list-foot', HTMLElement)

  find('add-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    const title = input.value.trim()
    if (title !== '') handlers.add(title)
  })
  find('clear-completed', HTMLButtonElement).addEventListener('click', handlers.clear)

  return {
    show: (tasks) => {
      const focused = focusedControl(list)
      list.replaceChildren(...tasks.map((task) => drawTask(task, handlers)))
      restoreFocus(list, focused, input)
      foot.hidden = !tasks.some(({ completed }) => completed)
      empty.hidden = tasks.length > 0
      empty.textContent = 'Nothing to do. Add your first task above.'
      count.textContent =
        tasks.length === 0
          ? ''
          : `${tasks.filter(({ completed }) => completed).length} of ${tasks.length} done`
    },
    showMissing: () => {
      empty.textContent = 'Your list could not be loaded.'
    },
    clearInput: () => {
      input.value = ''
    },
  }
}

function drawTask({ id, title, completed }: Task, handlers: TaskListHandlers): HTMLElement {
  const checkbox = element('input', {
    type: 'checkbox',
    id: `task-${id}`,
    class: 'task-check',
    'data-control': 'complete',
  })
  checkbox.checked = completed
  checkbox.addEventListener('change', () => handlers.complete(id, checkbox.checked))
  const remove = element('button', {
    type: 'button',
    class: 'icon-button',
    'data-control': 'delete',
    'aria-label': `Delete “${title}”`,
  })
  remove.append(drawIcon('bin'))
  remove.addEventListener('click', () => handlers.remove(id))
  return element(
    'li',
    { class: completed ? 'task task-done' : 'task', 'data-id': id },
    checkbox,
    element('label', { for: `task-${id}`, class: 'task-title' }, title),
    remove,
  )
}

/** Where the keyboard was before the list is drawn anew. */
interface FocusedControl {
  readonly id: string
  readonly control: string
  readonly position: number
}

function focusedControl(list: HTMLElement): FocusedControl | undefined {
  const active = document.activeElement
  const row = active?.closest<HTMLElement>('.task')
  if (!(active instanceof HTMLElement) || row == null || !list.contains(row)) return undefined
  return {
    id: row.dataset['id'] ?? '',
    control: active.dataset['control'] ?? '',
    position: [...list.children].indexOf(row),
  }
}

/** Back to the same control; if its task is gone, to the task that took its place, or to the field. */
function restoreFocus(list: HTMLElement, focused: FocusedControl | undefined, input: HTMLElement): void {
  if (focused === undefined) return
  const { id, control, position } = focused
  const row =
    list.querySelector(`[data-id="${CSS.escape(id)}"]`) ??
    list.children[Math.min(position, list.children.length - 1)]
  const again = row?.querySelector<HTMLElement>(`[data-control="${CSS.escape(control)}"]`)
  ;(again ?? input).focus()
}
