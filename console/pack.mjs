// node pack.mjs DIST OUT: compresses what vite built in DIST, and writes into OUT the C++ and the assembly that carry it
// in the binary: console_files.cc, console_files.S and the compressed files.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

const [dist, out] = process.argv.slice(2)
if (!dist || !out) throw new Error('usage: node pack.mjs DIST OUT')

const kTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}

function* filesUnder(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesUnder(path)
    else yield path
  }
}

const zipped = join(out, 'gzip')
rmSync(zipped, { recursive: true, force: true })
mkdirSync(zipped, { recursive: true })

const rows = []
const symbols = []
const blobs = []

// Defines the symbols `name` and `name_end` around the file's bytes.
function blob(name, path) {
  blobs.push(`.global ${name}\n.global ${name}_end\n${name}:\n.incbin "${path}"\n${name}_end:\n.byte 0\n`)
  symbols.push(`extern const char ${name}[];\nextern const char ${name}_end[];\n`)
  return `bytes_of(${name}, ${name}_end)`
}

for (const path of filesUnder(dist)) {
  const name = relative(dist, path).split(sep).join('/')
  const type = kTypes[extname(path)]
  if (!type) throw new Error(`${name}: no content type is known for it`)
  const bytes = readFileSync(path)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  const symbol = `sallyport_console_${rows.length}`
  const plain = blob(symbol, path)
  const small = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })
  let packed = '{}'
  if (small.length < bytes.length * 0.95) {
    const place = join(zipped, `${rows.length}.gz`)
    writeFileSync(place, small)
    packed = blob(`${symbol}_gzip`, place)
  }
  rows.push(`      {"${name}", "${type}", "${hash}", ${plain}, ${packed}},\n`)
}

writeFileSync(join(out, 'console_files.S'),
  `.section .rodata\n${blobs.join('')}.section .note.GNU-stack,"",@progbits\n`)
writeFileSync(join(out, 'console_files.cc'), `#include "app/console_files.h"

#include <array>
#include <cstddef>

extern "C" {
${symbols.join('')}}

namespace sallyport::app {

namespace {

std::string_view bytes_of(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

std::span<const api::ConsoleFile> console_files() {
  static const auto files = std::to_array<api::ConsoleFile>({
${rows.join('')}  });
  return files;
}

}  // namespace sallyport::app
`)
