import { useEffect } from "react";

/** Printing the page prints the plan book: it has the state, the names and the hash on every page. */
export function useBookOnPrint(url: string): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      window.open(url, "_blank", "noopener");
    };
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [url]);
}
