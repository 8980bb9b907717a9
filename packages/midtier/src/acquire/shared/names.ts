// By which digest other processes name what is kept here: as many names as there are things kept, and those that are about to be.

/** What is named, and what becomes of it. */
export interface NamesOptions<Named> {
  /** How many names may be of something that is not kept, or not yet. */
  readonly maxNames: number
  /** Whether it is kept in this process at the moment. */
  readonly isKept: (named: Named) => boolean
  /** Drops it, or keeps it from being kept: what has no name could not be dropped when others say so. */
  readonly drop: (named: Named) => void
}

/** Names that give way when there are too many: first those of what is gone. */
export class Names<Named> {
  readonly #options: NamesOptions<Named>
  /** In the order in which they were last noted, or last found to be of something that is kept. */
  readonly #names = new Map<string, Named>()

  constructor(options: NamesOptions<Named>) {
    this.#options = options
  }

  get size(): number {
    return this.#names.size
  }

  find(digest: string): Named | undefined {
    return this.#names.get(digest)
  }

  note(digest: string, named: Named): void {
    this.#names.delete(digest)
    this.#names.set(digest, named)
    if (this.#names.size > this.#options.maxNames) this.#giveWay()
  }

  /** Looks at each name once at most, and passes over so many only after as many have been noted. */
  #giveWay(): void {
    let looks = this.#names.size
    for (const [digest, named] of this.#names) {
      this.#names.delete(digest)
      looks -= 1
      if (looks > 0 && this.#options.isKept(named)) this.#names.set(digest, named)
      else {
        this.#options.drop(named)
        return
      }
    }
  }
}
