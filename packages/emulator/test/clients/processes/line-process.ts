// A client that runs in a process of its own: it is told a flow by a line of JSON, may ask for what a person does, and answers by one.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Json } from '../../scenario.ts'

/** What the process writes: a question to a person, the result, or the failure. */
interface Line {
  readonly ask?: string
  readonly value?: string
  readonly result?: Json
  readonly failure?: string
}

/** Answers what the process asks for. */
export type Answers = Readonly<Record<string, (value: string) => Promise<string>>>

export class LineProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #errors = ''

  constructor(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(program, args, { env: { ...process.env, ...env } })
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString('utf8')))
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Runs a flow. One at a time. */
  async run(flow: string, input: Json, answers: Answers = {}): Promise<Json> {
    this.#write({ flow, input })
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done === true) throw new Error(`the process ended: ${this.#errors}`)
      const { ask, value: question = '', result, failure } = JSON.parse(value) as Line
      if (failure !== undefined) throw new Error(failure)
      if (ask === undefined) return result ?? {}
      this.#write((await answers[ask]?.(question)) ?? null)
    }
  }

  async stop(): Promise<void> {
    this.#child.stdin.end()
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
  }

  #write(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`)
  }
}
