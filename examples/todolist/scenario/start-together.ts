// Starts programs that know each other's ports: when another program is quicker at one of them, all start again on others.
import { findPorts, isPortFree, type Ports } from './ports.ts'
import { supervise, type Program, type Supervised, type SupervisorEvents } from './supervise.ts'
import { waitUntilHealthy } from './wait-until-healthy.ts'

/** A program with what tells that it is there. */
export interface ServerProgram extends Program {
  /** Answers 2xx once the program can be used: `/health`. */
  readonly healthPath: string
}

/** What {@link startTogether} tells, by the title of the program. */
export interface TogetherEvents {
  readonly taken?: (port: number, instead: number) => void
  readonly starting?: (title: string) => void
  readonly ready?: (title: string, url: string) => void
  readonly died?: (title: string, how: string) => void
  /** A program that had died answers again, or does not any more. */
  readonly back?: (title: string, answers: boolean) => void
  readonly complained?: (title: string, line: string) => void
  /** A program that had been ready died too often. */
  readonly gaveUp?: (error: Error) => void
}

/** What {@link startTogether} needs. */
export interface TogetherOptions<Name extends string> {
  /** In the order in which they end, backwards. */
  readonly wanted: Ports<Name>
  readonly build: (ports: Ports<Name>) => Readonly<Record<Name, ServerProgram>>
  readonly events?: TogetherEvents
  /** Gives up starting. */
  readonly signal?: AbortSignal | undefined
  /** Whether nobody listens on a port. Default: by trying to. */
  readonly isFree?: (port: number) => Promise<boolean>
  /** Before a program is started again. Default 250. */
  readonly firstPauseMs?: number
}

/** Programs that run. */
export interface Together<Name extends string> {
  readonly urls: Readonly<Record<Name, string>>
  readonly pid: (name: Name) => number | undefined
  /** Waits until a program answers. @throws Error when it does not. */
  readonly untilHealthy: (name: Name, signal?: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
}

const rounds = 10

/** A port was free when it was looked at, and another program's when ours wanted to listen. */
class PortLost extends Error {}

/** Resolves when every program answers. @throws Error naming the program that could not be started; nothing is left running then. */
export async function startTogether<Name extends string>(
  options: TogetherOptions<Name>,
): Promise<Together<Name>> {
  for (let round = 1; ; round += 1) {
    try {
      return await startOnce(options)
    } catch (error) {
      if (!(error instanceof PortLost) || round === rounds) throw error
    }
  }
}

async function startOnce<Name extends string>({
  wanted,
  build,
  events = {},
  signal,
  isFree = isPortFree,
  firstPauseMs = 250,
}: TogetherOptions<Name>): Promise<Together<Name>> {
  const ports = await findPorts(wanted, { isFree, onTaken: (port, instead) => events.taken?.(port, instead) })
  const names = Object.keys(wanted) as Name[]
  const programs = build(ports)
  const urlOf = (name: Name): string => `http://localhost:${ports[name]}`
  const running = new Map<Name, Supervised>()
  const ready = new Set<Name>()
  const titleOf = (name: Name): string => programs[name].title
  const stop = async (): Promise<void> => {
    for (const name of [...names].reverse()) await running.get(name)?.stop()
  }
  const untilHealthy = (name: Name, until?: AbortSignal): Promise<void> =>
    waitUntilHealthy(urlOf(name) + programs[name].healthPath, until)

  const start = async (name: Name): Promise<void> => {
    const failure = new AbortController()
    const until = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])])
    events.starting?.(titleOf(name))
    // An answer alone would not do: it may be that of the program that took the port.
    await new Promise<void>((resolve, reject) => {
      until.addEventListener('abort', () => reject(until.reason as Error), { once: true })
      running.set(name, supervise(programs[name], watch(name, failure, resolve), { firstPauseMs }))
      until.throwIfAborted()
    })
    await untilHealthy(name, until)
    ready.add(name)
    events.ready?.(titleOf(name), urlOf(name))
  }

  const watch = (name: Name, failure: AbortController, listening: () => void): SupervisorEvents => ({
    said: (line) => {
      if (line.includes(urlOf(name))) listening()
    },
    complained: (line) => events.complained?.(titleOf(name), line),
    died: (how) => {
      events.died?.(titleOf(name), how)
      if (ready.has(name))
        untilHealthy(name, failure.signal).then(
          () => events.back?.(titleOf(name), true),
          () => events.back?.(titleOf(name), false),
        )
      else
        void isFree(ports[name]).then((free) => {
          if (!free) failure.abort(new PortLost(`${titleOf(name)}: port ${ports[name]} was taken`))
        })
    },
    gaveUp: (error) => {
      failure.abort(error)
      if (ready.has(name)) events.gaveUp?.(error)
    },
  })

  try {
    await Promise.all(names.map(start))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    urls: Object.fromEntries(names.map((name) => [name, urlOf(name)])) as Together<Name>['urls'],
    pid: (name) => running.get(name)?.pid(),
    untilHealthy,
    stop,
  }
}
