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
