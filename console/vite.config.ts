import { defineConfig } from 'vite'
import { fontsAsFiles } from './build/fonts-as-files'
import { licenses } from './build/licenses'

export default defineConfig({
  base: '/console/',
  plugins: [fontsAsFiles, licenses],
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    // The policy under which the page is served admits no data: URL of a script, a style or a font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      onwarn(warning, warn) {
        // "use client" is for servers that render pages.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
      },
    },
  },
  server: {
    // `vite` alone serves the sources and hands everything else to a Sallyport on this machine.
    proxy: { '^/(?!console/)': 'http://127.0.0.1:8787', '/console/settings.json': 'http://127.0.0.1:8787' },
  },
})
