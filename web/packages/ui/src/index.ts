export { KeyHint } from "./KeyHint";
export { EmptyState, ErrorState } from "./Notice";
export { Panel, type PanelProps } from "./Panel";
export { type Level, StateMark, type StateMarkProps } from "./StateMark";
export { antdThemeOf, type ThemeName } from "./theme";
export { ThemeProvider, type ThemeProviderProps } from "./ThemeProvider";
export { ToolButton, type ToolButtonProps } from "./ToolButton";
