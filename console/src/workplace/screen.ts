// xterm.js as the page needs it. It draws on a canvas: its other renderer writes style elements, which the page's policy
// refuses, and so would need 'unsafe-inline'.

import { CanvasAddon } from '@xterm/addon-canvas'
import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm, type ITheme } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { pasteable } from './messages'

const kDark: ITheme = { background: '#0f141a', foreground: '#e4e8ed', cursor: '#e4e8ed', selectionBackground: '#3b4d63' }
const kLight: ITheme = {
  background: '#ffffff', foreground: '#0f141a', cursor: '#0f141a', selectionBackground: '#b8d6f5',
  black: '#0f141a', red: '#b3001b', green: '#0a6b32', yellow: '#7a5200', blue: '#0055b3', magenta: '#8a1fa0', cyan: '#00667a',
  white: '#5f6b7a', brightBlack: '#424650', brightRed: '#c4001e', brightGreen: '#0b7537', brightYellow: '#855900',
  brightBlue: '#0060c9', brightMagenta: '#9622ad', brightCyan: '#006f85', brightWhite: '#424650',
}

export interface Screen {
  write: (bytes: Uint8Array, shown: () => void) => void
  clear: () => void
  size: () => { columns: number; rows: number }
  fit: () => void
  focus: () => void
  look: (dark: boolean) => void
  readAloud: (on: boolean) => void
  dispose: () => void
}

interface Listener {
  typed: (text: string) => void
  resized: (columns: number, rows: number) => void
  leave: () => void
}

// A key that no system takes for itself.
const isLeaving = (event: KeyboardEvent) => event.ctrlKey && event.shiftKey && event.key === 'Enter'

export function openScreen(element: HTMLElement, listener: Listener): Screen {
  const terminal = new Xterm({
    cursorBlink: false, fontSize: 14, scrollback: 5000, convertEol: false, allowProposedApi: false,
    fontFamily: "Monaco, Menlo, Consolas, 'Courier Prime', 'DejaVu Sans Mono', Courier, monospace",
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new CanvasAddon())
  terminal.open(element)
  // Tab belongs to the shell, so that another key must lead out of it.
  terminal.attachCustomKeyEventHandler((event) => {
    if (!isLeaving(event)) return true
    if (event.type === 'keydown') listener.leave()
    event.preventDefault()
    return false
  })
  // What is pasted is text: an escape sequence in it could end the shell's bracketed paste, and have the rest run.
  element.addEventListener('paste', (event) => {
    event.preventDefault()
    event.stopPropagation()
    terminal.paste(pasteable(event.clipboardData?.getData('text/plain') ?? ''))
  }, true)
  terminal.onData((text) => listener.typed(text))
  terminal.onResize(({ cols, rows }) => listener.resized(cols, rows))
  return {
    write: (bytes, shown) => terminal.write(bytes, shown),
    clear: () => terminal.reset(),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    fit: () => fit.fit(),
    focus: () => terminal.focus(),
    look: (dark) => { terminal.options.theme = dark ? kDark : kLight },
    readAloud: (on) => { terminal.options.screenReaderMode = on },
    dispose: () => terminal.dispose(),
  }
}
