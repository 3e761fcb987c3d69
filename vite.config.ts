import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The page is served under a strict content security policy: nothing is inlined.
export default defineConfig({
  root: 'web',
  base: '/',
  // Texts of the page pass web/safe-jsx: what reorders text is written out.
  plugins: [react({ jsxImportSource: '#safe-jsx' })],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    reportCompressedSize: false,
    // One script, 200 kB compressed: it comes once, from the machine itself or from near by.
    chunkSizeWarningLimit: 1_000,
  },
});
