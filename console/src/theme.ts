import { applyMode, Mode } from '@cloudscape-design/global-styles'

// As the system has it, until the person chooses; the choice is kept by the browser.
const kKey = 'sallyport-theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')

export const isDark = () => {
  const chosen = localStorage.getItem(kKey)
  return chosen ? chosen === 'dark' : system.matches
}

const apply = () => applyMode(isDark() ? Mode.Dark : Mode.Light)

export function startTheme() {
  apply()
  system.addEventListener('change', apply)
}

export function chooseDark(dark: boolean) {
  localStorage.setItem(kKey, dark ? 'dark' : 'light')
  apply()
}
