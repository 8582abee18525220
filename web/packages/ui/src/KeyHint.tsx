/** The key that does the same as the control beside it. Screen readers get it from `aria-keyshortcuts` there. */
export function KeyHint({ children }: { readonly children: string }) {
  return (
    <kbd className="tt-key" aria-hidden="true">
      {children}
    </kbd>
  );
}
