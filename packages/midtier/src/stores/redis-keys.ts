// The names of keys in Redis: all of a partition have one hash tag, and so one place in a cluster.
import type { Slot } from '../token-cache/store.ts'

export function entryName(prefix: string, { partition, key }: Slot): string {
  return `${prefix}${hashTag(partition)}entry:${key}`
}

export function leaseName(prefix: string, { partition, key }: Slot): string {
  return `${prefix}${hashTag(partition)}lease:${key}`
}

export function rankName(prefix: string, { partition, key }: Slot): string {
  return `${prefix}${hashTag(partition)}rank:${key}`
}

export function listName(prefix: string, partition: string): string {
  return `${prefix}${hashTag(partition)}list`
}

/** Begins with the length, so that no partition imitates another one with a key, and none is the empty tag. */
function hashTag(partition: string): string {
  return `{${partition.length}:${partition}}`
}

/** Parts of the 16 384 slots: nodes hold ranges of slots, so that nearly every part lies on one node whole. */
const parts = 64

/** The part of a cluster that holds a partition. @see Redis cluster specification, "Key distribution model" */
export function partOf(partition: string): number {
  const [tag = ''] = `${partition.length}:${partition}`.split('}') // Redis reads a tag up to the first brace
  return Math.floor(((crc16(new TextEncoder().encode(tag)) % 16_384) * parts) / 16_384)
}

/** CRC16/XMODEM, the sum by which Redis tells slots. */
function crc16(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1
    sum &= 0xffff
  }
  return sum
}
