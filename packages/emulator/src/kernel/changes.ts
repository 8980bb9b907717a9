// What was changed by hand, newest last, each with the way back: so that a click in the portal is never final.

/** One change. */
interface Change {
  /** What was done, as a sentence without its full stop. */
  readonly label: string
  undo(): void | Promise<void>
}

const maximumChanges = 100
/** It stands on every page. */
const maximumLabel = 200

/** The last changes. */
export class Changes {
  #changes: readonly Change[] = []
  #version = 0

  /** Another one after each change, and after each that was taken back. */
  get version(): number {
    return this.#version
  }

  /** What was done last; `undefined` when there is nothing to undo. */
  get last(): string | undefined {
    return this.#changes.at(-1)?.label.slice(0, maximumLabel)
  }

  /** Remembers a change; beyond 100 the oldest can no longer be undone. */
  add(change: Change): void {
    this.#version += 1
    this.#changes = [...this.#changes, change].slice(-maximumChanges)
  }

  /** Forgets all of them: what they changed is not there any more. */
  clear(): void {
    this.#version += 1
    this.#changes = []
  }

  /** Lets go of the last change: it stays as it was done, and the one before it is the last. */
  forgetLast(): void {
    if (this.#changes.length === 0) return
    this.#version += 1
    this.#changes = this.#changes.slice(0, -1)
  }

  /** Takes the last change back, and tells what it was. What cannot be taken back stays the last change. */
  async undo(): Promise<string | undefined> {
    const change = this.#changes.at(-1)
    if (change === undefined) return undefined
    // Gone at once: who presses twice does not take it back twice.
    this.#changes = this.#changes.slice(0, -1)
    try {
      await change.undo()
    } catch (error) {
      this.#changes = [...this.#changes, change]
      throw error
    }
    this.#version += 1
    return change.label
  }
}
