// The script of the request log, on a page of the fewest elements: what a row says.
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { readAsset } from '../../src/ui/assets.ts'

/** As much of an element as the script uses. */
class FakeElement {
  children: unknown[] = []
  className = ''
  textContent = ''
  hidden = false
  readonly dataset: Record<string, string> = {}
  append(...children: unknown[]): void {
    this.children.push(...children)
  }
  replaceChildren(...children: unknown[]): void {
    this.children = children
  }
  addEventListener(): void {
    // Nobody presses anything here.
  }
  get text(): string {
    const inside = this.children.map((child) => (child instanceof FakeElement ? child.text : String(child)))
    return `${this.textContent}${inside.join('')}`
  }
}

const names = { blueprint: 'Assistant blueprint', agent: 'Contoso Assistant', daemon: 'Daemon' }

/** The cells that tell the client, one for each logged request. */
async function clientsOf(entries: readonly object[]): Promise<readonly string[]> {
  const elements = new Map<string, FakeElement>()
  const getElementById = (id: string): FakeElement => {
    const element = elements.get(id) ?? new FakeElement()
    elements.set(id, element)
    return element
  }
  Object.assign(getElementById('requests').dataset, {
    requestsUrl: '/requests',
    maximum: '200',
    applicationNames: JSON.stringify(names),
  })
  const document = {
    hidden: false,
    getElementById,
    addEventListener: () => undefined,
    createElement: () => new FakeElement(),
  }
  const fetch = () => Promise.resolve({ ok: true, json: () => Promise.resolve({ requests: entries }) })
  // It waits for its next look as soon as the first is over.
  await new Promise<void>((resolve) => {
    const globals = { document, fetch, setTimeout: resolve, clearTimeout: () => undefined, AbortSignal }
    runInNewContext(readAsset('request-log.js')!.body.toString(), globals)
  })
  return getElementById('log-rows').children.flatMap((row) =>
    (row as FakeElement).children
      .filter((cell) => (cell as FakeElement).className === 'client')
      .map((cell) => (cell as FakeElement).text),
  )
}

const entry = (id: string, more: object): object => ({
  id,
  time: `2026-11-27T10:00:0${id}.000Z`,
  method: 'POST',
  path: '/token',
  status: 200,
  durationMs: 1,
  ...more,
})

describe('a row of the request log', () => {
  it('names the client, and the agent for which a blueprint asks', async () => {
    const clients = await clientsOf([
      entry('1', { clientId: 'daemon' }),
      entry('2', { clientId: 'stranger' }),
      entry('3', { clientId: 'blueprint', agent: names.agent }),
      entry('4', { clientId: 'agent', agent: names.agent }),
    ])
    expect([...clients].reverse()).toEqual([
      'Daemon',
      'stranger',
      'Assistant blueprint › Contoso Assistant',
      'Contoso Assistant',
    ])
  })
})
