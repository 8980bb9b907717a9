// What every page is told about the emulator around it: what is not normal, how forms post, and what was changed last.

/** Something that makes the emulator answer in another way than on a good day. */
export interface Deviation {
  readonly subject: 'policy' | 'fault' | 'clock'
  /** What it is, in a few words. */
  readonly text: string
  /** The page of the portal that shows it. */
  readonly href: string
}

/** How much there is of what the rail names; a number, or a few characters. */
export type Counts = Readonly<Partial<Record<string, string>>>

/** What every page is told. */
export interface PageContext {
  readonly deviations: readonly Deviation[]
  /** Proof that a form was shown to this browser by this start: every form carries these fields. */
  readonly fields: Readonly<Record<string, string>>
  /** Where this page is shown again; absent on the answer to a form. */
  readonly back?: string | undefined
  /** What the rail counts, by the name of the section. */
  readonly counts: Counts
  /** The change that "Undo" takes back; absent when there is none. */
  readonly lastChange?: string | undefined
}

/** What the emulator knows about an error that is shown as a page. */
export interface ErrorHelp {
  readonly title: string
  readonly items: readonly {
    readonly text: string
    readonly note: string
    /** Whether it comes near to what was asked for; default false. */
    readonly isNear?: boolean
  }[]
  /** How many there are beside these. */
  readonly more: number
  /** The form that adds what is missing. */
  readonly action?: {
    readonly path: string
    readonly fields: Readonly<Record<string, string>>
    readonly label: string
  }
}
