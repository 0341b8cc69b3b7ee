import type { Plugin } from 'vite'

// Cloudscape's styles carry their fonts as data: URLs. As files they are loaded when they are needed, and the policy
// under which the page is served need not admit data: URLs.
export const fontsAsFiles: Plugin = {
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
