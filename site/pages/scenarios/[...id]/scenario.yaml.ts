/** The file that a scenario is read from, as it is: also of those that have no page of their own, as they are searched and not run. */
const sources = import.meta.glob<string>('../../../../scenarios/**/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const getStaticPaths = () =>
  Object.entries(sources).map(([path, source]) => ({
    params: { id: path.replace(/^.*\/scenarios\//, '').replace(/\.yaml$/, '') },
    props: { source },
  }));

export const GET = ({ props }: { readonly props: { readonly source: string } }): Response =>
  new Response(props.source, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
