import { defineConfig, type Plugin } from 'vite'

// Cloudscape's styles carry their fonts as data: URLs. As files they are loaded when they are needed, and the policy
// under which the page is served need not admit data: URLs.
const fontsAsFiles: Plugin = {
  name: 'fonts-as-files',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue
      file.source = String(file.source).replace(/url\(data:font\/woff2;base64,([A-Za-z0-9+/=]+)\)/g, (_, data: string) => {
        const font = this.emitFile({ type: 'asset', name: 'font.woff2', source: Buffer.from(data, 'base64') })
        return `url(/console/${this.getFileName(font)})`
      })
    }
  },
}

export default defineConfig({
  base: '/console/',
  plugins: [fontsAsFiles],
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
