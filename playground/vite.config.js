export default {
  // Absolute, because the page is served at /graphiql with and without a slash at the end.
  base: '/graphiql/',
  // The workers are modules.
  worker: { format: 'es' },
  build: {
    // No file becomes a data URI, because the page's policy allows scripts from files only.
    assetsInlineLimit: 0,
    // The licence notices of all that is bundled, served along with it.
    license: { fileName: 'licenses.md' },
    // The code editor is that large.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      // Drops hundreds of warnings about "use client" directives, which mean nothing here.
      onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
    },
  },
}
