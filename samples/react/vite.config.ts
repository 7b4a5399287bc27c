import { defineConfig } from 'vite';

export default defineConfig({
  // Relative, so that the built pages may lie in any folder of a server.
  base: './',
  esbuild: { jsx: 'automatic' },
  build: {
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'guide.html'] },
  },
});
