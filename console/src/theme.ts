import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useSyncExternalStore } from 'react'

// As the system has it, until the person chooses; the choice is kept by the browser.
const kKey = 'sallyport-theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')

export const isDark = () => {
  const chosen = localStorage.getItem(kKey)
  return chosen ? chosen === 'dark' : system.matches
}

const watchers = new Set<() => void>()

function apply() {
  applyMode(isDark() ? Mode.Dark : Mode.Light)
  for (const watcher of watchers) watcher()
}

const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export const useDark = () => useSyncExternalStore(watch, isDark)

export function startTheme() {
  apply()
  system.addEventListener('change', apply)
}

export function chooseDark(dark: boolean) {
  localStorage.setItem(kKey, dark ? 'dark' : 'light')
  apply()
}
