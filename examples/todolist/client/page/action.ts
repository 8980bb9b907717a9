// What a person can do here, as plain values: an action that has to wait for a sign-in is kept, and resumed after it.

/** Something the person asked for. */
export type Action =
  | { readonly kind: 'load' }
  | { readonly kind: 'add'; readonly title: string }
  | { readonly kind: 'complete'; readonly id: string; readonly completed: boolean }
  | { readonly kind: 'delete'; readonly id: string }
  | { readonly kind: 'clear' }
  /** An agent reads the person's list, or counts everybody's tasks by itself. */
  | { readonly kind: 'ask-agent'; readonly how: 'onBehalfOf' | 'byItself' }

/** What the person did, in a few words. */
export function nameAction(action: Action): string {
  switch (action.kind) {
    case 'load':
      return 'Load list and profile'
    case 'add':
      return `Add “${action.title}”`
    case 'complete':
      return action.completed ? 'Tick a task off' : 'Open a task again'
    case 'delete':
      return 'Delete a task'
    case 'clear':
      return 'Clear completed'
    case 'ask-agent':
      return action.how === 'onBehalfOf' ? 'Ask the agent, on my behalf' : 'Ask the agent by itself'
  }
}
