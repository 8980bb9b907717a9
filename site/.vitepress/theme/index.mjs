// VitePress's own theme with the project's colours and type, and no fonts to load.
import DefaultTheme from 'vitepress/theme-without-fonts'
import '../../../packages/emulator/assets/tokens.css'
import './colours.css'
import './document.css'
import './tables.css'
import './code.css'
import './home.css'
import './search.css'
import Layout from './Layout.vue'
import Tasks from './Tasks.vue'

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component('Tasks', Tasks)
  },
}
