import { defineConfig } from 'vite';

// The program in few files: loading hundreds of small ones took longer than most of what it is asked for. Of the
// libraries those are taken in that are many files each; the others stay where npm puts them.
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20.19',
    minify: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: { 'cli/main': 'src/cli/main.ts', 'ingest/decode-worker': 'src/ingest/decode-worker.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: {
    noExternal: [
      '@duckdb/node-api',
      'typebox',
      'hyparquet',
      'hyparquet-writer',
      'prom-client',
      '@opentelemetry/api',
      '@fastify/swagger',
      'yaml',
      'markdown-it',
      'linkify-it',
      'mdurl',
      'uc.micro',
      'entities',
      'punycode.js',
      'ipaddr.js',
      'commander',
      'picomatch',
      'tinyglobby',
      'fdir',
      'mmdb-lib',
    ],
  },
});
