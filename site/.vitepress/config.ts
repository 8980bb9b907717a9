// The site: what is in docs/, an index page, and the API pages that typedoc makes of the sources. Nothing of it is loaded from elsewhere.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { descriptionOf } from './description.ts'
import { emptyHeaders } from './empty-headers.ts'
import { htmlImages } from './html-images.ts'
import { base, repositoryUrl } from './place.ts'
import { repositoryLinks } from './repository-links.ts'
import { apiSidebar, sidebar } from './sidebar.ts'
import { slug } from './slug.ts'
import { syntax } from './syntax.ts'
import { withoutScripts } from './without-scripts.ts'

const favicon = readFileSync(new URL('./favicon.svg', import.meta.url), 'utf8').trim()

// Where pages lie in the repository, and where on the site.
const homes: readonly (readonly [folder: string, place: string])[] = [
  ['docs/', ''],
  ['site/build/api/', 'api/'],
  ['site/', ''],
]

export default defineConfig({
  base,
  lang: 'en',
  title: 'midtier',
  description: 'The identity layer for web APIs that call web APIs, on Node.js and TypeScript',
  srcDir: '..',
  srcExclude: ['*.md', '{artifacts,benchmarks,examples,packages,scripts}/**', 'site/test/**'],
  outDir: 'dist',
  cacheDir: 'build/cache',
  rewrites(path) {
    const [folder, place] = homes.find(([each]) => path.startsWith(each)) ?? ['', '']
    return place + path.slice(folder.length)
  },
  head: [
    [
      'link',
      { rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml,${encodeURIComponent(favicon)}` },
    ],
    ['noscript', {}, `<style>${withoutScripts}</style>`],
  ],
  appearance: 'force-auto', // the colours are those of the pages of the emulator, which follow the system too
  metaChunk: true, // else every page carries the whole sidebar once more
  router: { prefetchLinks: false },
  transformPageData(page, { siteConfig }) {
    if (page.relativePath.startsWith('api/')) page.frontmatter['pageClass'] = 'api-page'
    page.description ||= descriptionOf(siteConfig.srcDir, page.filePath)
  },
  markdown: {
    theme: syntax,
    anchor: { slugify: slug },
    image: { lazyLoading: true },
    config: (md) => md.use(repositoryLinks).use(htmlImages).use(emptyHeaders),
  },
  vite: {
    resolve: {
      alias: [
        {
          find: /^.*\/VPLocalSearchBox\.vue$/,
          replacement: fileURLToPath(new URL('./theme/SearchBox.vue', import.meta.url)),
        },
      ],
    },
  },
  themeConfig: {
    siteTitle: 'midtier',
    nav: [
      { text: 'Start', link: '/quick-start' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Source', link: repositoryUrl },
    ],
    sidebar: { '/': sidebar, ...apiSidebar() },
    outline: [2, 3],
    externalLinkIcon: true,
    search: { provider: 'local' },
  },
})
