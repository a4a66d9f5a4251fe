import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { shell } from './shell.ts'

const walletPages = ['watch', 'studio', 'tournament']
const pages = [...walletPages, 'overlay']

export default defineConfig({
  plugins: [react(), shell(walletPages)],
  build: {
    target: 'es2023',
    // The content security policy allows no data: scripts, and everything is served with a name that never changes.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, `${page}/index.html`])),
    },
  },
})
