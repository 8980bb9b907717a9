// The rail: every section of the portal, how much there is of it, and in amber what is not normal. Narrow screens open it by a button.
import type { JSX } from 'hono/jsx/jsx-runtime'
import { usePageContext } from '../ui/page-context.tsx'
import { railGroups, type Section } from './sections.ts'

/** The sections that an amber mark stands for. */
const subjects: Readonly<Partial<Record<Section, string>>> = {
  policies: 'policy',
  faults: 'fault',
  clock: 'clock',
}

/** A popover on narrow screens, which needs no script; a column beside the page on wide ones. */
export function Rail({ current }: { readonly current: Section | undefined }): JSX.Element {
  return (
    <>
      <button class="rail-button" type="button" popovertarget="rail">
        Menu
      </button>
      <nav class="rail" id="rail" aria-label="Portal" popover="auto">
        {railGroups.map(({ title, sections }) => (
          <section aria-label={title}>
            <p class="rail-title" aria-hidden="true">
              {title}
            </p>
            <ul>
              {sections.map(({ section, label, href }) => (
                <li>
                  <a href={href} aria-current={section === current ? 'page' : undefined}>
                    <span>{label}</span>
                    <RailCount section={section} />
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  )
}

function RailCount({ section }: { readonly section: Section }): JSX.Element {
  const { counts, deviations } = usePageContext()
  const count = counts[section]
  if (count === undefined) return <></>
  const isHot = deviations.some(({ subject }) => subject === subjects[section])
  return <span class={isHot ? 'rail-count hot' : 'rail-count'}>{count}</span>
}
