import { defineConfig } from 'vite';

// The server that `npm run dev` and `npm run preview` show; ./trm serve listens there.
const target = process.env.TRM_SERVER ?? 'http://localhost:8000';
const proxy = { '/api': { target, changeOrigin: true }, '/ws': { target, changeOrigin: true, ws: true } };

export default defineConfig({
  // Relative, so that the page also works below a proxy's path.
  base: './',
  build: {
    target: 'es2022',
    // The server's policy allows files of its own and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy },
  preview: { proxy },
});
