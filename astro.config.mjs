import { defineConfig } from 'astro/config';
import { finishedPages } from './site/finished-pages.ts';
import { lessonZips } from './site/lesson-zip.ts';
import { workerFiles } from './site/worker-files.ts';

// Where the site will stand, for previews elsewhere (`https://example.org/hearsay/`); its own links need no address.
const site = process.env.HEARSAY_SITE;

export default defineConfig({
  ...(site === undefined ? {} : { site }),
  srcDir: './site',
  publicDir: './site/public',
  outDir: './dist',
  trailingSlash: 'always',
  build: { inlineStylesheets: 'never', format: 'directory' },
  vite: {
    build: { assetsInlineLimit: 0 },
    // A script of a component is called as the component is.
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: { entryFileNames: ({ name }) => `_astro/${name.replace(/\.astro.*/, '')}.[hash].js` },
          },
        },
      },
    },
    worker: { format: 'es', rolldownOptions: { output: { codeSplitting: workerFiles } } },
    // What a script or a sheet loads lies beside it, wherever the site stands.
    experimental: {
      renderBuiltUrl: (_name, { hostType }) =>
        hostType === 'js' || hostType === 'css' ? { relative: true } : undefined,
    },
  },
  devToolbar: { enabled: false },
  integrations: [lessonZips(), finishedPages(site)],
});
