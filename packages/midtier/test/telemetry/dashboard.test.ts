// The dashboard and the alert rules ask for metrics that there are, by labels that they have.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { instruments } from '../../src/telemetry/metrics.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')

/** As exporters of OpenTelemetry name them, some with the unit at the end. */
const exported = instruments.flatMap(([kind, name]) => {
  const plain = name.replaceAll('.', '_')
  return kind === 'counter' ? [`${plain}_total`] : [`${plain}(_seconds)?_bucket`, `${plain}(_seconds)?_count`]
})
const attributes = [...read('telemetry.md').matchAll(/`((?:midtier|http|error)\.[\w.]+)`/g)]
const labels = new Set(attributes.map(([, name = '']) => name.replaceAll('.', '_')))

describe.each(['telemetry/dashboard.json', 'telemetry/alerts.yml'])('docs/%s', (name) => {
  const text = read(name)

  it('asks for metrics that there are', () => {
    const asked = new Set(text.match(/\bmidtier_\w+(?:\(_seconds\)\?)?_(?:total|bucket|count)\b/g))
    expect(asked.size).toBeGreaterThan(5)
    expect([...asked].filter((metric) => !exported.includes(metric))).toEqual([])
  })

  it('tells apart by labels that they have', () => {
    const withoutMetrics = text.replaceAll(/\bmidtier_\w+(?:\(_seconds\)\?)?_(?:total|bucket|count)\b/g, '')
    const ofLabels = withoutMetrics.match(/\b(?:midtier_\w+|error_type|http_\w+)\b/g) ?? []
    expect(ofLabels.length).toBeGreaterThan(5)
    expect(ofLabels.filter((label) => !labels.has(label))).toEqual([])
  })
})

it('the dashboard shows every metric', () => {
  const text = read('telemetry/dashboard.json')
  const unseen = instruments.filter(([, name]) => !text.includes(name.replaceAll('.', '_')))
  expect(unseen).toEqual([])
})
