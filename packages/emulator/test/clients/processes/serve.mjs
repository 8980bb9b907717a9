// The other end of LineProcess: a line of JSON tells a flow, one answers, and a person may be asked in between.
import { createInterface } from 'node:readline'

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

/** What a person gives. */
export async function ask(name, value) {
  write({ ask: name, value })
  return JSON.parse((await lines.next()).value)
}

/** Runs flows until nobody asks for any. */
export async function serve(flows) {
  for await (const line of { [Symbol.asyncIterator]: () => lines }) {
    const { flow, input } = JSON.parse(line)
    try {
      write({ result: await flows[flow](input) })
    } catch (error) {
      write({ failure: String(error?.stack ?? error) })
    }
  }
}
