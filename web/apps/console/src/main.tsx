import "@tongtai/ui/styles.css";
import "./shell/shell.css";
import "./i18n";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ApiError } from "@tongtai/api-client";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router-dom";

import { router } from "./routes";
import { PreferencesProvider } from "./shell/preferences";

const MAX_RETRIES = 2;

// A refusal does not become a permission by asking again; only a cut connection is worth a retry.
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < MAX_RETRIES && !(error instanceof ApiError && error.status > 0),
      staleTime: 5_000,
    },
  },
});

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <PreferencesProvider>
        <RouterProvider router={router} />
      </PreferencesProvider>
    </QueryClientProvider>
  </StrictMode>,
);
