import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const kModules = '/node_modules/'
const kNotices = /^(licen[cs]e|notice|copying|third-party)/i

// The folder of the package that a module is part of; nothing for the console's own.
function packageOf(id: string): string | undefined {
  const at = id.lastIndexOf(kModules)
  if (at < 0) return undefined
  const [scope = '', name = ''] = id.slice(at + kModules.length).split('/')
  return id.slice(id.indexOf('/'), at + kModules.length) + (scope.startsWith('@') ? `${scope}/${name}` : scope)
}

function noticesOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  const texts = readdirSync(folder).filter((file) => kNotices.test(file)).sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim())
  return [`${String(name)} ${String(version)} (${String(license)})`, ...texts].join('\n\n')
}

// Writes licenses.txt: the licenses and notices of every package of which the bundle holds a part.
export const licenses: Plugin = {
  name: 'licenses',
  generateBundle() {
    const folders = new Set([...this.getModuleIds()].map(packageOf).filter((folder) => folder !== undefined))
    const source = [...folders].sort().map(noticesOf).join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
    this.emitFile({ type: 'asset', fileName: 'licenses.txt', source })
  },
}
