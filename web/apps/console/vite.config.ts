import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { reportFonts } from "./reportFonts.ts";

/** Libraries that change seldom and are needed by every page go into their own files, which browsers then keep. */
const VENDOR_GROUPS = [
  { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|react-router|react-router-dom)[\\/]/ },
  { name: "antd", test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-[a-z-]+)[\\/]/ },
  { name: "livekit", test: /node_modules[\\/]livekit-client[\\/]/ },
  { name: "konva", test: /node_modules[\\/](konva|react-konva|react-reconciler)[\\/]/ },
];

export default defineConfig({
  plugins: [react(), reportFonts()],
  // The CT decoders are ES-module workers that load WebAssembly beside themselves.
  worker: { format: "es" },
  assetsInclude: ["**/*.wasm"],
  optimizeDeps: {
    // Pre-bundling would move the loader away from its worker, which it finds relative to itself.
    exclude: ["@cornerstonejs/dicom-image-loader"],
    include: ["dicom-parser"],
  },
  build: {
    target: "es2022",
    // The CT viewer is one lazy chunk above the default limit; the pages before it stay below.
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { output: { codeSplitting: { groups: VENDOR_GROUPS } } },
  },
  server: {
    port: 5173,
    proxy: { "/api": { target: process.env.TONGTAI_URL ?? "http://127.0.0.1:8000", ws: true } },
  },
});
