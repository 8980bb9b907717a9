// A message is heard once, soon after it was sent, and never by its sender: a captured one is worth nothing when it is sent again.
import type { Clock } from '../../kernel/time/clock.ts'
import type { Later } from '../../kernel/time/later.ts'
import { type Subscribe, shareSubscription } from '../../token-cache/share-subscription.ts'
import type { TokenStore } from '../../token-cache/store.ts'

/** Publishes and subscribes, as a sealed store does: what is heard was written by one of us, but maybe not now. */
export interface SealedMessages {
  readonly publish: NonNullable<TokenStore['publish']>
  readonly subscribe: Subscribe
}

/** What is handed in. */
export interface FreshMessagePorts {
  readonly clock: Clock
  /** Told why a message was not listened to. */
  readonly report: (why: string) => void
  /** Told that subscribing failed, once until it has succeeded. */
  readonly deaf: (error: unknown) => void
  readonly later: Later
}

/** How long after subscribing has failed it is tried again: as long as a connection that fell silent goes unnoticed. */
export const retryAfterMs = 5000

/** How far the instant of a message may be from ours: as far as clocks may differ for tokens. */
const windowMs = 300_000

/** How many messages are remembered as heard: as many as can be told to be old. */
const maxRemembered = 10_000

/** Version included: a process of another version is not understood rather than misunderstood. */
const pattern = /^2 ([\w-]{1,64}) (\d{1,15}) (\d{1,15}) (.*)$/s

/**
 * Puts sender, number and instant into every message, inside the seal, and listens to each once.
 *
 * Beyond 10 000 messages in five minutes the oldest of them could be sent again and be heard. Whoever can write to the store can still
 * keep messages from arriving; the clocks of processes may differ by five minutes.
 */
export function freshMessages(
  { publish, subscribe }: SealedMessages,
  { clock, report, deaf, later }: FreshMessagePorts,
): SealedMessages {
  const sender = crypto.randomUUID()
  const heard = new Set<string>()
  let sent = 0

  return {
    publish(text) {
      sent += 1
      return publish(`2 ${sender} ${sent} ${Math.floor(clock.nowMs())} ${text}`)
    },
    // Shared, so that each message is opened and judged once, however many listen.
    subscribe: shareSubscription(
      (hear, begun) =>
        subscribe((message) => {
          const text = judge(message)
          if (text !== undefined) hear(text)
        }, begun),
      { pauseMs: retryAfterMs, later, failed: deaf },
    ),
  }

  function judge(message: string): string | undefined {
    const [, from, number, sentAtMs, text] = pattern.exec(message) ?? []
    if (from === undefined || text === undefined || from === sender) return undefined
    const differenceMs = Math.abs(clock.nowMs() - Number(sentAtMs))
    if (differenceMs > windowMs) {
      const seconds = Math.round(differenceMs / 1000)
      report(
        `it was sent ${seconds} s from now: somebody sends it again, or the clocks of two processes differ`,
      )
      return undefined
    }
    const name = [from, number].join(' ')
    if (heard.has(name)) {
      report('it was heard before: somebody sends it again')
      return undefined
    }
    remember(name)
    return text
  }

  function remember(name: string): void {
    heard.add(name)
    if (heard.size <= maxRemembered) return
    for (const oldest of heard) {
      heard.delete(oldest)
      return
    }
  }
}
