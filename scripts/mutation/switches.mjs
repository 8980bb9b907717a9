// A source with all of its faults built in, each behind a switch: `globalThis.faultIsOn(number)`.

/**
 * Builds every fault into a text. Faults of one place share it; places lie within one another or apart, never across.
 *
 * @param {string} text
 * @param {readonly (import('./faults.mjs').Fault & { readonly number: number })[]} faults
 */
export function buildSwitches(text, faults) {
  const places = groupByPlace(faults)
  return build(0, text.length, places)

  /** The text from `start` to `end` with the places that lie in it, outermost first. */
  function build(start, end, inside) {
    let built = ''
    let at = start
    for (let index = 0; index < inside.length;) {
      const place = inside[index]
      const next = inside.findIndex((other, later) => later > index && other.start >= place.end)
      const nested = inside.slice(index + 1, next === -1 ? inside.length : next)
      built += text.slice(at, place.start) + wrap(place, build(place.start, place.end, nested))
      at = place.end
      index += 1 + nested.length
    }
    return built + text.slice(at, end)
  }
}

function groupByPlace(faults) {
  const places = new Map()
  for (const fault of faults) {
    const key = `${fault.start}-${fault.end}-${fault.isStatement}`
    const known = places.get(key)
    if (known === undefined) places.set(key, { ...fault, faults: [fault] })
    else known.faults.push(fault)
  }
  return [...places.values()].sort(
    (a, b) => a.start - b.start || b.end - a.end || Number(b.isStatement) - Number(a.isStatement),
  )
}

function wrap({ faults, isStatement }, original) {
  const isOn = ({ number }) => `globalThis.faultIsOn?.(${number})`
  // In a block of its own, or an `else` behind it would be taken for that of the switch.
  if (isStatement) return `{ if (!${isOn(faults[0])}) { ${original} } }`
  const chain = faults.map((fault) => `${isOn(fault)} ? (${fault.replacement}) : `).join('')
  return `(${chain}(${original}))`
}
