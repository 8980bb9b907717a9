// Something as Graph shows it: its properties by name.

/** What Graph shows of something. */
export type Entity = Readonly<Record<string, unknown>>
