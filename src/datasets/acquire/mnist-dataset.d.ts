/** The one function used of the package `mnist-dataset`, which has no types of its own. */
declare module 'mnist-dataset' {
  /** Passes its argument to `http.get` and resolves to the unpacked body. */
  export function gunzipUrl(url: string | URL | import('node:http').RequestOptions): Promise<Buffer>;
}
