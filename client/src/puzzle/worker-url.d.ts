/** Vite builds the worker as a file of its own and says where it is. */
declare module "*?worker&url" {
  const url: string;
  export default url;
}
